"""Playlists as files: edited here, edited elsewhere, with songs that come and go."""

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yulelight.core.errors import UsageError, YulelightError
from yulelight.core.messages import Repeat, Song
from yulelight.library.playlists import (
    Announcement,
    Change,
    NoSuchPlaylist,
    Playlists,
    Scene,
)
from yulelight.library.songs import LibrarySong
from yulelight.library.stations import StationEntry, Stations
from yulelight.library.steps import Step, parse_step, read_step, step_json, write_step


class House:
    """A music folder, what the library knows of it, and the lists beside it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.music = home / "music"
        self.music.mkdir()
        self.folder = home / "lists"
        self.known: Sequence[LibrarySong] = []
        self.lists = Playlists(self.folder, lambda: self.known)

    def songs(self, *names: str) -> None:
        self.known = [
            LibrarySong(Song(f"id{k}", Path(name).stem, "Trad.", 60.0 + k), self.music / name)
            for k, name in enumerate(names)
        ]

    def write(self, name: str, text: str | bytes) -> None:
        self.folder.mkdir(exist_ok=True)
        (self.folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())

    def ids(self, id: str) -> list[str]:
        return [item.id for item in self.lists.items(id)]


@pytest.fixture
def house(tmp_path: Path) -> House:
    house = House(tmp_path)
    house.songs("a.mp3", "Carols/b.ogg", "c.flac")
    return house


def _ids(songs: Sequence[LibrarySong | StationEntry]) -> list[str]:
    return [song.song.id for song in songs if isinstance(song, LibrarySong)]


def test_a_list_is_made_shown_and_deleted(house: House) -> None:
    assert house.lists.summaries() == []
    house.lists.save("Evening", Change(["id0", "id2"]))
    (summary,) = house.lists.summaries()
    assert (summary.id, summary.songs, summary.duration, summary.missing) == ("Evening", 2, 122.0, 0)
    found = house.lists.load("Evening")
    assert _ids(found.songs) == ["id0", "id2"]
    assert (found.missing, found.pre, found.post, found.shuffle, found.repeat) == ((), (), (), False, "off")
    house.lists.delete("Evening")
    assert house.lists.summaries() == [] and not list(house.folder.iterdir())
    with pytest.raises(NoSuchPlaylist):
        house.lists.load("Evening")


def test_places_are_added_moved_and_removed(house: House) -> None:
    house.lists.save("x", Change([]))
    house.lists.add("x", ["id0", "id1"])
    house.lists.add("x", ["id2"], at=1)
    assert house.ids("x") == ["id0", "id2", "id1"]
    house.lists.move("x", 0, 2)
    assert house.ids("x") == ["id2", "id1", "id0"]
    house.lists.remove("x", 1)
    assert house.ids("x") == ["id2", "id0"]
    lists = house.lists
    refused: tuple[Callable[[], object], ...] = (
        lambda: lists.remove("x", 2),
        lambda: lists.remove("x", -1),
        lambda: lists.remove("y", 0),
        lambda: lists.move("x", 0, 2),
        lambda: lists.add("x", ["id0"], at=3),
        lambda: lists.add("x", ["nobody"]),
    )
    for wrong in refused:
        with pytest.raises(NoSuchPlaylist):
            wrong()
    assert house.ids("x") == ["id2", "id0"]


def test_steps_and_dials_are_kept_in_the_file(house: House) -> None:
    pre = (Scene("off", 5.0), Announcement("id1"))
    house.lists.save("x", Change(["id0"], pre, (Scene((0, 255) * 4, 1.5),), True, Repeat.ALL))
    house.lists.save("x", Change(songs=["id2"]))
    found = house.lists.load("x")
    assert found.pre == pre and found.post == (Scene((0, 255) * 4, 1.5),)
    assert found.shuffle and found.repeat is Repeat.ALL
    house.lists.save("x", Change(pre=[], shuffle=False, repeat=Repeat.OFF))
    found = house.lists.load("x")
    assert (found.pre, found.shuffle, found.repeat) == ((), False, Repeat.OFF) and len(found.post) == 1
    text = (house.folder / "x.m3u8").read_text()
    assert all(line.startswith("#") or line == "../music/c.flac" for line in text.splitlines())


def test_songs_that_are_gone_are_kept_and_come_back(house: House) -> None:
    house.lists.save("x", Change(["id0", "id1", "id2"]))
    everything = house.known
    house.known = everything[2:]
    first, second, third = house.lists.items("x")
    assert first.song is None and first.title == "Trad. - a" and third.song is not None
    assert house.lists.load("x").missing == ("Trad. - a", "Trad. - b")
    assert house.lists.summaries()[0].missing == 2
    # By the ids that missing places have, a client can turn the list round without losing them.
    house.lists.save("x", Change([third.id, second.id, first.id]))
    assert house.ids("x") == [third.id, second.id, first.id]
    house.known = everything
    assert house.ids("x") == ["id2", "id1", "id0"]


def test_a_list_never_reaches_beyond_the_library(house: House) -> None:
    house.write("x.m3u8", "/etc/passwd\n../../../etc/passwd\nfile:///etc/passwd\nhttp://e.example/x\n\0\n")
    found = house.lists.load("x")
    assert found.songs == ()
    assert found.missing[:3] == ("passwd",) * 3  # and never a path
    for id in ("../x", "/x", "", ".x", "x/y", "x\\y", "x\n", "x\0", " x", "x ", "a" * 65, ".."):
        with pytest.raises(UsageError):
            house.lists.save(id, Change([]))
        with pytest.raises(NoSuchPlaylist):
            house.lists.load(id)
        with pytest.raises(NoSuchPlaylist):
            house.lists.delete(id)


def test_lists_of_other_players_are_understood(house: House) -> None:
    house.songs("a.mp3", "Carols/Süß.ogg", "My Song.flac")
    real = str(house.music)
    house.write("latin.m3u", "#EXTM3U\r\n..\\music\\Carols\\Süß.ogg\r\n".encode("latin-1"))
    house.write("vlc.m3u8", "\ufeff#EXTM3U\n../music/My%20Song.flac\nfile://" + real + "/a.mp3\n")
    house.write("windows.m3u8", "D:\\Musik\\CAROLS\\süß.OGG\nD:\\Musik\\nix.mp3\n")
    house.write("inside.m3u8", "My Song.flac\nCarols/Süß.ogg\n")
    assert house.ids("latin") == ["id1"]
    assert house.ids("vlc") == ["id2", "id0"]
    assert house.ids("windows")[0] == "id1" and house.lists.load("windows").missing == ("nix",)
    assert house.ids("inside") == ["id2", "id1"]


@pytest.mark.parametrize(
    "address",
    [
        "smb://nas/music/Xmas/ok.mp3",
        "SMB://me:secret@nas/music/Xmas/ok.mp3",
        "nfs://nas/volume1/music/Xmas/ok.mp3",
        "\\\\nas\\music\\Xmas\\ok.mp3",
        "//nas/music/Xmas/ok.mp3",
        "davs://nas/dav/Xmas/ok.mp3",
        "afp://nas/Xmas/OK.mp3",
    ],
)
def test_paths_on_the_network_mean_the_song_here(house: House, address: str) -> None:
    house.songs("Xmas/ok.mp3", "Xmas/other.mp3", "Spring/also.mp3")
    house.write("Nas.m3u8", f"#EXTM3U\n{address}\n")
    assert house.ids("Nas") == ["id0"]


def test_streams_and_songs_elsewhere_on_the_network_are_not_guessed(house: House) -> None:
    house.songs("Xmas/ok.mp3")
    house.write("Nas.m3u8", "http://radio/Xmas/ok.mp3\nsmb://nas/music/Easter/ok.mp3\n")
    assert all(id.startswith("missing-") for id in house.ids("Nas"))


@pytest.mark.parametrize(
    "name",
    [
        "Mother\u2019s Carols",
        "Noël \u2013 \u201eStille Nacht\u201c",
        "100% Xmas #1 @home",
        "Carols ♥ [2026] {a}",
    ],
)
def test_any_name_that_a_person_gives_will_do(house: House, name: str) -> None:
    house.write(f"{name}.m3u8", "../music/a.mp3\n")
    assert [one.id for one in house.lists.summaries()] == [name]
    house.lists.add(name, ["id2"])
    house.lists.save(f"{name} too", Change(["id1"]))
    assert house.ids(name) == ["id0", "id2"]
    assert house.ids(f"{name} too") == ["id1"]


def test_a_name_that_cannot_be_is_said_once(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.write("What? Carols.m3u8", "../music/a.mp3\n")
    house.write(".hidden.m3u8", "../music/a.mp3\n")
    for _ in range(3):
        assert house.lists.summaries() == []
    assert [record.getMessage() for record in caplog.records if "What? Carols" in record.getMessage()] == [
        record.getMessage() for record in caplog.records
    ]
    assert len(caplog.records) == 1
    assert "rename it" in caplog.text


def test_no_guess_where_two_songs_fit(house: House) -> None:
    house.songs("One/01.mp3", "Two/01.mp3", "x.mp3")
    house.write("x.m3u8", "01.mp3\n/far/Two/01.mp3\n/far/Three/01.mp3\n/far/away/x.mp3\n")
    assert _ids(house.lists.load("x").songs) == ["id1"]


def test_links_lead_to_the_song(house: House) -> None:
    house.write("x.m3u8", f"{house.home / 'link' / 'a.mp3'}\n")
    (house.home / "link").symlink_to(house.music)
    assert house.ids("x") == ["id0"]


def test_an_old_list_goes_on_as_m3u8_and_both_are_deleted(house: House) -> None:
    house.write("x.m3u", "#PLAYLIST:Old\n../music/a.mp3\n")
    house.write("X y.M3U8", "../music/a.mp3\n")
    house.lists.add("x", ["id2"])
    assert house.ids("x") == ["id0", "id2"]
    assert "#PLAYLIST:Old" in (house.folder / "x.m3u8").read_text()
    house.lists.delete("x")
    house.lists.delete("X y")
    assert house.lists.summaries() == []


def test_what_is_no_list_is_left_alone(house: House) -> None:
    for name in (".hidden.m3u8", "x.txt", "a\nb.m3u8", "x.m3u8.bak"):
        house.write(name, "../music/a.mp3\n")
    house.write("large.m3u8", b"#" * (5 << 20))
    (house.folder / "folder.m3u8").mkdir()
    house.write("good.m3u8", "../music/a.mp3\n")
    assert [summary.id for summary in house.lists.summaries()] == ["good"]
    with pytest.raises(YulelightError, match="split it"):
        house.lists.load("large")


def test_another_file_with_the_name_of_a_list_is_told_and_left_as_it_is(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    rubbish = random.Random(1).randbytes(3000)
    house.write("rubbish.m3u8", rubbish)
    house.write("good.m3u8", "../music/a.mp3\n")
    assert [summary.id for summary in house.lists.summaries()] == ["good"]
    assert "rubbish.m3u8 is some other file" in caplog.text
    uses: tuple[Callable[[], object], ...] = (
        lambda: house.lists.add("rubbish", ["id0"]),
        lambda: house.lists.save("rubbish", Change(songs=["id0"])),
    )
    for use in uses:
        with pytest.raises(YulelightError, match="move it elsewhere"):
            use()
    assert (house.folder / "rubbish.m3u8").read_bytes() == rubbish


def test_a_change_by_another_program_shows_in_the_stamps(house: House) -> None:
    house.lists.save("x", Change(["id0"]))
    before = house.lists.stamps()
    house.write("new.m3u8", "a.mp3\n")
    house.write("x.m3u8", "b.mp3\nc.mp3\n")
    after = house.lists.stamps()
    assert before.keys() == {"x"} and after.keys() == {"x", "new"} and before["x"] != after["x"]


def test_a_disk_that_refuses_is_told(house: House) -> None:
    house.folder.write_text("a file where the folder should be")
    with pytest.raises(YulelightError, match="the playlist 'x' cannot be saved"):
        house.lists.save("x", Change(["id0"]))


def test_permissions_stay(house: House) -> None:
    house.write("x.m3u8", "a.mp3\n")
    (house.folder / "x.m3u8").chmod(0o664)
    house.lists.add("x", ["id2"])
    assert (house.folder / "x.m3u8").stat().st_mode & 0o777 == 0o664


steps: st.SearchStrategy[Step] = st.builds(
    Scene,
    st.sampled_from(["off", "on"]) | st.tuples(*[st.integers(0, 255)] * 8),
    st.floats(0, 3600),
) | st.builds(Announcement, st.text("abcdef0123456789", min_size=1, max_size=16))


@given(steps)
def test_steps_survive(step: Step) -> None:
    assert read_step(write_step(step)) == step == parse_step(step_json(step))


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=9) | st.dictionaries(
        st.sampled_from(["scene", "seconds", "announce", "x"]), inner, max_size=3),
    max_leaves=12,
)  # fmt: skip


@given(json)
def test_what_is_no_step_is_refused_in_words(value: object) -> None:
    try:
        step = parse_step(value)
    except UsageError as error:
        assert str(error)
    else:
        assert parse_step(step_json(step)) == step


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(st.sampled_from(["add", "remove", "move"]), st.integers(0, 4), st.integers(0, 4)),
        max_size=12,
    )
)
def test_edits_are_those_of_a_python_list(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[str, int, int]]
) -> None:
    house = House(tmp_path_factory.mktemp("house"))
    house.songs(*(f"{k}.mp3" for k in range(5)))
    house.lists.save("x", Change([]))
    wanted: list[str] = []
    do: dict[str, Callable[[int, int], None]] = {
        "add": lambda k, at: house.lists.add("x", [f"id{k}"], at),
        "remove": lambda k, _: house.lists.remove("x", k),
        "move": lambda k, to: house.lists.move("x", k, to),
    }
    for name, k, to in edits:
        size = len(wanted)
        if to > size if name == "add" else k >= size or (name == "move" and to >= size):
            with pytest.raises(NoSuchPlaylist):
                do[name](k, to)
            continue
        do[name](k, to)
        if name == "add":
            wanted.insert(to, f"id{k}")
        else:
            taken = wanted.pop(k)
            if name == "move":
                wanted.insert(to, taken)
    assert house.ids("x") == wanted
    assert [path.name for path in house.folder.iterdir()] == ["x.m3u8"]


def test_what_was_seen_is_meant_wherever_it_is_now(house: House, tmp_path: Path) -> None:
    stations = Stations(tmp_path / "stations.json")
    radio = stations.add("http://radio.example/live.pls", "Radio Noël").id
    lists = Playlists(house.folder, lambda: house.known, stations.all)
    lists.save("x", Change(["id0", "id1", "id0", "id2", radio, "id0"]))
    # Somebody else took the first one out, so each is one place earlier than it was seen.
    lists.remove("x", 0)
    lists.remove("x", 2, "id0")
    assert [item.id for item in lists.items("x")] == ["id1", "id2", radio, "id0"]
    lists.move("x", 4, 5, "id1")
    assert [item.id for item in lists.items("x")] == ["id2", radio, "id0", "id1"]
    lists.lengthen("x", 0, 90.0, radio)
    assert lists.items("x")[1].station == StationEntry(stations.find(radio), 90.0)
    before = (house.folder / "x.m3u8").read_bytes()
    refused: list[Callable[[], None]] = [
        lambda: lists.remove("x", 0, "id9"),
        lambda: lists.move("x", 0, 1, "id9"),
        lambda: lists.lengthen("x", 0, 90.0),
        lambda: lists.move("x", 0, 4),
    ]
    for work in refused:
        with pytest.raises(YulelightError):
            work()
    assert (house.folder / "x.m3u8").read_bytes() == before
    lists.lengthen("x", 1, 0.0)
    assert lists.items("x")[1].station == StationEntry(stations.find(radio))


def test_a_station_that_is_kept_is_part_of_a_list_for_its_time(house: House, tmp_path: Path) -> None:
    stations = Stations(tmp_path / "stations.json")
    kept = stations.add("http://radio.example/live.pls", "Radio Noël")
    lists = Playlists(house.folder, lambda: house.known, stations.all)
    lists.save("Evening", Change(["id0", StationEntry(kept, 600.0), kept.id]))
    lines = (house.folder / "Evening.m3u8").read_text().splitlines()
    assert lines[-4:] == [
        "#EXTINF:600,Radio Noël",
        "http://radio.example/live.pls",
        "#EXTINF:-1,Radio Noël",
        "http://radio.example/live.pls",
    ]
    assert lists.load("Evening").songs[1:] == (StationEntry(kept, 600.0), StationEntry(kept))
    (summary,) = lists.summaries()
    assert (summary.songs, summary.duration, summary.missing) == (3, 660.0, 0)
    lists.move("Evening", 1, 0)
    lists.save("Evening", Change([item.id for item in lists.items("Evening")][:1]))
    assert lists.load("Evening").songs == (StationEntry(kept, 600.0),)
    # The station itself is a list of one, until a list has its name.
    assert lists.load("radio noel").songs == (StationEntry(kept),)
    assert lists.load("radio noel").id == "Radio Noël"
    assert lists.names() == ["Evening", "Radio Noël"]
    stations.remove("Radio Noël")
    assert lists.load("Evening").missing == ("Radio Noël",)
    with pytest.raises(NoSuchPlaylist):
        lists.load("Radio Noël")
    with pytest.raises(NoSuchPlaylist):
        lists.add("Evening", [kept.id + "x"])
