"""Files as recorders, cutters, radios, taggers and broken copies leave them. Each maker gives the bytes of one."""

import io
import struct
import tempfile
import zlib
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import soundfile

RATE = 44100
SECONDS = 6.0


def noise(seconds: float = SECONDS, rate: int = RATE) -> np.ndarray:
    """(n, 2) float32; nothing in it can be squeezed away."""
    return np.random.default_rng(5).normal(0, 0.1, (round(seconds * rate), 2)).astype(np.float32)


class OneWay(io.RawIOBase):
    """What a program writes into a pipe: nothing can be gone back to."""

    def __init__(self) -> None:
        self.kept = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.kept += bytes(data)
        return len(data)


def encoded(
    sound: np.ndarray,
    container: str,
    codec: str,
    rate: int = RATE,
    options: dict[str, str] | None = None,
    late: float = 0.0,
    piped: bool = False,
) -> bytes:
    """``sound`` in any format of FFmpeg; ``late``: its timestamps begin at so many seconds."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "made")
        sink: Any = OneWay() if piped else str(path)
        with av.open(sink, "w", format=container, options=options or {}) as out:
            stream = out.add_stream(codec, rate=rate, layout="stereo")
            assert isinstance(stream, av.AudioStream)
            stream.bit_rate = 128_000
            fit = av.AudioResampler(format=stream.format, layout="stereo", rate=rate)
            for start in range(0, len(sound), 1024):
                piece = np.ascontiguousarray(sound[start : start + 1024].T)
                frame = av.AudioFrame.from_ndarray(piece, format="fltp", layout="stereo")
                frame.sample_rate, frame.pts, frame.time_base = rate, start, Fraction(1, rate)
                for converted in fit.resample(frame):
                    for packet in stream.encode(converted):
                        _mux(out, packet, late)
            for packet in stream.encode(None):
                _mux(out, packet, late)
        return bytes(sink.kept) if piped else path.read_bytes()


def _mux(out: Any, packet: Any, late: float) -> None:
    if late and packet.time_base:
        shift = round(late / packet.time_base)
        packet.pts, packet.dts = (packet.pts or 0) + shift, (packet.dts or 0) + shift
    out.mux(packet)


def vorbis(sound: np.ndarray, rate: int = RATE) -> bytes:
    buffer = io.BytesIO()
    soundfile.write(buffer, sound, rate, format="OGG", subtype="VORBIS")
    return buffer.getvalue()


def opus(sound: np.ndarray) -> bytes:
    return encoded(sound, "ogg", "libopus", 48000)


def flac(sound: np.ndarray) -> bytes:
    return encoded(sound, "flac", "flac")


def mp3(sound: np.ndarray, **more: Any) -> bytes:
    return encoded(sound, "mp3", "libmp3lame", **more)


def wave(sound: np.ndarray, data_size: int | None = None, tail: bytes = b"") -> bytes:
    """16 bit; ``data_size`` is what the header says instead of the truth, ``tail`` are chunks behind the sound."""
    body = (sound * 32767).astype("<i2").tobytes()
    size = len(body) if data_size is None else data_size
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 2, RATE, 4 * RATE, 4, 16)
    rest = b"WAVE" + form + b"data" + struct.pack("<I", size) + body + tail
    return b"RIFF" + struct.pack("<I", len(rest) if data_size is None else data_size) + rest


def written(sound: np.ndarray, container: str) -> bytes:
    """16 bit samples in a container of libsndfile's."""
    buffer = io.BytesIO()
    soundfile.write(buffer, sound, RATE, format=container, subtype="PCM_16")
    return buffer.getvalue()


def aiff(sound: np.ndarray, size: int) -> bytes:
    """With another size of the sound's chunk than the true one."""
    data = written(sound, "AIFF")
    at = data.index(b"SSND") + 4
    return data[:at] + struct.pack(">I", size) + data[at + 4 :]


def list_chunk() -> bytes:
    name = b"INAM" + struct.pack("<I", 12) + b"Holly wreath"
    return b"LIST" + struct.pack("<I", 4 + len(name)) + b"INFO" + name


