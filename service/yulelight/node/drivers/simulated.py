"""Simulated lights in one line of the terminal."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.text import Text

from yulelight.core.messages import CHANNELS

COLOURS = (
    (255, 59, 48),
    (255, 149, 0),
    (255, 214, 10),
    (52, 199, 89),
    (0, 199, 190),
    (64, 140, 255),
    (175, 82, 222),
    (255, 100, 170),
)
"""Red, green, blue of channels 1 to 8 at full level, from low notes to high."""
_UNLIT = 0.12
_REFRESH = 1 / 30


class SimulatedDriver:
    """Shows the channels in a terminal; draws nothing to files or pipes.

    It has one bulb for each of ``outputs``; ``on_show`` is called with every frame shown, for tests or other
    displays.
    """

    name = "simulated"
    healthy = True

    def __init__(
        self,
        console: Console | None = None,
        on_show: Callable[[bytes, tuple[bool, ...]], None] | None = None,
        draw: bool = True,
        outputs: int = CHANNELS,
    ) -> None:
        self.errors = 0
        self._outputs = outputs
        self._console = console or Console()
        self._on_show = on_show
        self._live: Live | None = None
        self._draws = draw and self._console.is_terminal
        self._drawn = 0.0

    async def __aenter__(self) -> Self:
        if self._draws:
            self._live = Live(console=self._console, auto_refresh=False, transient=True)
            self._live.start()
        self.show(bytes(self._outputs), (False,) * self._outputs)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.show(bytes(self._outputs), (False,) * self._outputs)
        if self._live:
            self._live.stop()
            self._live = None

    def show(self, levels: bytes, switched: tuple[bool, ...]) -> None:
        if self._on_show:
            self._on_show(levels, switched)
        now = time.monotonic()
        # Terminals draw no faster, but darkness must never be skipped.
        if self._live and (now - self._drawn >= _REFRESH or not any(levels)):
            self._drawn = now
            self._live.update(bulbs(levels, switched), refresh=True)


def bulbs(levels: bytes, switched: tuple[bool, ...]) -> Text:
    """The line: one bulb per channel, with the brightness of its level; filled if the relay is on."""
    line = Text("  ")
    for channel, (level, on) in enumerate(zip(levels, switched, strict=True)):
        brightness = _UNLIT + (1 - _UNLIT) * level / 255
        red, green, blue = (round(part * brightness) for part in COLOURS[channel % len(COLOURS)])
        line.append("●" if on else "○", style=f"rgb({red},{green},{blue})")
        line.append("   ")
    return line
