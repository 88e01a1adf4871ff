"""A dead man's switch: a process of its own that turns lights off when who shows them no longer can.

It is told on its standard input: first its configuration, after its length, then doubles, each the moment of
CLOCK_MONOTONIC until which the lights may stay as they are; infinity while they show the idle scene, not a number as
goodbye. When that moment passes, and when the other process has gone without a goodbye, all lights go off. That it is
ready, and later that it acted, is told by one byte on standard output.

Run as ``python -m yulelight.outputs.deadman`` it is the switch of lights on the network: its configuration has the
packets that make them dark (see ``Words``).
"""

import base64
import contextlib
import json
import math
import os
import select
import signal
import socket
import struct
import sys
import time
import zlib
from collections.abc import Callable, Sequence

from yulelight.core.errors import NetworkError, YulelightError

Words = Sequence[tuple[str, int, bytes]]
"""UDP packets to send: host, port, packet."""
LENGTH = struct.Struct("<I")
MOMENT = struct.Struct("<d")
_MAX_CONFIG_BYTES = 4 * 1024 * 1024
_RETRY = 0.2
_MAX_WAIT = 3600.0
"""Maximum seconds of one wait, since systems limit timeouts."""
_GIVE_UP = 30.0
"""Seconds for which it tries to reach the lights after the other process has ended."""

Dark = Callable[[], None]
"""Turns all lights off. Raises YulelightError."""


def guard(
    source: int, dark: Dark, acted: Callable[[], None], clock: Callable[[], float] = time.monotonic
) -> bool:
    """Watches the deadlines from the file descriptor ``source`` until it ends; returns whether there was a goodbye.

    ``dark`` is called when a deadline passes, and again until it succeeds; then ``acted``.
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
    """Calls ``dark`` until it succeeds, for at most ``patience`` seconds; returns whether it did."""
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


def serve(load: Callable[[bytes], Dark]) -> int:
    """Runs a switch and returns the exit status; ``load`` makes of the configuration the function that turns lights
    off.
    """
    # Signals that stop the other process are ignored here: this process ends after it.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    (length,) = LENGTH.unpack(_exactly(LENGTH.size))
    dark = load(_exactly(min(length, _MAX_CONFIG_BYTES)))

    def acted() -> None:
        with contextlib.suppress(OSError):
            os.write(1, b"!")

    acted()  # ready
    if guard(0, dark, acted):
        return 0
    return 0 if for_sure(dark) else 1


def pack(words: Words) -> bytes:
    """``words`` as a compressed configuration."""
    told = [(host, port, base64.b64encode(packet).decode()) for host, port, packet in words]
    return zlib.compress(json.dumps(told).encode())


def unpack(config: bytes) -> Words:
    """The inverse of ``pack``."""
    told = json.loads(zlib.decompress(config))
    return [(host, port, base64.b64decode(packet)) for host, port, packet in told]


def say(words: Words) -> None:
    """Sends all packets twice. Raises NetworkError if none could be sent."""
    sent = 0
    for family in (socket.AF_INET, socket.AF_INET6):
        mine = [word for word in words if (":" in word[0]) == (family is socket.AF_INET6)]
        if not mine:
            continue
        with socket.socket(family, socket.SOCK_DGRAM) as outlet:
            for host, port, packet in (*mine, *mine):
                with contextlib.suppress(OSError):
                    outlet.sendto(packet, (host, port))
                    sent += 1
    if words and not sent:
        raise NetworkError("no packet could be sent")


def _exactly(count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = os.read(0, count - len(data))
        if not piece:
            sys.exit(1)
        data += piece
    return data


def _network(config: bytes) -> Dark:
    words = unpack(config)
    return lambda: say(words)


if __name__ == "__main__":
    sys.exit(serve(_network))
