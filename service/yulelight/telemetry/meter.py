"""Counts the packets and frames that the lights publish."""

from collections.abc import Callable

from yulelight.actors import Actor, Broadcast
from yulelight.core.messages import Packet
from yulelight.telemetry.metrics import Metrics


class Meter(Actor[None]):
    """Subscribes to the packets. ``clock`` is the clock of their presentation times."""

    def __init__(self, packets: Broadcast[Packet], metrics: Metrics, clock: Callable[[], float]) -> None:
        self._packets, self._metrics, self._clock = packets, metrics, clock

    async def started(self) -> None:
        self.spawn(self._count(), "count")

    async def _count(self) -> None:
        with self._packets.subscribe(256) as packets:
            async for packet in packets:
                self._metrics.packets.inc()
                self._metrics.frames.inc(len(packet.levels))
                self._metrics.frames_late.inc(late_frames(packet, self._clock()))


def late_frames(packet: Packet, now: float) -> int:
    """The number of the packet's frames that were due more than one interval or 50 ms before ``now`` seconds."""
    grace = min(packet.interval, 50_000)
    behind = now * 1e6 - grace - packet.at
    return 0 if behind <= 0 else min(len(packet.levels), int(behind // packet.interval) + 1)
