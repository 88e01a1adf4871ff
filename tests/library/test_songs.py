import os
import threading
from pathlib import Path

import pytest

from tests.audio.sounds import burst, write
from yulelight.core.errors import CommandError
from yulelight.library.songs import MAX_DEPTH, Library


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"no music")
    return path


def test_songs_are_found_named_and_sorted(tmp_path: Path) -> None:
    for name in (
        "b.mp3",
        "a/Z.FLAC",
        "a/b/c.ogg",
        "cover.jpg",
        "notes.txt",
        ".hidden.mp3",
        ".git/x.mp3",
        "noend",
    ):
        touch(tmp_path / name)
    (tmp_path / "folder.mp3").mkdir()
    os.mkfifo(tmp_path / "pipe.mp3")
    songs = Library([tmp_path]).scan()
    assert [found.path.relative_to(tmp_path).as_posix() for found in songs] == [
        "a/Z.FLAC",
        "a/b/c.ogg",
        "b.mp3",
    ]
    assert [found.song.title for found in songs] == ["Z", "c", "b"]


@pytest.mark.parametrize(
    "folder",
    [
        "$RECYCLE.BIN/S-1-5",
        "#recycle",
        "@eaDir",
        "@Recycle",
        "@__thumb",
        ".Trash-1000/files",
        "lost+found",
        "System Volume Information",
        "RECYCLER",
        "#snapshot/2026",
        "__MACOSX",
    ],
)
def test_deleted_songs_and_thumbnails_are_no_songs(tmp_path: Path, folder: str) -> None:
    for place in (tmp_path, tmp_path / "Xmas"):
        touch(place / folder / "gone.mp3")
    kept = touch(tmp_path / "#1 Hits" / "@ home.mp3")
    assert [found.path for found in Library([tmp_path]).scan()] == [kept]


def test_tags_and_durations(tmp_path: Path) -> None:
    write(tmp_path / "Gruber - Stille Nacht.wav", burst())
    song = Library([tmp_path]).scan()[0].song
    assert (song.title, song.artist, song.duration) == ("Stille Nacht", "Gruber", 3.0)


def test_ids_are_stable_url_safe_and_do_not_depend_on_where_the_folder_lies(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        touch(tmp_path / folder / "sub" / "ünï ?.mp3")
    first, again, moved = (Library([tmp_path / folder]).scan()[0].song.id for folder in ("one", "one", "two"))
    assert first == again == moved
    assert len(first) == 16
    assert int(first, 16) >= 0


def test_find(tmp_path: Path) -> None:
    path = touch(tmp_path / "a.mp3")
    song = Library([tmp_path]).scan()[0].song
    library = Library([tmp_path])
    assert library.find(song.id).path == path
    for unknown in ("", "0" * 16, "../../etc/passwd", str(path)):
        with pytest.raises(CommandError, match="no such song"):
            library.find(unknown)
    path.unlink()
    library.scan()
    with pytest.raises(CommandError):
        library.find(song.id)


def test_single_files_come_last_whatever_their_name(tmp_path: Path) -> None:
    folder = tmp_path / "music"
    inside, outside = touch(folder / "a.mp3"), touch(tmp_path / "carol.bin")
    library = Library([folder], [outside, tmp_path / "gone.ogg", folder])
    assert [found.path for found in library.scan()] == [inside, outside]


def test_missing_and_twice_named_folders(tmp_path: Path) -> None:
    touch(tmp_path / "a.mp3")
    assert len(Library([tmp_path, tmp_path / "gone", tmp_path]).scan()) == 1
    assert Library([]).scan() == []
    assert Library([tmp_path / "a.mp3"]).scan() == []


def test_songs_of_a_folder_that_vanishes_are_remembered(tmp_path: Path) -> None:
    """A disk pulled out leaves no folder, a share that is not mounted an empty one."""
    stick, other = tmp_path / "stick", tmp_path / "other"
    song = touch(stick / "a" / "x.mp3")
    touch(other / "y.mp3")
    index = tmp_path / "index.json"
    library = Library([stick, other], index=index)
    found = next(found for found in library.scan() if found.path == song)
    library.note(found, content="c" * 32)
    assert library.missing == () and library.absent() == ()
    for gone in (lambda: stick.rename(tmp_path / "away"), stick.mkdir):
        gone()
        for now in (library, Library([stick, other], index=index)):
            assert [found.path.name for found in now.scan()] == ["y.mp3"]
            assert now.missing == (stick,)
            (absent,) = now.absent()
            assert (absent.song.id, absent.content, absent.path) == (found.song.id, "c" * 32, song)
            now.save()
    stick.rmdir()
    (tmp_path / "away").rename(stick)
    for now in (library, Library([stick, other], index=index)):
        now.scan()
        assert now.find(found.song.id).content == "c" * 32
        assert now.missing == () and now.absent() == ()


def test_a_folder_whose_songs_were_taken_out_is_not_missing(tmp_path: Path) -> None:
    song = touch(tmp_path / "music" / "x.mp3")
    touch(tmp_path / "music" / "y.mp3")
    library = Library([tmp_path / "music"])
    library.scan()
    song.unlink()
    assert len(library.scan()) == 1
    assert library.missing == () and library.absent() == ()
    assert Library([tmp_path / "nowhere", tmp_path / "music"]).missing == ()  # nobody looked yet


def test_links_are_followed_but_never_in_circles(tmp_path: Path) -> None:
    touch(tmp_path / "a" / "song.mp3")
    touch(tmp_path / "elsewhere.mp3")
    music = tmp_path / "music"
    music.mkdir()
    (music / "linked").symlink_to(tmp_path / "a")
    (music / "again").symlink_to(tmp_path / "a")
    (music / "up").symlink_to(music)
    (music / "self.mp3").symlink_to(music / "self.mp3")
    (music / "one.mp3").symlink_to(tmp_path / "elsewhere.mp3")
    (tmp_path / "a" / "back").symlink_to(music)
    found = [song.path.relative_to(music).as_posix() for song in Library([music]).scan()]
    assert found == ["again/song.mp3", "one.mp3"]


def test_depth_is_bounded(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(MAX_DEPTH):
        deep /= "d"
    touch(deep / "in.mp3")
    touch(deep / "d" / "out.mp3")
    assert [song.song.title for song in Library([tmp_path]).scan()] == ["in"]


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path = touch(tmp_path / "a.wav")
    library = Library([tmp_path])
    assert library.scan()[0].song.duration == 0
    write(path, burst())
    assert library.scan()[0].song.duration == 3.0


def test_scans_and_finds_at_the_same_time(tmp_path: Path) -> None:
    for number in range(30):
        touch(tmp_path / f"{number}.mp3")
    library = Library([tmp_path])
    ids = [song.song.id for song in library.scan()]
    failures: list[Exception] = []

    def work() -> None:
        try:
            for id_ in ids:
                library.scan()
                library.find(id_)
        except Exception as error:  # noqa: BLE001
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