def pages(data: bytes) -> Iterator[bytearray]:
    """The pages of an Ogg file."""
    at = 0
    while at < len(data):
        size = 27 + data[at + 26] + sum(data[at + 27 : at + 27 + data[at + 26]])
        yield bytearray(data[at : at + size])
        at += size


_MIRRORED = bytes(int(f"{n:08b}"[::-1], 2) for n in range(256))


def checksum(page: bytes) -> int:
    """Ogg's CRC is zlib's turned round: bits in the other order, nothing inverted."""
    turned = zlib.crc32(bytes(page).translate(_MIRRORED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{turned:032b}"[::-1], 2)


def cut_out(data: bytes, samples: int) -> bytes:
    """As if it began ``samples`` later in a longer stream."""
    made = bytearray()
    for page in pages(data):
        place = struct.unpack("<q", page[6:14])[0]
        if place > 0:
            page[6:14] = struct.pack("<q", place + samples)
        page[22:26] = bytes(4)
        page[22:26] = struct.pack("<I", checksum(bytes(page)))
        made += page
    return bytes(made)


def ape_tag() -> bytes:
    item = struct.pack("<II", 11, 0) + b"Title\0" + b"Holly wreat"
    foot = b"APETAGEX" + struct.pack("<IIII", 2000, len(item) + 32, 1, 0) + bytes(8)
    return item + foot


def id3(title: str = "Holly") -> bytes:
    text = b"\3" + title.encode()
    frame = b"TIT2" + struct.pack(">I", len(text)) + b"\0\0" + text
    return b"ID3\3\0\0" + bytes([0, 0, len(frame) >> 7, len(frame) & 127]) + frame


def lyrics() -> bytes:
    return b"LYRICSBEGIN" + b"IND00002" + b"11" + b"000021" + b"LYRICS200" + b"TAG" + bytes(125)


def harmed(data: bytes, share: float = 0.5, length: int = 40) -> bytes:
    """With rubbish in one place."""
    at = int(len(data) * share)
    return data[:at] + np.random.default_rng(9).bytes(length) + data[at + length :]


def half(data: bytes) -> bytes:
    """A copy that broke off."""
    return data[: len(data) // 2 + 7]


def flac_says(data: bytes, samples: int) -> bytes:
    """With another total in STREAMINFO."""
    number = int.from_bytes(data[18:26], "big") & ~((1 << 36) - 1) | samples
    return data[:18] + number.to_bytes(8, "big") + data[26:]


def xing_says(data: bytes, frames: int) -> bytes:
    at = next(at for at in (data.find(b"Xing"), data.find(b"Info")) if at > 0)
    return data[: at + 8] + struct.pack(">I", frames) + data[at + 12 :]


def quiet_then_loud() -> bytes:
    """VBR without a header: whoever guesses the length by the first frames is far off."""
    sound = np.concatenate([np.zeros((2 * RATE, 2), np.float32), noise(4)])
    return mp3(sound, options={"write_xing": "0"})


Maker = Callable[[], bytes]

WHOLE: dict[str, tuple[str, Maker]] = {
    "flac from a pipe": (".flac", lambda: encoded(noise(), "flac", "flac", piped=True)),
    "flac that says too much": (".flac", lambda: flac_says(flac(noise()), 10 * 60 * RATE)),
    "flac that says too little": (".flac", lambda: flac_says(flac(noise()), RATE)),
    "flac that says 13 hours": (".flac", lambda: flac_says(flac(noise()), 13 * 3600 * RATE)),
    "flac with a tag behind": (".flac", lambda: flac(noise()) + b"TAG" + bytes(125)),
    "flac behind id3": (".flac", lambda: id3() + flac(noise())),
    "opus of a longer one": (".opus", lambda: cut_out(opus(noise(rate=48000)), 13 * 3600 * 48000)),
    "vorbis of a longer one": (".ogg", lambda: cut_out(vorbis(noise()), 5 * 3600 * RATE)),
    "vorbis with tags behind": (".ogg", lambda: vorbis(noise()) + ape_tag()),
    "vorbis behind id3": (".ogg", lambda: id3() + vorbis(noise())),
    "vorbis chain": (".ogg", lambda: vorbis(noise(2)) + vorbis(noise(4))),
    "vorbis chain of two rates": (".ogg", lambda: vorbis(noise(2)) + vorbis(noise(4, 32000), 32000)),
    "opus chain": (".opus", lambda: opus(noise(3, 48000)) * 2),
    "mp3 with lyrics": (".mp3", lambda: mp3(noise()) + lyrics()),
    "mp3 with ape tag": (".mp3", lambda: mp3(noise()) + ape_tag()),
    "mp3 with ape and id3": (".mp3", lambda: mp3(noise()) + ape_tag() + b"TAG" + bytes(125)),
    "mp3 with zeros behind": (".mp3", lambda: mp3(noise()) + bytes(3000)),
    "mp3 with rubbish behind": (
        ".mp3",
        lambda: mp3(noise(), options={"write_xing": "0"}) + b"\0rubbish" * 20000,
    ),
    "mp3 with zeros in front": (".mp3", lambda: bytes(5000) + mp3(noise())),
    "mp3 behind two id3": (".mp3", lambda: id3() + id3() + mp3(noise())),
    "mp3 of variable rate without header": (".mp3", quiet_then_loud),
    "mp3 whose header says too much": (".mp3", lambda: xing_says(mp3(noise()), 50_000)),
    "mp3 whose header says too little": (".mp3", lambda: xing_says(mp3(noise()), 20)),
    "aac": (".aac", lambda: encoded(noise(), "adts", "aac")),
    "aac behind id3": (".aac", lambda: id3() + encoded(noise(), "adts", "aac")),
    "aac with ape tag": (".aac", lambda: encoded(noise(), "adts", "aac") + ape_tag()),
    "wav of size 0": (".wav", lambda: wave(noise(), 0)),
    "wav of all size": (".wav", lambda: wave(noise(), 0xFFFFFFFF)),
    "wav of sox's unknown size": (".wav", lambda: wave(noise(), 0x7FFFF000)),
    "wav with a list behind": (".wav", lambda: wave(noise(), tail=list_chunk())),
    "matroska that begins later": (".mka", lambda: encoded(noise(), "matroska", "flac", late=3.0)),
    "matroska from a pipe": (".mka", lambda: encoded(noise(), "matroska", "flac", piped=True)),
    "webm from a pipe": (".webm", lambda: encoded(noise(rate=48000), "webm", "libopus", 48000, piped=True)),
    "m4a": (".m4a", lambda: encoded(noise(), "ipod", "aac")),
    "m4a that begins later": (".m4a", lambda: encoded(noise(), "ipod", "aac", late=3.0)),
    "m4a in fragments": (
        ".m4a",
        lambda: encoded(noise(), "mp4", "aac", options={"movflags": "frag_keyframe+empty_moov"}),
    ),
    "m4a with the index in front": (
        ".m4a",
        lambda: encoded(noise(), "ipod", "aac", options={"movflags": "faststart"}),
    ),
    "wma": (".wma", lambda: encoded(noise(), "asf", "wmav2")),
    "mpegts": (".ts", lambda: encoded(noise(), "mpegts", "aac")),
    "mp2": (".mp2", lambda: encoded(noise(), "mp2", "mp2")),
    "ac3": (".ac3", lambda: encoded(noise(), "ac3", "ac3")),
    "tta": (".tta", lambda: encoded(noise(), "tta", "tta")),
    "wavpack": (".wv", lambda: encoded(noise(), "wv", "wavpack")),
}
"""All of the sound is there: SECONDS, and no warning."""

WHOLE |= {
    "mp3s put together, each with its tags": (
        ".mp3",
        lambda: id3() + mp3(noise(3)) + b"TAG" + bytes(125) + id3("x" * 2000) + mp3(noise(3)),
    ),
    "wma from a pipe": (".wma", lambda: encoded(noise(), "asf", "wmav2", piped=True)),
    "flac in ogg": (".oga", lambda: encoded(noise(), "ogg", "flac")),
    "vorbis with rubbish behind": (".ogg", lambda: vorbis(noise()) + b"rubbish" * 3000),
    "flac with rubbish behind": (".flac", lambda: flac(noise()) + b"rubbish" * 3000),
    "m4a with rubbish behind": (".m4a", lambda: encoded(noise(), "ipod", "aac") + b"rubbish" * 100),
    "mp3 with id3 behind": (".mp3", lambda: mp3(noise()) + id3()),
    "wav behind id3": (".wav", lambda: id3() + wave(noise())),
    "wav that says a little too much": (".wav", lambda: wave(noise(), 4 * len(noise()) + 36)),
    "matroska from a pipe that begins later": (
        ".mka",
        lambda: encoded(noise(), "matroska", "flac", late=3.0, piped=True),
    ),
    "alac": (".m4a", lambda: encoded(noise(), "ipod", "alac")),
    "aiff that does not know its size": (".aiff", lambda: aiff(noise(), 0xFFFFFFFF)),
    "rf64": (".wav", lambda: written(noise(), "RF64")),
    "wave64": (".w64", lambda: written(noise(), "W64")),
    "caf": (".caf", lambda: written(noise(), "CAF")),
}

CUT: dict[str, tuple[str, Maker]] = {
    "flac": (".flac", lambda: half(flac(noise()))),
    "flac from a pipe": (".flac", lambda: half(encoded(noise(), "flac", "flac", piped=True))),
    "vorbis": (".ogg", lambda: half(vorbis(noise()))),
    "opus": (".opus", lambda: half(opus(noise(rate=48000)))),
    "second link of a chain": (".ogg", lambda: vorbis(noise(2)) + half(vorbis(noise(4)))),
    "mp3": (".mp3", lambda: half(mp3(noise()))),
    "mp3 without header": (".mp3", lambda: half(mp3(noise(), options={"write_xing": "0"}))),
    "mp3 whose rest is zeros": (".mp3", lambda: (cut := half(mp3(noise()))) + bytes(len(cut))),
    "mp3 with a tag behind": (".mp3", lambda: half(mp3(noise())) + b"TAG" + bytes(125)),
    "aac": (".aac", lambda: half(encoded(noise(), "adts", "aac"))),
    "wav": (".wav", lambda: half(wave(noise()))),
    "m4a with the index in front": (
        ".m4a",
        lambda: half(encoded(noise(), "ipod", "aac", options={"movflags": "faststart"})),
    ),
    "matroska": (".mka", lambda: half(encoded(noise(), "matroska", "flac"))),
    "webm": (".webm", lambda: half(encoded(noise(rate=48000), "webm", "libopus", 48000))),
    "wma": (".wma", lambda: half(encoded(noise(), "asf", "wmav2"))),
    "tta": (".tta", lambda: half(encoded(noise(), "tta", "tta"))),
    "aiff": (".aiff", lambda: half(written(noise(), "AIFF"))),
    "rf64": (".wav", lambda: half(written(noise(), "RF64"))),
    "wave64": (".w64", lambda: half(written(noise(), "W64"))),
    "caf": (".caf", lambda: half(written(noise(), "CAF"))),
    "m4a in fragments": (
        ".m4a",
        lambda: half(
            encoded(
                noise(),
                "mp4",
                "aac",
                options={"movflags": "frag_keyframe+empty_moov", "frag_duration": "500000"},
            )
        ),
    ),
    "matroska from a pipe": (".mka", lambda: half(encoded(noise(), "matroska", "flac", piped=True))),
    "mpegts": (".ts", lambda: half(encoded(noise(), "mpegts", "aac"))),
    "mp2": (".mp2", lambda: half(encoded(noise(), "mp2", "mp2"))),
    "wavpack": (".wv", lambda: half(encoded(noise(), "wv", "wavpack"))),
}
"""Some two to four seconds of six are there."""

HARMED: dict[str, tuple[str, Maker]] = {
    "flac": (".flac", lambda: harmed(flac(noise()))),
    "vorbis": (".ogg", lambda: harmed(vorbis(noise()))),
    "opus": (".opus", lambda: harmed(opus(noise(rate=48000)))),
    "second link of a chain": (".ogg", lambda: vorbis(noise(2)) + harmed(vorbis(noise(4)), 0.3)),
    "flac in matroska": (".mka", lambda: harmed(encoded(noise(), "matroska", "flac"))),
}
"""One bad place at about three seconds; what follows keeps its time."""
