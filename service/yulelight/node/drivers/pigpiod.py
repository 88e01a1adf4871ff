"""One connection to pigpiod and its pins.

Blocking: for a separate thread. Relays and SSRs change by bank: one command writes one register, so that all pins
change at the same instant. Pins that go off, pins that come on and each dimmer need separate commands, which pigpiod
reads one after the other from one stream; all commands of a frame are sent in one write and executed within
microseconds. The answers are read before the next frame.
"""

import atexit
import logging
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any, Self

from yulelight.core.errors import YulelightError
from yulelight.core.extras import how_to_install
from yulelight.node.config import PigpioConfig
from yulelight.node.outputs import Dimmer, Wiring

log = logging.getLogger(__name__)

TIMEOUT = 0.5
"""Timeout for an answer of pigpiod in seconds; usually it takes 0.1 ms."""
_HARDWARE_FULL = 1_000_000
_VERSION = 26
_COMMAND = struct.Struct("<IIII")
_ANSWER = struct.Struct("<12xi")
_WRITE = 4
_PWM, _CLEAR_BANK, _SET_BANK, _HARDWARE_PWM = 5, 12, 14, 86
_DUTY = struct.Struct("<I")


class PinsError(YulelightError):
    """The pins cannot be reached, or a pin does not support its function."""


def answers(where: PigpioConfig, timeout: float = TIMEOUT) -> bool:
    """Whether a pigpiod responds. Its own client would wait for a hanging one without limit."""
    try:
        with socket.create_connection((where.host, where.port), timeout) as connection:
            connection.settimeout(timeout)
            connection.sendall(_COMMAND.pack(_VERSION, 0, 0, 0))
            reply = connection.recv(_COMMAND.size, socket.MSG_WAITALL)
    except OSError:
        return False
    return len(reply) == _COMMAND.size and _COMMAND.unpack(reply)[0] == _VERSION


class DarkPins:
    """A callable that turns off the pins of ``wiring`` over a connection opened in advance.

    All commands are sent in one write without pigpio's client, because on a busy machine each answer would take time.
    Raises PinsError if pigpiod is not available or refuses; then call it again.
    """

    def __init__(self, wiring: Wiring, where: PigpioConfig) -> None:
        self._where = where
        high = wiring.mask & ~wiring.low
        banks = [(_CLEAR_BANK, high), (_SET_BANK, wiring.mask & wiring.low)]
        commands = [_COMMAND.pack(command, mask, 0, 0) for command, mask in banks if mask]
        # A write also ends the PWM of a dimmer, and makes the pin an output.
        dark = [(dimmer.pin, dimmer.output.active_low) for dimmer in wiring.dimmers]
        dark += [(bit.bit_length() - 1, bool(wiring.low & bit)) for _, bit in wiring.switches]
        commands += [_COMMAND.pack(_WRITE, pin, int(level), 0) for pin, level in dark]
        self._commands = b"".join(commands)
        self._link: socket.socket | None = None
        with suppress(PinsError):
            self._connect()

    def __call__(self) -> None:
        kept = self._link is not None
        try:
            self._tell(self._link or self._connect())
        except OSError as error:
            self._hang_up()
            if not kept:
                raise PinsError(f"pigpiod is gone ({error})") from None
            # It may have been restarted.
            self()

    def _connect(self) -> socket.socket:
        try:
            self._link = socket.create_connection((self._where.host, self._where.port), TIMEOUT)
        except OSError as error:
            raise PinsError(f"pigpiod is not there ({error})") from None
        self._link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._link.settimeout(TIMEOUT)
        return self._link

    def _tell(self, link: socket.socket) -> None:
        link.sendall(self._commands)
        answers = b""
        while missing := len(self._commands) - len(answers):
            piece = link.recv(missing)
            if not piece:
                raise ConnectionError("it hung up")
            answers += piece
        if any(result < 0 for (result,) in _ANSWER.iter_unpack(answers)):
            self._hang_up()
            raise PinsError("pigpiod refuses to turn a pin off")

    def _hang_up(self) -> None:
        if self._link:
            self._link.close()
            self._link = None


