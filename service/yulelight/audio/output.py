"""Sound out, by PortAudio, so that it is heard at a given moment of the monotonic clock.

PortAudio is loaded on first use: a machine may have neither the library nor a sound card, and that is no error.
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
"""Seconds of sound decoded ahead of the card."""

_MAX_DELAY = 5.0
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
    ``volume`` multiplies the samples; ``shift`` says by how many seconds everything is heard later, and may change.
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
        """Opens the card and begins; silence sounds until ``start_at``. AudioError if it cannot be opened."""
        self._card = self._open_card(self._fill, self._finished)
        self._tracks[0].start()
        self._card.start()

    def follow(self, blocks: Iterator[Floats], start_at: float) -> bool:
        """What sounds now goes on until ``start_at``, then comes ``blocks``; another that was to follow does not.

        False if it is too late for that: the music is over.
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
        """Moves there in a moment."""
        self._ramp.target = factor

    def stop(self) -> None:
        """Silence at once; waits until card and decoder are released. May be called again."""
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
        """How many of the next ``count`` samples belong to what sounds now."""
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
    """Music on its way: decoded in a thread, taken by the card."""

    def __init__(self, blocks: Iterator[Floats], start_at: float) -> None:
        self.start_at = start_at
        self.problem = ""
        self._blocks = blocks
        self._clock = SampleClock(start_at, RATE)
        self._queue = SampleQueue(round(AHEAD * RATE))
        self._feeder = threading.Thread(target=self._feed, name="sound", daemon=True)

    @property
    def over(self) -> bool:
        """Whether all of it was heard."""
        return self._queue.over

    def start(self) -> None:
        """Begins to decode."""
        self._feeder.start()

    def fill(self, out: Floats, at: float) -> None:
        """See yulelight.audio.schedule.fill."""
        fill(out, at, self._clock, self._queue)

    def realign(self) -> None:
        """The card's time made a step: takes it at once."""
        self._clock.realign()

    def close(self) -> None:
        """No more of it is wanted. Does not wait."""
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
                self._blocks.close()  # gives its file back now, not when it is collected


_CARD_LOST = "the sound card went away; the lights go on without sound."


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
    return now + (delay if 0 < delay < _MAX_DELAY else latency)


def _index(device: str | None) -> int | str | None:
    """What sounddevice calls a device: its number, or part of its name."""
    return int(device) if device is not None and device.isdecimal() else device
