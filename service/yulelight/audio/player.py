"""Plays sound through PortAudio so that it is heard at a given time of the monotonic clock.

PortAudio is loaded on first use, because a machine without the library or a sound card is not an error.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator
from typing import Any, Protocol

from yulelight.audio.schedule import SampleClock, SampleQueue, fill
from yulelight.audio.volume import Ramp
from yulelight.core.errors import AudioError
from yulelight.dsp.samples import Floats
from yulelight.dsp.spectrum import RATE

AHEAD = 1.0
"""Seconds of sound decoded in advance."""

_MAX_DELAY = 5.0
"""Seconds; if a driver reports more between callback and sound, its value is not trusted."""


def unavailable(device: str | None = None) -> str:
    """Why this machine cannot play sound, worded for the user; empty if it can. Blocks briefly."""
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
    """An open sound card for stereo float32 at 44.1 kHz, such as sounddevice.OutputStream."""

    def start(self) -> None: ...
    def abort(self) -> None: ...
    def close(self) -> None: ...


Fill = Callable[[Floats, float], bool]
"""``fill(out, at)`` fills ``out`` (n, 2), which is heard at ``at``; True when the music has ended."""

OpenCard = Callable[[Fill, Callable[[], None]], CardStream]
"""``open_card(fill, finished)`` opens a card without starting it; ``finished`` is called when it stops for any
reason."""


class Player:
    """Plays ``blocks`` (k, 2 float32 at 44.1 kHz), the first sample at ``start_at`` (time.monotonic).

    It plays once; to pause or seek, stop it and create another Player. ``ended`` is called once, from another thread,
    when the music has ended: with "" after the last sample, or with an error message if the blocks raised AudioError
    or the card was lost. It is not called after ``stop``.

    ``device``: number or part of the name of a card, None for the default; ``open_card`` replaces it. ``volume``
    multiplies the samples; ``shift`` returns the delay of everything in seconds, and may change.
    """

    def __init__(
        self,
        blocks: Iterator[Floats],
        start_at: float,
        ended: Callable[[str], None],
        *,
        device: str | None = None,
        open_card: OpenCard | None = None,
        volume: float = 1.0,
        shift: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self._shift, self._shifted = shift, shift()
        self._ended = ended
        self._tracks = deque([_Track(blocks, start_at)])
        self._lock = threading.Lock()
        self._ramp = Ramp(volume, RATE)
        self._open_card = open_card or sound_card(device)
        self._card: CardStream | None = None
        self._stopped = False
        self._complete = False
        self._problem = ""

    def start(self) -> None:
        """Opens the card and starts it; there is silence until ``start_at``. Raises AudioError if it cannot be
        opened.
        """
        self._card = self._open_card(self._fill, self._finished)
        self._tracks[0].start()
        self._card.start()

    def follow(self, blocks: Iterator[Floats], start_at: float) -> bool:
        """Plays ``blocks`` after the current music, from ``start_at`` on, replacing any earlier successor.

        False if it is too late because the music has ended.
        """
        with self._lock:
            if self._complete or self._stopped:
                return False
            while len(self._tracks) > 1:
                self._tracks.pop().close()
            track = _Track(blocks, start_at)
            self._tracks.append(track)
        track.start()
        return True

    def volume(self, factor: float) -> None:
        """Sets the volume with a short ramp."""
        self._ramp.target = factor

    def stop(self) -> None:
        """Silences the card at once and waits until card and decoder are released. May be called more than once."""
        with self._lock:
            self._stopped = True
            for track in self._tracks:
                track.close()
        card, self._card = self._card, None
        if card:
            card.abort()
            card.close()
        for track in self._tracks:
            track.join()

    def _fill(self, out: Floats, at: float) -> bool:
        with self._lock:
            rest, now = out, at - self._shift_now()
            while len(rest):
                here = self._until_next(now, len(rest))
                if here:
                    self._tracks[0].fill(rest[:here], now)
                rest, now = rest[here:], now + here / RATE
                if len(rest):
                    self._leave(self._tracks.popleft())
            self._complete = len(self._tracks) == 1 and self._tracks[0].over
        self._ramp.apply(out)
        return self._complete

    def _shift_now(self) -> float:
        shift = self._shift()
        if shift != self._shifted:
            self._shifted = shift
            for track in self._tracks:
                track.realign()
        return shift

    def _until_next(self, now: float, count: int) -> int:
        """How many of the next ``count`` samples belong to the current music."""
        if len(self._tracks) == 1:
            return count
        return min(count, max(0, round((self._tracks[1].start_at - now) * RATE)))

    def _leave(self, track: "_Track") -> None:
        self._problem = self._problem or track.problem
        track.close()

    def _finished(self) -> None:
        if self._stopped:
            return
        with self._lock:
            problem = self._problem or self._tracks[0].problem
            complete, self._complete = self._complete, True
            for track in self._tracks:
                track.close()
        self._ended(problem if complete else _CARD_LOST)


class _Track:
    """Music that is decoded in a thread and read by the card."""

    def __init__(self, blocks: Iterator[Floats], start_at: float) -> None:
        self.start_at = start_at
        self.problem = ""
        self._blocks = blocks
        self._clock = SampleClock(start_at, RATE)
        self._queue = SampleQueue(round(AHEAD * RATE))
        self._feeder = threading.Thread(target=self._feed, name="sound", daemon=True)

    @property
    def over(self) -> bool:
        """Whether all of it has been played."""
        return self._queue.over

    def start(self) -> None:
        """Starts decoding."""
        self._feeder.start()

    def fill(self, out: Floats, at: float) -> None:
        """See yulelight.audio.schedule.fill."""
        fill(out, at, self._clock, self._queue)

    def realign(self) -> None:
        """Adopts a step of the card's time at once."""
        self._clock.realign()

    def close(self) -> None:
        """Stops decoding. Does not wait."""
        self._queue.close()

    def join(self) -> None:
        """Waits until the decoder is released."""
        if self._feeder.is_alive():
            self._feeder.join(timeout=5)

    def _feed(self) -> None:
        try:
            for block in self._blocks:
                if not self._queue.put(block):
                    return
        except AudioError as error:
            self.problem = str(error)
        finally:
            self._queue.end()
            if isinstance(self._blocks, Generator):
                self._blocks.close()  # closes its file now, not at garbage collection


_CARD_LOST = "the sound card was lost."


def sound_card(device: str | None = None) -> OpenCard:
    """A function that opens ``device`` (number or part of its name; None: the default) and raises AudioError if there
    is no such card.
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
    """The time at which a buffer's first sample is heard, from the driver's ``delay`` in seconds.

    If a driver reports no plausible delay, the stream's ``latency`` is used.
    """
    return now + (delay if 0 < delay < _MAX_DELAY else latency)


def _index(device: str | None) -> int | str | None:
    """A device for sounddevice: its number, or part of its name."""
    return int(device) if device is not None and device.isdecimal() else device
