"""The node's dead man's switch: a process of its own that turns the lights off when the node no longer can.

The node starts it as ``python -m yulelight.node.deadman`` and writes to its standard input: first its configuration
(TOML, after its length), then doubles, each the moment of CLOCK_MONOTONIC until which the lights may stay as they are;
infinity while they show the idle scene, not a number as goodbye. When that moment passes, and when the node has gone
without a goodbye, all lights go off. That it acted is told by one byte on standard output.

It knows no network and no event loop, so neither a hung, stopped or killed node nor a busy one holds it up.
"""

import contextlib
import math
import os
import select
import signal
import struct
import sys
import time
from collections.abc import Callable

from yulelight.core.errors import YulelightError
from yulelight.node.config import NodeConfig, parse

LENGTH = struct.Struct("<I")
MOMENT = struct.Struct("<d")
_MAX_CONFIG_BYTES = 256 * 1024
_RETRY = 0.2
_MAX_WAIT = 3600.0
"""Seconds of one wait: a system takes no longer ones than its numbers can hold."""
_GIVE_UP = 30.0
"""Seconds for which it tries to reach the pins of a node that has gone."""

Dark = Callable[[], None]
"""Turns all lights off. Raises YulelightError."""


def guard(
    source: int, dark: Dark, acted: Callable[[], None], clock: Callable[[], float] = time.monotonic
) -> bool:
    """Watches the moments on the file descriptor ``source`` until it ends; whether that was with a goodbye.

    ``dark`` is called when a moment passes, and again until it succeeds; then ``acted``.
    """
    until, rest = math.inf, b""
    while True:
        wait = None if until == math.inf else min(max(0.0, until - clock()), _MAX_WAIT)
        readable, _, _ = select.select([source], [], [], wait)
        if readable:
            data = os.read(source, 4096)
            if not data:
                return False
            rest += data
            whole = len(rest) - len(rest) % MOMENT.size
            for (until,) in MOMENT.iter_unpack(rest[:whole]):
                if math.isnan(until):
                    return True
            rest = rest[whole:]
        elif until <= clock():
            try:
                dark()
            except YulelightError:
                until = clock() + _RETRY
            else:
                until = math.inf
                acted()


def for_sure(dark: Dark, patience: float = _GIVE_UP, clock: Callable[[], float] = time.monotonic) -> bool:
    """Calls ``dark`` until it succeeds, at most for ``patience`` seconds; whether it did."""
    end = clock() + patience
    while True:
        try:
            dark()
        except YulelightError:
            if clock() > end:
                return False
            time.sleep(_RETRY)
        else:
            return True


def dark_by(driver: str, config: NodeConfig, node: int) -> Dark:
    """What turns the lights of ``config`` off. Loads the driver's library now, since later there may be no time.

    ``node``: the node's process, which has lgpio's pins to itself: it is ended first.
    """
    from yulelight.node.outputs import Wiring

    wiring = Wiring(config.outputs)
    if driver == "pigpio":
        from yulelight.node.drivers.pigpiod import DarkPins

        return DarkPins(wiring, config.pigpio)

    from yulelight.node.drivers.lgpio import Chip, load

    load()

    def by_lgpio() -> None:
        # Our parent still, and not a process that got its number since.
        if os.getppid() == node:
            os.kill(node, signal.SIGKILL)
        Chip(wiring).close()

    return by_lgpio


def main() -> int:
    """See the module's text. Arguments: the driver's name and the node's process."""
    # Who stops the node does not mean us: we end after it.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    (length,) = LENGTH.unpack(_exactly(LENGTH.size))
    config = parse(_exactly(min(length, _MAX_CONFIG_BYTES)).decode())
    dark = dark_by(sys.argv[1], config, int(sys.argv[2]))

    def acted() -> None:
        with contextlib.suppress(OSError):
            os.write(1, b"!")

    acted()  # ready
    if guard(0, dark, acted):
        return 0
    return 0 if for_sure(dark) else 1


def _exactly(count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = os.read(0, count - len(data))
        if not piece:
            sys.exit(1)
        data += piece
    return data


if __name__ == "__main__":
    sys.exit(main())
