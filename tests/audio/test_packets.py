"""Packets of servers: the sound of good ones, and bounded memory for bad ones."""

import av
import numpy as np
import pytest
from av.audio.codeccontext import AudioCodecContext

from yulelight.audio.packets import PacketDecoder

RATE = 44_100


def flac(samples: np.ndarray) -> tuple[bytes, list[bytes]]:
    """STREAMINFO and the frames of (n, 2) int16."""
    codec = av.CodecContext.create("flac", "w")
    assert isinstance(codec, AudioCodecContext)
    codec.sample_rate, codec.layout, codec.format = RATE, "stereo", "s16"
    codec.open()
    frames = []
    for start in range(0, len(samples) - codec.frame_size + 1, codec.frame_size):
        piece = samples[start : start + codec.frame_size]
        frame = av.AudioFrame.from_ndarray(piece.reshape(1, -1), "s16", "stereo")
        frame.sample_rate, frame.pts = RATE, start
        frames += [bytes(packet) for packet in codec.encode(frame)]
    return bytes(codec.extradata or b"")[-34:], frames


def noise(seconds: int) -> np.ndarray:
    return np.random.default_rng(0).integers(-20_000, 20_000, (seconds * RATE, 2)).astype(np.int16)


@pytest.mark.parametrize("together", [1, 5, 40])
def test_a_packet_holds_any_number_of_frames(together: int) -> None:
    sent = noise(10)
    info, frames = flac(sent)
    decoder, heard = PacketDecoder.flac(info), []
    for k in range(0, len(frames), together):
        heard.append(decoder.push(b"".join(frames[k : k + together]), 0.0)[0])
    samples = np.concatenate(heard)
    assert np.array_equal(np.round(samples * 32768).astype(np.int16), sent[: len(samples)])
    assert len(samples) > 9 * RATE


def test_a_packet_of_more_than_half_a_minute_is_refused_and_what_follows_is_heard() -> None:
    info, frames = flac(np.zeros((2 * RATE, 2), np.int16))
    decoder = PacketDecoder.flac(info)
    bomb = frames[1] * 70_000  # a megabyte, which would be two hours
    assert len(bomb) < 1_000_000
    samples, _ = decoder.push(bomb, 0.0)
    assert len(samples) == 0
    samples, _ = decoder.push(frames[1], 0.0)
    assert len(samples) == 4608
