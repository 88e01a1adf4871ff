"""All audio outputs, kept synchronous: sound cards and a remote media player, each with its own delay.

An output's delay is how late it is heard. The lights and all other outputs are delayed to match the latest.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Protocol

from pydantic import Field

from yulelight.core.errors import CommandError, StorageError
from yulelight.core.json_file import JsonFile
from yulelight.core.messages import MAX_DELAY, MIN_DELAY
from yulelight.dsp.samples import Floats

log = logging.getLogger(__name__)

MAIN = "main"
"""The main output, whose delay is the ``delay`` of the status."""
MAX_BYTES = 64 * 1024


Delay = Annotated[float, Field(ge=MIN_DELAY, le=MAX_DELAY)]


@dataclass(frozen=True, slots=True)
class _Kept:
    """The content of the file of delays."""

    delays: dict[str, Delay]


class Card(Protocol):
    """A sound card, such as yulelight.audio.speaker.Speaker. ``shift`` is in seconds and may be set at any time."""

    shift: float

    def play(self, song: Path, position: float, at: float, gain: float = 0.0) -> None: ...
    def follow(self, song: Path, position: float, at: float, gain: float = 0.0) -> None: ...
    def stream(self, blocks: Iterator[Floats], at: float) -> None: ...
    def volume(self, level: float) -> None: ...
    def stop(self) -> None: ...


@dataclass(frozen=True, slots=True)
class SoundOutput:
    """An output as clients see it."""

    name: str
    delay: float
    remote: bool
    """A remote media player, which fetches the songs and reports its position."""
    problem: str = ""
    """Why nothing is heard from it, worded for the user."""


class SoundOutputs:
    """``cards`` by name; without MAIN if it is ``remote`` or this machine has no sound card.

    ``delays`` are those from the settings for outputs other than MAIN; changes by ``set_delay`` are stored in
    ``memory``. ``play`` and ``follow`` block, like those of cards.
    """

    def __init__(
        self,
        cards: Mapping[str, Card],
        delays: Mapping[str, float],
        *,
        remote: bool = False,
        problems: Mapping[str, str] | None = None,
        memory: Path | None = None,
    ) -> None:
        self.remote = remote
        self._cards = dict(cards)
        self._problems = dict(problems or {})
        self._memory = JsonFile(memory, _Kept, largest=MAX_BYTES) if memory else None
        self._delays = {**delays, **_remembered(self._memory, delays)}
        self._main = 0.0
        self._lock = threading.Lock()

    def outputs(self) -> list[SoundOutput]:
        """All of them, MAIN first."""
        main = SoundOutput(MAIN, self._main, self.remote, self._problems.get(MAIN, ""))
        others = [
            SoundOutput(name, delay, False, self._problems.get(name, ""))
            for name, delay in self._delays.items()
        ]
        return [main, *others]

    def wait(self, delay: float) -> float:
        """Sets the delay of MAIN and returns the delay of the lights in seconds. Never blocks."""
        self._main = delay
        return self._place()

    def set_delay(self, name: str, delay: float) -> None:
        """Sets and stores the delay of an output other than MAIN. Blocks. Raises CommandError, or YulelightError for
        the disk.
        """
        if name not in self._delays:
            raise CommandError("there is no such output; ask for the list of outputs again")
        if not MIN_DELAY <= delay <= MAX_DELAY:
            raise CommandError(f"a delay goes from {MIN_DELAY:g} to {MAX_DELAY:g} seconds")
        with self._lock:
            self._delays[name] = delay
            self._place()
            if self._memory is not None:
                try:
                    self._memory.save(_Kept(dict(self._delays)))
                except OSError as error:
                    raise StorageError.of("the delay", error) from error

    def play(self, song: Path, position: float, at: float, gain: float = 0.0) -> None:
        """See Speaker.play; ``at`` is the time for an output without delay."""
        self._each(lambda card: card.play(song, position, at, gain))

    def follow(self, song: Path, position: float, at: float, gain: float = 0.0) -> None:
        """See Speaker.follow."""
        self._each(lambda card: card.follow(song, position, at, gain))

    def stream(self, blocks: Callable[[], Iterator[Floats]], at: float) -> None:
        """See Speaker.stream; ``blocks`` is called for each card."""
        self._each(lambda card: card.stream(blocks(), at))

    def volume(self, level: float) -> None:
        """Sets the volume (0..1) of every card; a remote player has its own volume."""
        self._each(lambda card: card.volume(level))

    def stop(self) -> None:
        """Silences all cards at once."""
        self._each(lambda card: card.stop())

    def _place(self) -> float:
        """Delays each card to match the latest output; returns the largest delay."""
        delays = dict(self._delays)
        latest = max([self._main, *(delay for name, delay in delays.items() if name in self._cards)])
        for name, card in self._cards.items():
            card.shift = latest - (self._main if name == MAIN else delays[name])
        return latest

    def _each(self, work: Callable[[Card], None]) -> None:
        for card in self._cards.values():
            work(card)


def _remembered(memory: JsonFile[_Kept] | None, known: Mapping[str, float]) -> dict[str, float]:
    """The stored delays of outputs that still exist."""
    try:
        kept = memory.load() if memory else None
    except (OSError, ValueError) as error:
        log.warning("the delays of the outputs are reset: %s", error)
        kept = None
    return {name: delay for name, delay in kept.delays.items() if name in known} if kept else {}
