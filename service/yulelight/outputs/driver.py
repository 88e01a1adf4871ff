"""What makes light: a driver sets all outputs at once. See ``Driver`` for what one must do."""

from collections.abc import Callable
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
    """How often the hardware failed since the start."""

    @property
    def name(self) -> str:
        """The name by which the command line knows the driver."""

    @property
    def healthy(self) -> bool:
        """Whether what is shown also reaches the lights."""

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
    """A driver of pins that others can set, too."""

    def forget(self) -> None:
        """Somebody else has set the pins: what is shown next is to set every one."""


@runtime_checkable
class Punctual(Driver, Protocol):
    """A driver with a clock of its own, more exact than the event loop's timers: it gets frames ahead of time."""

    def show_in(
        self, levels: bytes, switched: tuple[bool, ...], wait: float, shown: Callable[[int], None]
    ) -> None:
        """Set the outputs in ``wait`` seconds, unless something that is told later is to be shown before that or then.

        Several may be waiting.

        ``shown`` is then called, in any thread, with by how many µs it was late.
        """