class PigpiodPins:
    """The pins of ``wiring``, while its context is open.

    The first ``show`` sets every pin, later ones only changes. Raises PinsError if pigpiod is not available or does
    not answer within ``TIMEOUT``; then open another connection.
    """

    def __init__(self, wiring: Wiring, where: PigpioConfig) -> None:
        self._wiring = wiring
        self._where = where
        self._pi: Any = None
        self._lit: int | None = None
        self._awaited = 0
        self._dimmers = tuple(_Dimmer(dimmer) for dimmer in wiring.dimmers)

    def __enter__(self) -> Self:
        try:
            import pigpio
        except ModuleNotFoundError:
            raise PinsError(f"pigpio is not installed; install it: {how_to_install('node')}") from None
        if not answers(self._where):
            raise PinsError(
                f"pigpiod does not answer at {self._where.host}:{self._where.port}; "
                "start it: sudo systemctl enable --now pigpiod"
            )
        self._pi = pigpio.pi(self._where.host, self._where.port, show_errors=False)
        if not self._pi.connected:
            raise PinsError("pigpiod takes no more connections; restart it: sudo systemctl restart pigpiod")
        self._pi.sl.s.settimeout(TIMEOUT)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        atexit.unregister(self._pi.stop)
        commands = self._pi.sl.s
        # This also ends the client's second thread, which would otherwise spin on a closed connection.
        with suppress(OSError):
            self._pi.stop()
        commands.close()

    def show(self, levels: bytes, switched: tuple[bool, ...]) -> None:
        """Set the outputs."""
        lit = self._wiring.lit(switched)
        with _told():
            self._collect()
            first = self._lit is None
            if self._lit is None:
                self._take(lit)
                for dimmer in self._dimmers:
                    dimmer.prepare(self._pi)
                self._lit = lit
            commands = [
                _COMMAND.pack(_SET_BANK if high else _CLEAR_BANK, mask, 0, 0)
                for high, mask in self._wiring.steps(self._lit, lit)
            ]
            commands += [command for dimmer in self._dimmers if (command := dimmer.command(levels))]
            if commands:
                self._pi.sl.s.sendall(b"".join(commands))
                self._awaited = len(commands)
            self._lit = lit
            if first:
                self._collect()

    def forget(self) -> None:
        """The pins have been set by someone else: the next ``show`` sets all of them."""
        with _told():
            self._collect()
        self._lit = None

    def check(self) -> None:
        """Check that pigpiod responds."""
        with _told():
            self._collect()
            self._pi.get_current_tick()

    def off(self) -> None:
        """Turn everything off and stop all PWM."""
        with _told():
            self._collect()
            self._take(0)
            self._lit = None

    def _collect(self) -> None:
        """Read the answers to the last frame, which have usually arrived long ago."""
        answers = b""
        while missing := self._awaited * _COMMAND.size - len(answers):
            piece = self._pi.sl.s.recv(missing)
            if not piece:
                raise ConnectionError("it hung up")
            answers += piece
        self._awaited = 0
        for (result,) in _ANSWER.iter_unpack(answers):
            if result < 0:
                raise PinsError(f"pigpiod refuses a command (error {result})")

    def _take(self, lit: int) -> None:
        # Unlike a bank write, a single write also ends PWM left on the pin, and makes it an output only after its
        # level is set.
        for dimmer in self._dimmers:
            dimmer.take(self._pi)
        for on in (False, True):
            for _, bit in self._wiring.switches:
                if bool(lit & bit) is on:
                    self._pi.write(bit.bit_length() - 1, on != bool(self._wiring.low & bit))


class _Dimmer:
    """PWM on one pin, by the Pi's hardware generator if the pin has one of its own, otherwise timed by pigpiod."""

    def __init__(self, dimmer: Dimmer) -> None:
        self._dimmer = dimmer
        self._hardware = dimmer.hardware
        self._shown: int | None = None
        self._duties: tuple[int, ...] = ()

    def take(self, pi: Any) -> None:
        """Claim the pin, dark and without PWM."""
        pi.write(self._dimmer.pin, self._dimmer.output.active_low)
        self._shown = None

    def command(self, levels: bytes) -> bytes:
        """The command that sets the PWM to the output's level; empty if it is already set."""
        duty = self._duties[levels[self._dimmer.index]]
        if duty == self._shown:
            return b""
        self._shown, pin = duty, self._dimmer.pin
        if not self._hardware:
            return _COMMAND.pack(_PWM, pin, duty, 0)
        frequency = self._dimmer.output.frequency
        return _COMMAND.pack(_HARDWARE_PWM, pin, frequency, _DUTY.size) + _DUTY.pack(duty)

    def prepare(self, pi: Any) -> None:
        """Set up PWM for the output, initially dark."""
        import pigpio

        pin, output = self._dimmer.pin, self._dimmer.output
        if self._hardware:
            self._duties = self._dimmer.duties(_HARDWARE_FULL)
            try:
                pi.hardware_PWM(pin, output.frequency, self._duties[0])
                return
            except pigpio.error as error:
                log.warning("no hardware PWM on pin %d (%s): pigpiod times it instead", pin, error)
                self._hardware = False
        pi.set_PWM_frequency(pin, output.frequency)
        pi.set_PWM_range(pin, output.steps)
        self._duties = self._dimmer.duties(output.steps)


@contextmanager
def _told() -> Iterator[None]:
    """Converts exceptions of the client, including those for truncated answers, to PinsError."""
    import pigpio

    try:
        yield
    except TimeoutError:
        raise PinsError(f"pigpiod did not answer within {TIMEOUT} s") from None
    except (OSError, struct.error) as error:
        raise PinsError(f"pigpiod is gone ({error})") from None
    except pigpio.error as error:
        raise PinsError(f"pigpiod refuses: {error}") from None
