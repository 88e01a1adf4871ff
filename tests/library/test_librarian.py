"""The librarian on real files, with its real worker process."""

import asyncio
import math
from pathlib import Path

import psutil
import pytest

from tests.audio.odd import WHOLE
from tests.library.shelf import done, make_song, shelf
from yulelight.core.errors import CommandError, YulelightError
from yulelight.library.librarian import ChangeSong, RenderSong, Rescan, Rest


def workers() -> list[psutil.Process]:
    """The rendering workers of this process."""
    found = []
    for child in psutil.Process().children():
        try:
            if "yulelight.library.worker" in child.cmdline() and child.status() != psutil.STATUS_ZOMBIE:
                found.append(child)
        except psutil.NoSuchProcess:
            continue
    return found


async def gone(patience: float = 30.0) -> None:
    async with asyncio.timeout(patience):
        while workers():
            await asyncio.sleep(0.05)


def songs(home: Path, *names: str) -> None:
    for number, name in enumerate(names):
        make_song(home / "music" / f"{name}.flac", 300 + 40 * number)


async def test_every_song_is_rendered_once_and_stays_so_over_a_restart(tmp_path: Path) -> None:
    songs(tmp_path, "a", "b")
    (tmp_path / "music" / "copy of a.flac").write_bytes((tmp_path / "music" / "a.flac").read_bytes())
    (tmp_path / "music" / "broken.mp3").write_bytes(b"no music" * 500)
    async with shelf(tmp_path) as made:
        state = await made.until(done)
        assert (state.songs, state.rendered, state.message) == (4, 3, "")
        assert state.cache_bytes == sum(path.stat().st_size for path in (tmp_path / "shows").iterdir())
        assert len(list((tmp_path / "shows").iterdir())) == 2  # copies share a show
        assert made.library.duplicates(made.named("a")) == [made.named("copy of a").song.id]
        assert "not music" in made.named("broken").problem
        show = made.shows.kept(made.named("b"))
        assert show is not None
        assert show.duration == pytest.approx(3.5, abs=0.1)
        await gone()  # nothing to do: no process
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "shows").iterdir()}
    async with shelf(tmp_path) as made:
        state = await made.until(lambda state: state.songs and not state.scanning)
        assert (state.rendered, state.waiting) == (3, 0)
        assert made.named("broken").problem
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "shows").iterdir()} == before


async def test_shows_that_another_machine_has_rendered_need_only_be_copied(tmp_path: Path) -> None:
    fast, house = tmp_path / "fast", tmp_path / "house"
    songs(fast, "a", "b")
    async with shelf(fast) as made:
        await made.until(done)
    (house / "music").mkdir(parents=True)
    for song, name in (("a", "01 first"), ("b", "02 second")):
        (house / "music" / f"{name}.flac").write_bytes((fast / "music" / f"{song}.flac").read_bytes())
    (house / "shows").mkdir()
    for path in (fast / "shows").iterdir():
        (house / "shows" / path.name).write_bytes(path.read_bytes())
    before = {path: path.stat().st_mtime_ns for path in (house / "shows").iterdir()}
    async with shelf(house) as made:
        state = await made.until(done)
    assert (state.songs, state.rendered) == (2, 2)
    assert {path: path.stat().st_mtime_ns for path in (house / "shows").iterdir()} == before


