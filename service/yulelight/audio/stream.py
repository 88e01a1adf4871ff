"""Decodes byte streams to stereo blocks at 44.1 kHz while they arrive.

Blocking: for a worker thread. The sender's coroutine fills a ByteFeed; the worker iterates. Leaving the iteration for
any reason aborts the feed, so that a sender never waits for a reader that has ended.
"""

from collections.abc import Iterator
from contextlib import closing
from typing import Final

from yulelight.audio.feed import ByteFeed
from yulelight.audio.pcm import PcmDecoder, PcmFormat
from yulelight.audio.resample import Resampler
from yulelight.audio.source import UnreadableError
from yulelight.core.errors import AudioError
from yulelight.dsp.samples import Floats
from yulelight.dsp.spectrum import RATE

_QUICK: Final = {"probesize": "65536", "analyzeduration": "200000"}
"""Bytes and microseconds that FFmpeg may probe before the first block; its defaults are 5 MB and 5 s."""

_PCM_READ = 8192


def stream_blocks(feed: ByteFeed) -> Iterator[Floats]:
    """Yields (k, 2) float32 from a stream in any container that can be read without seeking, packet by packet.

    Raises AudioError if it is not audio, nothing arrives for too long or the feed was aborted.
    """
    try:
        yield from _stream_blocks(feed)
    finally:
        feed.abort("the stream is over")


def pcm_blocks(feed: ByteFeed, pcm: PcmFormat) -> Iterator[Floats]:
    """The same for PCM."""
    decoder = PcmDecoder(pcm)
    try:
        while data := feed.read(_PCM_READ):
            block = decoder.push(data)
            if len(block):
                yield block
        yield decoder.flush()
    finally:
        feed.abort("the stream is over")


def _stream_blocks(feed: ByteFeed) -> Iterator[Floats]:
    from yulelight.audio.ffmpeg import FfmpegSource

    resampler = Resampler(RATE)
    heard = False
    try:
        with closing(FfmpegSource(feed, _QUICK, block=0)) as source:
            for samples, rate in source.blocks():
                heard = True
                block = resampler.push(samples, rate)
                if len(block):
                    yield block
    except UnreadableError as error:
        feed.check()
        raise AudioError(_NOT_AUDIO) from error
    feed.check()
    if not heard:
        raise AudioError(_NOT_AUDIO)
    yield resampler.flush()


_NOT_AUDIO: Final = (
    "the stream is not music this program can read; send mp3, Ogg, FLAC, WAV, AAC, Matroska or MPEG-TS "
    "(an m4a file only with its index in front)."
)
