"""Sound out, by PortAudio, so that it is heard at a given moment of the monotonic clock.

PortAudio is loaded on first use: a machine may have neither the library nor a sound card, and that is no error.
"""

import threading
import time
from collections.abc import Callable, Generator, Iterator
from typing import Any, Protocol

from yulelight.audio.schedule import SampleClock, SampleQueue, fill
from yulelight.dsp.samples import Floats
from yulelight.dsp.spectrum import RATE
from yulelight.errors import AudioError

AHEAD = 1.0
"""Seconds of sound decoded ahead of the card."""

_LONGEST_DELAY = 5.0
"""Seconds; a driver that claims more between callback and sound does not know."""


def unavailable(device: str | None = None) -> str:
    """Why there is no sound on this machine, in words for the user; empty when there is. Blocks for a moment."""
    try:
        import sounddevice
    except (ImportError, OSError):
        return "the PortAudio library is missing (on Debian: apt install libportaudio2)"
    try:
        sounddevice.check_output_settings(_index(device), channels=2, dtype="float32", samplerate=RATE)
    except (sounddevice.PortAudioError, ValueError) as error:
        return (
            "no sound card was found" if device is None else f"sound card {device!r} cannot be used ({error})"
        )
    return ""


class CardStream(Protocol):
    """A sound card opened for stereo float32 at 44.1 kHz; sounddevice.OutputStream is one."""

    def start(self) -> None: ...
    def abort(self) -> None: ...
    def close(self) -> None: ...


Fill = Callable[[Floats, float], bool]
"""``fill(out, at)`` fills ``out`` (n, 2), which sounds at ``at``; True when the music is over."""

OpenCard = Callable[[Fill, Callable[[], None]], CardStream]
"""``open_card(fill, finished)``: not yet started; ``finished`` is called when it stopped, whatever the reason."""


class Player:
    """Makes ``blocks`` (k, 2 float32 at 44.1 kHz) heard, the first sample at ``start_at`` (time.monotonic).

    Plays once; pause and seek are a stop and another Player. ``ended`` is called once, from another thread, when
    the music is over: with "" after the last sample, or with what went wrong: the blocks raised AudioError, or the
    card went away. It is not called after ``stop``.

    ``device``: number or part of the name of a card, None for the system's choice; ``open_card`` takes its place.
    """

    def __init__(
        self,
        blocks: Iterator[Floats],
        start_at: float,
        ended: Callable[[str], None],
        *,
        device: str | None = None,
        open_card: OpenCard | None = None,
    ) -> None:
        self._blocks = blocks
        self._ended = ended
        self._clock = SampleClock(start_at, RATE)
        self._queue = SampleQueue(round(AHEAD * RATE))
        self._open_card = open_card or sound_card(device)
        self._feeder = threading.Thread(target=self._feed, name="sound", daemon=True)
        self._card: CardStream | None = None
        self._stopped = False
        self._complete = False
        self._problem = ""

    def start(self) -> None:
        """Opens the card and begins; silence sounds until ``start_at``. AudioError if it cannot be opened."""
        self._card = self._open_card(self._fill, self._finished)
        self._feeder.start()
        self._card.start()

    def stop(self) -> None:
        """Silence at once; waits until card and decoder are released. May be called again."""
        self._stopped = True
        self._queue.close()
        card, self._card = self._card, None
        if card:
            card.abort()
            card.close()
        if self._feeder.is_alive():
            self._feeder.join(timeout=5)

    def _feed(self) -> None:
        try:
            for block in self._blocks:
                if not self._queue.put(block):
                    return
        except AudioError as error:
            self._problem = str(error)
        finally:
            self._queue.end()
            if isinstance(self._blocks, Generator):
                self._blocks.close()  # gives its file back now, not when it is collected

    def _fill(self, out: Floats, at: float) -> bool:
        fill(out, at, self._clock, self._queue)
        self._complete = self._queue.over
        return self._complete

    def _finished(self) -> None:
        if self._stopped:
            return
        self._queue.close()
        self._ended(self._problem if self._complete else _GONE)


_GONE = "the sound card went away; the lights go on without sound."


def sound_card(device: str | None = None) -> OpenCard:
    """Opens ``device`` (number or part of its name; None: the system's choice) when called.

    The call raises AudioError when there is no such card.
    """

    def open_card(fill: Fill, finished: Callable[[], None]) -> CardStream:
        if problem := unavailable(device):
            raise AudioError(f"No sound: {problem}.")
        import sounddevice

        def callback(out: Floats, count: int, times: Any, status: Any) -> None:
            delay = float(times.outputBufferDacTime - times.currentTime)
            if fill(out, sounds_at(time.monotonic(), delay, stream.latency)):
                raise sounddevice.CallbackStop

        stream: Any = None
        try:
            stream = sounddevice.OutputStream(
                samplerate=RATE,
                channels=2,
                dtype="float32",
                device=_index(device),
                latency="high",
                callback=callback,
                finished_callback=finished,
            )
        except sounddevice.PortAudioError as error:
            raise AudioError(f"No sound: the sound card cannot be opened ({error}).") from error
        card: CardStream = stream
        return card

    return open_card


def sounds_at(now: float, delay: float, latency: float) -> float:
    """The moment at which a buffer's first sample is heard, from the driver's ``delay`` in seconds.

    Some drivers report no delay or nonsense; then the stream's ``latency`` stands in.
    """
    return now + (delay if 0 < delay < _LONGEST_DELAY else latency)


def _index(device: str | None) -> int | str | None:
    """What sounddevice calls a device: its number, or part of its name."""
    return int(device) if device is not None and device.isdecimal() else device