async def test_sound_that_is_missing_is_told_when_the_show_is_made_ahead(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    songs(tmp_path, "cut", "whole")
    cut = tmp_path / "music" / "cut.flac"
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size // 2])
    async with shelf(tmp_path) as made:
        state = await made.until(done)
    assert state.rendered == 2
    (told,) = (record.message for record in caplog.records if "cut off" in record.message)
    assert "cut.flac" in told


async def test_a_wrong_length_is_put_right_when_the_song_was_rendered(tmp_path: Path) -> None:
    (tmp_path / "music").mkdir()
    for name in ("mp3 whose header says too much", "flac that says too much", "flac from a pipe"):
        suffix, make = WHOLE[name]
        (tmp_path / "music" / f"{name}{suffix}").write_bytes(make())
    async with shelf(tmp_path) as made:
        await made.until(done)
        for song in made.library.songs():
            assert song.song.duration == pytest.approx(6.0, abs=0.1)
    async with shelf(tmp_path) as made:  # and stays right
        await made.until(lambda state: state.songs and not state.scanning)
        assert sum(song.song.duration for song in made.library.songs()) == pytest.approx(18.0, abs=0.3)


async def test_new_changed_and_lost_songs_are_noticed(tmp_path: Path) -> None:
    songs(tmp_path, "a")
    async with shelf(tmp_path) as made:
        await made.until(done)
        make_song(tmp_path / "music" / "deep" / "down" / "new.flac", 700)
        await made.until(lambda state: state.rendered == 2)
        old = made.shows.kept(made.named("a"))
        make_song(tmp_path / "music" / "a.flac", 900, seconds=3.0)
        await made.until(lambda state: done(state) and made.named("a").song.duration == 4.5)
        new = made.shows.kept(made.named("a"))
        assert old is not None
        assert new is not None
        assert new.duration > old.duration
        (tmp_path / "music" / "a.flac").unlink()
        await made.until(lambda state: state.songs == 1)


async def test_a_folder_may_come_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yulelight.library.watch.watch.__defaults__", (0.05,))
    async with shelf(tmp_path) as made:
        await made.until(lambda state: not state.scanning)
        songs(tmp_path, "a")
        await made.until(lambda state: state.rendered == 1)
        (tmp_path / "music").rename(tmp_path / "unplugged")
        await made.until(lambda state: state.songs == 0)
        (tmp_path / "unplugged").rename(tmp_path / "music")
        await made.until(lambda state: state.rendered == 1)


async def test_rest_is_kept_over_a_restart_but_what_is_asked_for_is_rendered(tmp_path: Path) -> None:
    songs(tmp_path, "a", "b")
    async with shelf(tmp_path, settle=math.inf) as made:
        assert (await made.ask(Rest(True))).paused
    async with shelf(tmp_path) as made:
        state = await made.until(lambda state: state.songs)
        assert state.paused
        await made.ask(RenderSong(made.named("b").song.id))
        state = await made.until(lambda state: state.rendered == 1)
        assert made.shows.rendered(made.named("b"))
        assert (state.waiting, state.rendering) == (1, "")
        with pytest.raises(CommandError, match="no such song"):
            await made.ask(RenderSong("nothing"))
        await made.ask(Rest(False))
        await made.until(done)


async def test_rest_ends_what_is_being_rendered_at_once(tmp_path: Path) -> None:
    make_song(tmp_path / "music" / "long.flac", seconds=600)
    async with shelf(tmp_path) as made:
        await made.until(lambda state: state.rendering and state.progress > 0)
        await made.ask(Rest(True))
        await gone()
        state = await made.until(lambda state: not state.rendering)
        assert (state.waiting, made.named("long").problem) == (1, "")
        await made.ask(Rest(False))
        await made.until(lambda state: state.progress > 0)
    await gone()  # neither does a stop wait for it
    assert not list((tmp_path / "shows").iterdir())


async def test_a_worker_that_dies_gets_a_second_chance_then_the_song_is_left_out(tmp_path: Path) -> None:
    make_song(tmp_path / "music" / "long.flac", seconds=600)
    make_song(tmp_path / "music" / "short.flac")
    async with shelf(tmp_path) as made:
        killed: set[int] = set()
        for _ in range(2):
            await made.until(lambda _: [worker for worker in workers() if worker.pid not in killed])
            worker = next(worker for worker in workers() if worker.pid not in killed)
            await made.until(lambda state: state.progress > 0)
            killed.add(worker.pid)
            worker.kill()
        state = await made.until(done)
        assert (state.songs, state.rendered) == (2, 1)
        assert "another copy" in made.named("long").problem


async def test_the_worker_ends_with_the_service_and_lets_others_go_first(tmp_path: Path) -> None:
    make_song(tmp_path / "music" / "long.flac", seconds=600)
    async with shelf(tmp_path) as made:
        await made.until(lambda state: state.progress > 0)
        worker = workers()[0]
        assert worker.nice() == 19
        worker.suspend()  # even one that hangs
    await gone()


async def test_settings_of_a_song_make_another_show(tmp_path: Path) -> None:
    songs(tmp_path, "a", "b")
    async with shelf(tmp_path) as made:
        await made.until(done)
        song = made.named("a").song.id
        state = await made.ask(ChangeSong(song, {"look": "calm", "gain": 6.0, "trim": True}))
        assert state.waiting == 1
        assert made.shows.settings(song).gain == 6.0
        await made.until(done)
        await made.ask(ChangeSong(song, {"look": None, "gain": None}))
        assert done(await made.ask())  # the old show is still there
        with pytest.raises(CommandError):
            await made.ask(ChangeSong("nothing", {}))
        made.shows.prefer(model="mel", look="classic")
        await made.until(lambda state: state.waiting)
        await made.until(done)


async def test_a_full_cache_stops_the_background_and_not_what_is_asked_for(tmp_path: Path) -> None:
    songs(tmp_path, "a", "b", "c", "d")
    async with shelf(tmp_path, limit=3500) as made:
        state = await made.until(lambda state: state.message)
        assert "full" in state.message
        assert 0 < state.rendered < 4
        assert state.cache_bytes <= 3500
        waiting = next(found for found in made.library.songs() if not made.shows.rendered(found))
        await made.ask(RenderSong(waiting.song.id))
        await made.until(
            lambda _: made.shows.rendered(waiting) or made.shows.rendered(made.library.find(waiting.song.id))
        )
        assert (await made.ask()).cache_bytes <= 3500


async def test_shows_that_cannot_be_kept_are_no_fault_of_the_songs(tmp_path: Path) -> None:
    songs(tmp_path, "a")
    async with shelf(tmp_path, settle=math.inf) as made:
        await made.until(lambda state: state.songs)
        (tmp_path / "shows").rmdir()
        (tmp_path / "shows").write_bytes(b"")
        await made.ask(RenderSong(made.named("a").song.id))
        state = await made.until(lambda state: state.message)
        assert "cannot be saved" in state.message
        assert made.named("a").problem == ""


async def test_a_data_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "shows").write_bytes(b"")
    with pytest.raises(YulelightError, match="choose another folder with --data"):
        async with shelf(tmp_path):
            pass


async def test_rescan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def watch(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("yulelight.library.librarian.watch", watch)
    async with shelf(tmp_path, settle=math.inf) as made:
        await made.until(lambda state: not state.scanning)
        songs(tmp_path, "a")
        assert (await made.ask()).songs == 0
        assert (await made.ask(Rescan())).scanning
        await made.ask(Rescan())
        await made.until(lambda state: state.songs == 1 and not state.scanning)
