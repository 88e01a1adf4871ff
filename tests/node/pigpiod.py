"""A stand-in for pigpiod: speaks its socket protocol, has pins only in memory, records every change with its time.

Written from the socket interface's documentation (https://abyz.me.uk/rpi/pigpio/sif.html). A command is four
unsigned words, little-endian: command, p1, p2, length of an extension; the answer repeats the first three and
ends with the result, negative for an error. Only what lights need is there.

As a process of its own, to be killed: ``python -m tests.node.pigpiod --port 8888 --record changes.jsonl``.
"""

import argparse
import json
import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

WORDS = struct.Struct("<IIII")
FREQUENCIES = (8000, 4000, 2000, 1600, 1000, 800, 500, 400, 320, 250, 200, 160, 100, 80, 50, 40, 20, 10)
"""Hz that pigpiod can time with its default sample rate."""
HARDWARE_PINS = (12, 13, 18, 19)
FULL = 1_000_000

BAD_USER_GPIO, BAD_GPIO, BAD_MODE, BAD_LEVEL, BAD_DUTYCYCLE = -2, -3, -4, -5, -8
BAD_DUTYRANGE, UNKNOWN_COMMAND, NOT_HPWM_GPIO, BAD_HPWM_DUTY, HPWM_ILLEGAL = -21, -88, -95, -97, -100


class Change(NamedTuple):
    """A pin changed: ``share`` of time for which it is high from now on, 0.0 or 1.0 without pulses."""

    time: float
    """time.monotonic(); what one command changed has one time."""
    pin: int
    share: float


class RefusedError(Exception):
    """A command that pigpiod answers with a negative result."""


class Pigpiod:
    """Listens on ``port`` of the loopback (0: any) while its context is open.

    ``behind`` is how many bytes had come behind each command that was not the last of what was written at once.
    ``pins`` is each pin's present share of high time, ``outputs`` those that are outputs, ``pulses`` those with pulses:
    (frequency, range, whether by hardware). ``hang()`` keeps commands waiting until ``go_on()``. ``hardware`` False is
    a pigpiod that was started with ``-t 0``.
    """

    def __init__(
        self, port: int = 0, *, hardware: bool = True, on_change: Callable[[Change], None] | None = None
    ) -> None:
        self.changes: list[Change] = []
        self.commands: list[int] = []
        self.behind: list[int] = []
        self.pins: dict[int, float] = {}
        self.outputs: set[int] = set()
        self.pulses: dict[int, tuple[int, int, bool]] = {}
        self._hardware = hardware
        self._on_change = on_change
        self._frequencies: dict[int, int] = {}
        self._ranges: dict[int, int] = {}
        self._going = threading.Event()
        self._going.set()
        self._lock = threading.Lock()
        self._connections: set[socket.socket] = set()
        self._server = socket.create_server(("127.0.0.1", port))
        self.port: int = self._server.getsockname()[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.go_on()
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for connection in tuple(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def hang(self) -> None:
        self._going.clear()

    def go_on(self) -> None:
        self._going.set()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._connections.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            while command := connection.recv(WORDS.size, socket.MSG_WAITALL):
                if len(command) < WORDS.size:
                    break
                with suppress(BlockingIOError):
                    self.behind.append(len(connection.recv(4096, socket.MSG_PEEK | socket.MSG_DONTWAIT)))
                self._going.wait()
                code, p1, p2, length = WORDS.unpack(command)
                extension = connection.recv(length, socket.MSG_WAITALL) if length else b""
                try:
                    with self._lock:
                        result = self._do(code, p1, p2, extension)
                except RefusedError as refused:
                    result = int(refused.args[0])
                connection.sendall(WORDS.pack(code, p1, p2, result & 0xFFFF_FFFF))
        self._connections.discard(connection)

    def _do(self, code: int, p1: int, p2: int, extension: bytes) -> int:
        now = time.monotonic()
        self.commands.append(code)
        match code:
            case 0:  # MODES
                check(p1 <= 53, BAD_GPIO)
                check(p2 <= 7, BAD_MODE)
                (self.outputs.add if p2 == 1 else self.outputs.discard)(p1)
            case 4:  # WRITE
                check(p1 <= 53, BAD_GPIO)
                check(p2 <= 1, BAD_LEVEL)
                self.pulses.pop(p1, None)
                self.outputs.add(p1)
                self._set(now, p1, float(p2))
            case 5:  # PWM
                check(p1 <= 31, BAD_USER_GPIO)
                steps = self._ranges.get(p1, 255)
                check(p2 <= steps, BAD_DUTYCYCLE)
                self.outputs.add(p1)
                self.pulses[p1] = (self._frequencies.get(p1, 800), steps, False)
                self._set(now, p1, p2 / steps)
            case 6:  # PRS
                check(p1 <= 31, BAD_USER_GPIO)
                check(25 <= p2 <= 40_000, BAD_DUTYRANGE)
                self._ranges[p1] = p2
                return p2
            case 7:  # PFS
                check(p1 <= 31, BAD_USER_GPIO)
                self._frequencies[p1] = min(FREQUENCIES, key=lambda possible: abs(possible - p2))
                return self._frequencies[p1]
            case 10:  # BR1
                return sum(1 << pin for pin, share in self.pins.items() if share == 1.0)
            case 12 | 14:  # BC1, BS1: pins with pulses keep them
                for pin in (pin for pin in range(32) if p1 >> pin & 1 and pin not in self.pulses):
                    self._set(now, pin, float(code == 14))
            case 16:  # TICK
                return int(now * 1e6) & 0x7FFF_FFFF
            case 17:  # HWVER
                return 0xA02082
            case 19 | 21 | 99:  # NB, NC, NOIB: nobody asks for notifications
                return 0
            case 26:  # PIGPV
                return 79
            case 86:  # HP
                check(p1 in HARDWARE_PINS, NOT_HPWM_GPIO)
                check(self._hardware, HPWM_ILLEGAL)
                (duty,) = struct.unpack("<I", extension)
                check(duty <= FULL, BAD_HPWM_DUTY)
                self.outputs.add(p1)
                self.pulses[p1] = (p2, FULL, True)
                self._set(now, p1, duty / FULL)
            case _:
                raise RefusedError(UNKNOWN_COMMAND)
        return 0

    def _set(self, now: float, pin: int, share: float) -> None:
        if self.pins.get(pin) == share:
            return
        self.pins[pin] = share
        change = Change(now, pin, share)
        self.changes.append(change)
        if self._on_change:
            self._on_change(change)


def check(fine: bool, result: int) -> None:
    if not fine:
        raise RefusedError(result)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--record", type=Path, help="JSON lines: [time, pin, share]")
    arguments = parser.parse_args()
    record = arguments.record and arguments.record.open("a", buffering=1)

    def write(change: Change) -> None:
        if record:
            record.write(json.dumps(change) + "\n")

    with Pigpiod(arguments.port, on_change=write) as pigpiod:
        print(pigpiod.port, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
