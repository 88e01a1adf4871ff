"""Files nobody vouches for are read in a process that may fail, hang or be ended; the songs are listed all the same."""

import contextlib
import os
import signal
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path

import mutagen
import psutil
import pytest

from tests.audio.sounds import burst, write
from tests.library.test_songs import touch
from yulelight.audio.covers import Cover
from yulelight.audio.tags import Tags
from yulelight.core.errors import AudioError
from yulelight.library.reader import ProcessReader
from yulelight.library.songs import Library

PNG = b"\x89PNG\r\n\x1a\n" + bytes(300_000)


@pytest.fixture
def apart() -> Iterator[ProcessReader]:
    with ProcessReader() as reader:
        yield reader


OTHERS: set[int] = set()


@pytest.fixture(autouse=True)
def others() -> None:
    """Those of tests before are none of ours; they end when nobody asks them."""
    OTHERS.clear()
    OTHERS.update(child.pid for child in psutil.Process().children())


def readers() -> list[psutil.Process]:
    found = []
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.NoSuchProcess):
            running = child.pid not in OTHERS and child.status() != psutil.STATUS_ZOMBIE
            if running and "yulelight.library.reading" in child.cmdline():
                found.append(child)
    return found


def tagged(path: Path, title: str) -> Path:
    song = mutagen.File(write(path, burst()))
    song["title"] = title
    song.save()
    return path


def seven_bits(number: int) -> bytes:
    """As sizes stand in ID3v2.4."""
    return bytes([number >> 21 & 127, number >> 14 & 127, number >> 7 & 127, number & 127])


def packed(path: Path) -> Path:
    """A small mp3 whose ID3 frames unpack to 600 MB, all of them different."""
    frames = b""
    for number in range(12):
        text = b"\3%d\0" % number
        body = seven_bits(50_000_000) + zlib.compress(text + b"x" * (50_000_000 - len(text)), 1)
        frames += b"TXXX" + seven_bits(len(body)) + b"\0\x09" + body  # compressed, its length in front
    sound = write(path.with_name("sound.mp3"), burst())
    path.write_bytes(b"ID3\4\0\0" + seven_bits(len(frames)) + frames + sound.read_bytes())
    sound.unlink()
    return path


def test_tags_and_covers_come_from_a_process_of_its_own(tmp_path: Path, apart: ProcessReader) -> None:
    path = tagged(tmp_path / "a.flac", "Stille Nacht ★")
    (tmp_path / "cover.png").write_bytes(PNG)
    assert apart.tags(path).title == "Stille Nacht ★"
    assert apart.tags(tmp_path / "\udcff 12 Days.mp3").title == "? 12 Days"
    assert apart.cover(path, tmp_path / "cover.png") == Cover(PNG, "image/png")
    assert apart.cover(path) is None
    assert len(readers()) == 1
    apart.close()
    assert readers() == []


def test_a_tag_that_fills_memory_takes_only_the_reader_with_it(tmp_path: Path, apart: ProcessReader) -> None:
    bomb = packed(tmp_path / "Small.mp3")
    assert bomb.stat().st_size < 4_000_000
    assert apart.tags(tagged(tmp_path / "a.flac", "Before")).title == "Before"
    found = apart.tags(bomb)
    assert found.title == "Small"
    assert sum(child.memory_info().rss for child in readers()) < 400_000_000
    assert apart.tags(tmp_path / "a.flac").title == "Before"


