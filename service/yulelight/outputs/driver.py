"""The interface of drivers, which set all outputs at once."""

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Protocol, Self, runtime_checkable


class Driver(Protocol):
    """Outputs of a node, open while its context is.

    ``show`` sets all outputs and returns within a millisecond or two: ``levels`` has one byte an output for dimmers,
    ``switched`` the same moment for relays, which cannot dim; both in the order of the node's outputs. Entering and
    leaving leaves all outputs dark. Losing the hardware is no error of ``show``: the driver counts it, says so once,
    and finds its way back by itself, to what was shown last.
    """

    errors: int
    """Number of hardware failures since the start."""

    @property
    def name(self) -> str:
        """Its name on the command line."""

    @property
    def healthy(self) -> bool:
        """Whether frames reach the lights."""

    async def __aenter__(self) -> Self:
        """Open the outputs, dark."""

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Turn all outputs off and close them."""

    def show(self, levels: bytes, switched: tuple[bool, ...]) -> None:
        """Set the outputs."""


@runtime_checkable
class Shared(Driver, Protocol):
    """A driver of pins that other programs can set, too."""

    def forget(self) -> None:
        """The pins have been set by someone else: the next frame must set all of them."""


@runtime_checkable
class Coloured(Protocol):
    """Lights whose colours may change, be it a driver or an output."""

    def recolour(self, colours: Sequence[str]) -> None:
        """The colour of each channel from now on, as on a screen (``#rrggbb``); empty: their own. Raises ValueError."""


@runtime_checkable
class Moving(Protocol):
    """A driver whose lights may move with the beat."""

    def beats(self, begin: int, moments: Sequence[int]) -> None:
        """The beats from ``begin`` on (microseconds of this machine's clock), instead of those told before."""


@runtime_checkable
class Punctual(Driver, Protocol):
    """A driver with more precise timing than the event loop, which gets frames in advance."""

    def show_in(
        self, levels: bytes, switched: tuple[bool, ...], wait: float, shown: Callable[[int], None]
    ) -> None:
        """Set the outputs in ``wait`` seconds, unless a later call is due before or at that time.

        Several frames may be waiting. ``shown`` is called in any thread with the delay in µs.
        """
