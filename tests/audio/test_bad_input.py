"""Whatever is no song ends in one clear line, from probe and from decoding alike, and prints nothing."""

import os
import socket
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.audio.sounds import burst, encode, write
from yulelight.audio.decode import blocks, probe
from yulelight.audio.tags import tags
from yulelight.core.errors import AudioError


def content(data: bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / "song.mp3"
        path.write_bytes(data)
        return path

    return make


def missing(folder: Path) -> Path:
    return folder / "no such\nsong.mp3"


def folder_itself(folder: Path) -> Path:
    return folder


def below_a_file(folder: Path) -> Path:
    return write(folder / "a.wav", burst()) / "song.mp3"


def nul_in_name(folder: Path) -> Path:
    return folder / "a\0b.mp3"


def fifo(folder: Path) -> Path:
    os.mkfifo(folder / "song.mp3")
    return folder / "song.mp3"


def device(folder: Path) -> Path:
    return Path("/dev/zero")


def unix_socket(folder: Path) -> Path:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(folder / "s"))
    return folder / "s"


def dangling_link(folder: Path) -> Path:
    (folder / "song.mp3").symlink_to(folder / "gone")
    return folder / "song.mp3"


def loop_of_links(folder: Path) -> Path:
    (folder / "song.mp3").symlink_to(folder / "song.mp3")
    return folder / "song.mp3"


def no_samples(folder: Path) -> Path:
    return write(folder / "song.wav", np.zeros((0, 2), np.float32))


def thirteen_hours(folder: Path) -> Path:
    """A sparse file: 8-bit mono at 1 kHz."""
    path, size = folder / "song.wav", 13 * 3600 * 1000
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + size, b"WAVE", b"fmt ", 16, 1, 1, 1000, 1000, 1, 8, b"data", size
    )
    path.write_bytes(head)
    os.truncate(path, len(head) + size)
    return path


def absurd_rate(folder: Path) -> Path:
    return write(folder / "song.wav", burst(), rate=2)


def m4a_without_its_index(folder: Path) -> Path:
    data = encode(burst(), "ipod", "aac")
    return content(data[: len(data) // 2])(folder)


def playlist(folder: Path) -> Path:
    """FFmpeg must not be led to other files."""
    song = write(folder / "secret.wav", burst())
    return content(f"#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nfile://{song}\n#EXT-X-ENDLIST\n".encode())(
        folder
    )


def concat_list(folder: Path) -> Path:
    song = write(folder / "secret.wav", burst())
    return content(f"ffconcat version 1.0\nfile '{song}'\n".encode())(folder)


def a_picture(folder: Path) -> Path:
    return content(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0" + bytes(100))(folder)


CASES: dict[str, tuple[Callable[[Path], Path], str]] = {
    "missing": (missing, "no file"),
    "below a file": (below_a_file, "no file"),
    "folder": (folder_itself, "folder"),
    "nul": (nul_in_name, "cannot be opened"),
    "fifo": (fifo, "pipe"),
    "device": (device, "device"),
    "socket": (unix_socket, ""),
    "dangling": (dangling_link, "no file"),
    "link loop": (loop_of_links, "cannot be opened"),
    "empty": (content(b""), "empty"),
    "one byte": (content(b"R"), "not music"),
    "text": (content(b"These are the words of a song, not its sound.\n" * 500), "not music"),
    "zeros": (content(bytes(50_000)), "not music"),
    "noise": (content(np.random.default_rng(1).bytes(50_000)), "not music"),
    "riff garbage": (content(b"RIFF\xff\xff\xff\xffWAVE" + bytes(300)), "not music"),
    "ogg garbage": (content(b"OggS" + bytes(24) + b"\x01vorbis" + bytes(300)), "not music"),
    "id3 alone": (content(b"ID3\x04\0\0\0\0\x0f\x76" + bytes(2038)), "not music"),
    "picture": (a_picture, "not music"),
    "no samples": (no_samples, "no sound"),
    "13 hours": (thirteen_hours, "12 hours"),
    "rate of 2 Hz": (absurd_rate, "2 Hz"),
    "cut m4a": (m4a_without_its_index, "not music"),
    "playlist": (playlist, "not music"),
    "concat": (concat_list, "not music"),
}


@pytest.mark.parametrize("case", CASES)
def test_bad_input_is_one_clear_line(case: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    make, words = CASES[case]
    path = make(tmp_path)
    for attempt in (probe, lambda path: list(blocks(path))):
        with pytest.raises(AudioError) as caught:
            attempt(path)
        message = str(caught.value)
        assert words in message
        assert message.isprintable()
        assert message.endswith(".")
    assert tags(path).title
    assert capfd.readouterr() == ("", "")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", burst())
    path.chmod(0)
    with pytest.raises(AudioError, match="right to read"):
        probe(path)


def test_every_cut_of_a_file_plays_or_is_refused(tmp_path: Path) -> None:
    for name in ("a.wav", "a.flac", "a.ogg", "a.mp3"):
        data = write(tmp_path / name, burst()).read_bytes()
        for length in [*range(1, 200, 13), *range(200, len(data), len(data) // 7)]:
            path = content(data[:length])(tmp_path)
            try:
                assert sum(len(block) for block in blocks(path)) > 0
            except AudioError as error:
                assert str(error).isprintable()
