"""Headers of MPEG audio and ADTS frames, and the length that an MP3 file declares."""

from dataclasses import dataclass

from yulelight.audio.id3 import Readable, skip_id3

_RATES = ((11025, 12000, 8000), (0, 0, 0), (22050, 24000, 16000), (44100, 48000, 32000))
"""By version (2.5, reserved, 2, 1) and index."""
_BITS = {
    (3, 3): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (3, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (3, 1): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 3): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 1): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""kbit/s by version (3: MPEG 1, 2: MPEG 2 and 2.5), layer (3: I, 2: II, 1: III) and index from 1 on."""
_HEAD = 7
_MAX_HEAD_BYTES = 8192
_MAX_COUNTED_BYTES = 100_000_000


@dataclass(frozen=True, slots=True)
class Frame:
    """The header of a frame."""

    size: int
    """Bytes, header included."""
    samples: int
    rate: int


def frame(head: bytes) -> Frame | None:
    """The MPEG audio (layer I to III) or ADTS frame that begins with these bytes (7 are enough), if any."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    layer = head[1] >> 1 & 3
    return _adts(head) if layer == 0 and head[1] & 0xF0 == 0xF0 else _mpeg(head, layer)


def _mpeg(head: bytes, layer: int) -> Frame | None:
    version, bits, rate_index, padding = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3, head[2] >> 1 & 1
    if version == 1 or layer == 0 or not 1 <= bits <= 14 or rate_index == 3:
        return None
    rate = _RATES[version][rate_index]
    bit_rate = _BITS[3 if version == 3 else 2, layer][bits - 1] * 1000
    if layer == 3:
        return Frame((12 * bit_rate // rate + padding) * 4, 384, rate)
    samples = 576 if layer == 1 and version != 3 else 1152
    return Frame(samples // 8 * bit_rate // rate + padding, samples, rate)


def _adts(head: bytes) -> Frame | None:
    rates = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)
    index = head[2] >> 2 & 15
    if len(head) < 7 or index >= len(rates):
        return None
    size = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    return Frame(size, 1024 * ((head[6] & 3) + 1), rates[index]) if size >= 7 else None


def announced(data: bytes) -> float | None:
    """The length in seconds from a Xing, Info or VBRI header in the first frame of ``data``; None without one."""
    first = frame(data)
    if first is None:
        return None
    for mark, flags_at, count_at in ((b"Xing", 4, 8), (b"Info", 4, 8), (b"VBRI", None, 14)):
        at = data.find(mark, 4, 4 + 32 + 10)
        count = int.from_bytes(data[at + count_at : at + count_at + 4], "big") if at > 0 else 0
        counted = flags_at is None or bool(data[at + flags_at + 3 : at + flags_at + 4] and data[at + 7] & 1)
        if count and counted:
            return count * first.samples / first.rate
    return None


def tag_length(data: bytes) -> int:
    """The size in bytes of the tag at the beginning of ``data``, as between concatenated songs; 0 if there is
    none.
    """
    if data[:3] == b"ID3" and len(data) >= 10:
        return 10 + (data[6] << 21 | data[7] << 14 | data[8] << 7 | data[9])
    if data[:8] == b"APETAGEX" and len(data) >= 16:
        return 32 + int.from_bytes(data[12:16], "little")
    return 128 if data[:3] == b"TAG" else 0


def frames_length(file: Readable) -> float | None:
    """The length in seconds of an MP3 or ADTS file without a declared length, by counting frames; otherwise None.

    Reads the whole file; None for files larger than 100 MB.
    """
    start = skip_id3(file)
    file.seek(start)
    head = file.read(_MAX_HEAD_BYTES) or b""
    first = frame(head)
    if first is None or frame(head[first.size :]) is None or announced(head) is not None:
        return None
    file.seek(start)
    data = file.read(_MAX_COUNTED_BYTES + 1) or b""
    if len(data) > _MAX_COUNTED_BYTES:
        return None
    at, seconds = 0, 0.0
    while at + _HEAD <= len(data):
        known = frame(data[at : at + _HEAD])
        if known is None or known.size < _HEAD:
            at = data.find(b"\xff", at + 1)
            if at < 0:
                break
            continue
        seconds += known.samples / known.rate
        at += known.size
    return seconds
