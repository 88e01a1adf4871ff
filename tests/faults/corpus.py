"""Bad media, calendars, lists and settings, made from a seed: each as a person or an attacker could hand it over."""

import gzip
import io
import random
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile

GOOD_CALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20261101T000000Z\r\n"
    "DTSTART:20261201T170000\r\nDTEND:20261201T180000\r\nSUMMARY:Evening\r\nRRULE:FREQ=DAILY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
EVIL_ZONE = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nBEGIN:VTIMEZONE\r\nTZID:X\r\nBEGIN:STANDARD\r\n"
    "DTSTART:16010101T000000\r\nRRULE:FREQ=SECONDLY\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\n"
    "END:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:z{uid}\r\nDTSTAMP:20261101T000000Z\r\nDTSTART;TZID=X:20261201T170000\r\n"
    "DTEND;TZID=X:20261201T180000\r\nSUMMARY:Evening\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def mutated(chance: random.Random, data: bytes) -> bytes:
    """Cut, flipped, repeated or grown in some places."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(out) or 1)
        match chance.randrange(5):
            case 0:
                del out[at:]
            case 1 if out:
                out[at % len(out)] ^= 1 << chance.randrange(8)
            case 2:
                out[at:at] = out[at : at + chance.randint(1, 4000)]
            case 3:
                out[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff"))
            case _:
                out[at:at] = chance.randbytes(chance.randint(1, 300))
    return bytes(out)


def sounds() -> dict[str, bytes]:
    """A good short file of each kind."""
    times = np.arange(44_100) / 44_100
    wave = (0.4 * np.sin(2 * np.pi * 440 * times)).astype(np.float32)
    made = {}
    for kind in ("WAV", "FLAC", "OGG", "MP3", "AIFF"):
        buffer = io.BytesIO()
        soundfile.write(buffer, wave, 44_100, format=kind)
        made[kind.lower()] = buffer.getvalue()
    return made


def id3_bomb(megabytes: int = 64) -> bytes:
    """An MP3 tag with a compressed frame that grows."""
    packed = zlib.compress(bytes(megabytes << 20), 9)
    body = struct.pack(">I", megabytes << 20) + packed

    def synchsafe(number: int) -> bytes:
        return bytes((number >> shift) & 0x7F for shift in (21, 14, 7, 0))

    frame = b"TXXX" + synchsafe(len(body)) + b"\x00\x09" + body
    return b"ID3\x04\x00\x00" + synchsafe(len(frame)) + frame + b"\xff\xfb\x90\x00" + bytes(2000)


def silent_flac(seconds: int) -> bytes:
    """Small, and long."""
    buffer = io.BytesIO()
    soundfile.write(buffer, np.zeros(8000 * seconds, np.int16), 8000, format="FLAC")
    return buffer.getvalue()


def media(seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    """(file name, content)."""
    chance, good = random.Random(seed), sounds()
    yield "bomb.mp3", id3_bomb()
    yield "long.flac", silent_flac(3600)
    yield "empty.mp3", b""
    yield "text.ogg", b"<html>" * 1000
    for number in range(count):
        kind = chance.choice(list(good))
        yield f"bad {number}.{chance.choice([kind, kind, 'mp3', 'flac'])}", mutated(chance, good[kind])


def calendars(seed: int, count: int) -> Iterator[bytes]:
    """Texts for the import."""
    chance = random.Random(seed)
    yield EVIL_ZONE.format(uid=0).encode()
    yield gzip.compress(bytes(10 << 20))
    for number in range(count):
        text = chance.choice((GOOD_CALENDAR, EVIL_ZONE)).format(uid=number)
        for _ in range(chance.randint(0, 3)):
            text = text.replace(
                chance.choice(("DAILY", "20261201", "170000", "VEVENT", "RRULE", "Evening", "\r\n")),
                chance.choice(
                    (
                        "SECONDLY",
                        "YEARLY;BYDAY=5MO,6TU",
                        "00000000",
                        "99999999",
                        "X" * 9000,
                        "\r\n ",
                        "\0",
                        "🎄",
                    )
                ),
                chance.choice((1, 1, -1)),
            )
        data = text.encode()
        yield mutated(chance, data) if chance.random() < 0.4 else data


def lists(seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    """(file name, content) of playlists."""
    chance = random.Random(seed)
    good = b'#EXTM3U\n#YULELIGHT-PRE:{"scene": "on", "seconds": 1}\n#EXTINF:10,A - B\n../../etc/passwd\nhttp://127.0.0.1/x\n'
    yield "deep.m3u8", b"#EXTM3U\n#YULELIGHT-PRE:" + b"[" * 100_000 + b"\n"
    for number in range(count):
        yield f"list {number}.m3u8", mutated(chance, good * chance.randint(1, 200))


def settings(seed: int, count: int) -> Iterator[bytes]:
    """yulelight.toml."""
    chance = random.Random(seed)
    good = b'name = "x"\nmusic = ["/nowhere"]\n[http]\nport = 8770\n[light]\nlook_ahead = 0.6\n[[channels]]\nload = 4\n'
    yield b"music = " + b"[" * 50_000
    yield b"\xff\xfe\x00" * 1000
    for _ in range(count):
        yield mutated(chance, good)


def scatter(folder: Path, files: Iterator[tuple[str, bytes]]) -> int:
    """Writes them there; how many."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for name, content in files:
        (folder / name).write_bytes(content)
        count += 1
    return count