def test_a_file_that_takes_too_long_is_called_by_its_name(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tagged(tmp_path / "01 Slow Train.flac", "Another")
    with ProcessReader(patience=1.0) as apart:
        assert apart.tags(path).title == "Another"
        (stopped,) = readers()
        stopped.suspend()
        assert apart.tags(path) == Tags("Slow Train")
        assert not stopped.is_running() or stopped.status() == psutil.STATUS_ZOMBIE
        assert "takes more than 1 s" in caplog.text
        assert apart.cover(path) is None


def test_a_file_that_ends_the_reader_is_called_by_its_name(tmp_path: Path, apart: ProcessReader) -> None:
    path = tagged(tmp_path / "a.flac", "Title")
    for _ in range(3):
        assert apart.tags(path).title == "Title"
        os.kill(readers()[0].pid, signal.SIGKILL)
        assert apart.tags(path).title in {"a", "Title"}  # the signal may come before the question


def test_what_is_no_music_is_told_by_the_process(tmp_path: Path, apart: ProcessReader) -> None:
    apart.check(write(tmp_path / "a.flac", burst()))
    (tmp_path / "b.mp3").write_bytes(b"no music" * 500)
    with pytest.raises(AudioError, match="not music"):
        apart.check(tmp_path / "b.mp3")
    with pytest.raises(AudioError, match="no file"):
        apart.check(tmp_path / "c.mp3")


def test_a_reader_that_nobody_asks_ends(tmp_path: Path) -> None:
    with ProcessReader(idle=0.05) as apart:
        apart.tags(tagged(tmp_path / "a.flac", "Title"))
        (reader,) = readers()
        reader.wait(20)
        assert apart.tags(tmp_path / "a.flac").title == "Title"


class Slow:
    """Reads one file only when it is let."""

    def __init__(self, slow: str) -> None:
        self.slow, self.let, self.asked = slow, threading.Event(), threading.Event()

    def tags(self, path: Path) -> Tags:
        if path.name == self.slow:
            self.asked.set()
            assert self.let.wait(30)
        return Tags(f"Title of {path.stem}", duration=3.0)

    def colours(self, song: Path, beside: Path | None = None) -> tuple[str, ...]:
        raise AssertionError("colours were read")

    def cover(self, song: Path, beside: Path | None = None) -> Cover | None:
        return None


def test_songs_are_listed_by_name_while_one_of_them_is_slow(tmp_path: Path) -> None:
    for name in ("a.mp3", "b.mp3", "c.mp3"):
        touch(tmp_path / name)
    reader = Slow("b.mp3")
    library = Library([tmp_path], reader=reader)
    told: list[int] = []
    scan = threading.Thread(target=lambda: library.scan(lambda: told.append(len(library.songs()))))
    scan.start()
    assert reader.asked.wait(30)
    songs = library.songs()
    assert told[0] == 3
    assert [song.song.title for song in songs] == ["Title of a", "b", "c"]
    noted = library.note(songs[1], content="c" * 32, seconds=7.0)
    reader.let.set()
    scan.join()
    found = library.find(noted.song.id)
    assert (found.song.title, found.content, found.song.duration) == ("Title of b", "c" * 32, 7.0)
    assert library.songs()[2].song.title == "Title of c"


def test_a_file_in_two_folders_of_the_settings_has_its_tags_in_both(tmp_path: Path) -> None:
    touch(tmp_path / "music" / "xmas" / "a.mp3")
    library = Library([tmp_path / "music", tmp_path / "music" / "xmas"], reader=Slow(""))
    assert [song.song.title for song in library.scan()] == ["Title of a", "Title of a"]


def test_whoever_asks_during_the_first_scan_waits_only_for_the_list(tmp_path: Path) -> None:
    touch(tmp_path / "a.mp3")
    reader = Slow("a.mp3")
    library = Library([tmp_path], reader=reader)
    scan = threading.Thread(target=library.scan)
    scan.start()
    assert [song.song.title for song in library.songs()] == ["a"]
    reader.let.set()
    scan.join()


def test_what_was_not_read_before_the_end_is_read_at_the_next_start(tmp_path: Path) -> None:
    touch(tmp_path / "music" / "a.mp3")
    reader, kept = Slow("a.mp3"), tmp_path / "songs.json"
    library = Library([tmp_path / "music"], index=kept, reader=reader)
    scan = threading.Thread(target=library.scan)
    scan.start()
    assert reader.asked.wait(30)
    library.save()
    again = Library([tmp_path / "music"], index=kept, reader=Slow(""))
    assert again.scan()[0].song.title == "Title of a"
    reader.let.set()
    scan.join()
