import asyncio
import threading
from pathlib import Path

import numpy as np
import psutil
import pytest

from tests.library.shelf import make_song, shows_in
from yulelight.core.errors import AudioError
from yulelight.core.messages import Song
from yulelight.library.show_source import LibraryShows
from yulelight.library.songs import LibrarySong
from yulelight.player.opening import Rendered
from yulelight.show.look import LOOKS


def opened(home: Path) -> LibraryShows:
    shows = shows_in(home)
    shows.cache.open()
    shows.library.scan()
    shows.refresh()
    return shows


async def test_a_song_is_rendered_at_its_first_play_and_read_at_the_second(tmp_path: Path) -> None:
    make_song(tmp_path / "music" / "a.flac")
    shows = opened(tmp_path)
    changes: list[None] = []
    heard: list[float] = []
    shows.changed = lambda: changes.append(None)
    encoder, found = shows.styles.encoder("mel"), shows.library.songs()[0]
    first = await shows.show(found, encoder, LOOKS["lively"], heard.append)
    assert heard
    heard.clear()
    again = await shows.show(LibrarySong(found.song, found.path), encoder, LOOKS["lively"], heard.append)
    assert not heard
    np.testing.assert_array_equal(again.show.levels, first.show.levels)
    assert (first.start, first.end) == (0.0, first.show.duration)
    assert len(changes) == 1
    other = await shows.show(found, encoder, LOOKS["calm"])
    assert not np.array_equal(other.show.levels, first.show.levels)
    assert len(list((tmp_path / "shows").iterdir())) == 2
    assert shows.rendered(shows.library.find(found.song.id))


async def test_gain_trim_and_delay(tmp_path: Path) -> None:
    make_song(tmp_path / "music" / "a.flac")
    shows = opened(tmp_path)
    found = shows.library.songs()[0]
    shows.user_settings.change(found.song.id, {"gain": -6.0, "trim": True, "delay": 0.5})
    shows.refresh()
    made = await shows.show(found, shows.styles.encoder("mel"), LOOKS["lively"])
    assert (made.gain, made.delay) == (-6.0, 0.5)
    assert made.start == pytest.approx(0.5, abs=0.1)  # the sound is from 0.5 to 2.5 s
    assert made.end == pytest.approx(2.5 + 0.5, abs=0.1)
    assert made.show.duration == pytest.approx(3.5, abs=0.1)


async def test_silence_is_not_trimmed_to_nothing(tmp_path: Path) -> None:
    make_song(tmp_path / "music" / "a.flac", seconds=0)
    shows = opened(tmp_path)
    found = shows.library.songs()[0]
    shows.user_settings.change(found.song.id, {"trim": True})
    shows.refresh()
    made = await shows.show(found, shows.styles.encoder("mel"), LOOKS["lively"])
    assert (made.start, made.end) == (0.0, made.show.duration)


async def test_a_song_that_cannot_be_played_is_remembered(tmp_path: Path) -> None:
    (tmp_path / "music").mkdir()
    (tmp_path / "music" / "a.mp3").write_bytes(b"no music" * 200)
    shows = opened(tmp_path)
    found, encoder = shows.library.songs()[0], shows.styles.encoder("mel")
    with pytest.raises(AudioError, match="not music"):
        await shows.show(found, encoder, LOOKS["lively"])
    assert "not music" in shows.library.songs()[0].problem
    make_song(tmp_path / "music" / "b.flac").rename(tmp_path / "music" / "a.mp3")
    shows.library.scan()
    await shows.show(found, encoder, LOOKS["lively"])
    assert shows.library.songs()[0].problem == ""


async def test_who_is_cancelled_ends_the_rendering(tmp_path: Path) -> None:
    make_song(tmp_path / "music" / "a.flac", seconds=900)
    shows, begun = opened(tmp_path), threading.Event()
    found, encoder = shows.library.songs()[0], shows.styles.encoder("mel")
    task = asyncio.create_task(shows.show(found, encoder, LOOKS["lively"], lambda _: begun.set()))
    await asyncio.to_thread(begun.wait, 60)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not list((tmp_path / "shows").iterdir())


async def test_a_file_that_ends_its_reader_is_an_error_in_words_and_no_more(tmp_path: Path) -> None:
    make_song(tmp_path / "music" / "a.flac", seconds=900)
    shows, begun = opened(tmp_path), threading.Event()
    found, encoder = shows.library.songs()[0], shows.styles.encoder("mel")
    before = {child.pid for child in psutil.Process().children()}
    task = asyncio.create_task(shows.show(found, encoder, LOOKS["lively"], lambda _: begun.set()))
    assert await asyncio.to_thread(begun.wait, 60)
    (worker,) = (child for child in psutil.Process().children() if child.pid not in before)
    worker.kill()
    with pytest.raises(AudioError, match="try another copy"):
        await task
    assert "try another copy" in shows.library.songs()[0].problem


async def test_a_song_from_the_web_is_rendered_apart_and_kept_nowhere(tmp_path: Path) -> None:
    path = make_song(tmp_path / "pulled.flac")
    encoder = opened(tmp_path).styles.encoder("mel")
    made = await Rendered().show(LibrarySong(Song("", "X"), path), encoder, LOOKS["lively"])
    assert made.end == pytest.approx(3.5, abs=0.1)
    assert not list((tmp_path / "shows").iterdir())
    path.write_bytes(b"no music" * 500)
    with pytest.raises(AudioError, match="not music"):
        await Rendered().show(LibrarySong(Song("", "X"), path), encoder, LOOKS["lively"])


async def test_a_show_is_played_though_it_cannot_be_kept(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    make_song(tmp_path / "music" / "a.flac")
    shows = opened(tmp_path)
    (tmp_path / "shows").rmdir()
    (tmp_path / "shows").write_bytes(b"")
    made = await shows.show(shows.library.songs()[0], shows.styles.encoder("mel"), LOOKS["lively"])
    assert made.show.duration > 3
    assert "is not stored" in caplog.text


async def test_a_song_from_elsewhere_is_rendered_too(tmp_path: Path) -> None:
    path = make_song(tmp_path / "elsewhere.flac")
    shows = opened(tmp_path)
    made = await shows.show(LibrarySong(Song("x", "X"), path), shows.styles.encoder("mel"), LOOKS["lively"])
    assert made.show.duration > 3


def test_a_look_or_model_that_is_gone_is_replaced(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    make_song(tmp_path / "music" / "a.flac")
    shows = opened(tmp_path)
    found = shows.library.songs()[0]
    plain = shows.dress(found).plan
    shows.user_settings.change(found.song.id, {"look": "gone", "model": "gone"})
    shows.refresh()
    assert shows.dress(found).plan == plain
    assert "gone" in caplog.text
    shows.prefer(model="mel", look="gone")
    assert shows.dress(found).plan == plain
    shows.prefer(model="mel", look="calm")
    assert shows.dress(found).plan.look == LOOKS["calm"]
