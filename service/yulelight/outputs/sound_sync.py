"""Sound for WLED's own effects: "audio sync" of version 2, on UDP port 11988, usually by multicast to 239.0.0.1.

WLED's effects follow a volume, 16 bands of frequencies and peaks. Ours are those of the show: each channel is two
bands, and a channel that comes on is a peak. The format is that of ``audio_reactive.cpp`` in WLED 0.14 to 17. What
effects make of it is under no flash limit.
"""

import struct
import time
from collections.abc import Callable, Sequence

from yulelight.core.messages import CHANNELS, Packet
from yulelight.outputs.driven import Driven
from yulelight.outputs.network import NetworkDriver
from yulelight.outputs.pixels import Range, Strip
from yulelight.outputs.wire import Sent

PORT = 11988
GROUP = "239.0.0.1"
NO_FLASH_LIMIT = (
    "WLED's own effects keep no flash limit: they may flash faster than is safe for people with photosensitive "
    "epilepsy. Write no_flash_limit = true if you accept that"
)
_PACKET = struct.Struct("<6s2xffBB16s2xff")
_HEADER = b"00002\0"
_CENTRES = (64, 107, 172, 258, 365, 495, 689, 969, 1270, 1658, 2153, 2713, 3359, 4091, 5792, 8182)
"""Hz: the middle of each of WLED's bands."""
_LOUDEST = 254
_MAGNITUDE = 16.0
"""WLED's magnitude of the strongest frequency for each step of its band."""
_ONSET = 64
"""A channel that becomes brighter by as much from one packet to the next is a peak."""
_HOLD = 5.0
"""Seconds for which silence is sent after the last light of a show."""


def packet(levels: Sequence[int], before: Sequence[int], number: int) -> bytes:
    """The packet for these levels of the channels (0..255), ``before`` being those of the last one."""
    bands = [min(level, _LOUDEST) for level in levels for _ in range(16 // CHANNELS)]
    volume = (sum(level * level for level in levels) / len(levels)) ** 0.5
    strongest = max(range(16), key=bands.__getitem__)
    peak = any(now - was >= _ONSET for now, was in zip(levels, before, strict=True))
    return _PACKET.pack(
        _HEADER,
        volume,
        volume,
        peak,
        number % 256,
        bytes(bands),
        _MAGNITUDE * bands[strongest],
        _CENTRES[strongest] if bands[strongest] else 1.0,
    )


class SoundSync:
    """See Wire. The slots are the levels of the channels; it remembers the last ones, of which peaks are made."""

    name = "wled-sound"
    port = PORT

    def __init__(self, *, multicast: bool) -> None:
        self._to = GROUP if multicast else None
        self._before = bytes(CHANNELS)

    def frame(self, slots: bytes, number: int) -> list[Sent]:
        """See Wire."""
        made = packet(slots, self._before, number)
        self._before = slots
        return [(made, self._to)]

    def farewell(self, slots: bytes, number: int) -> list[Sent]:
        """See Wire. WLED takes the sound for lost after 2.5 seconds; until then it shall be silent."""
        return self.frame(slots, number)

    def last_words(self, slots: bytes) -> list[Sent]:
        """See Wire."""
        return [(packet(slots, slots, 0), self._to)]


class SoundSyncOutput(Driven):
    """See Output. It has no lights of ours: what WLED shows is neither known nor limited."""

    def __init__(
        self,
        name: str,
        host: str | None,
        port: int = PORT,
        *,
        rate: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        strip = Strip(CHANNELS, tuple(Range(n + 1, n, 1) for n in range(CHANNELS)), gamma=1, order="w")
        wire = SoundSync(multicast=host is None)
        self._network = NetworkDriver(name, host, wire, strip, port=port, rate=rate, streams=False)
        super().__init__(name, self._network, clock)
        self.lights = ()
        self._clock = clock
        self._used, self._until = False, float("-inf")

    def send(self, packet: Packet) -> None:
        """See Output. Nothing is sent while nothing is shown, so that devices may listen to others."""
        if any(map(any, packet.levels)):
            self._until = self._clock() + _HOLD
        self._stream()
        super().send(packet)

    def use(self, on: bool) -> None:
        """See Output."""
        self._used = on
        if not on:
            self._until = self._clock() + _HOLD
        self._stream()

    def _stream(self) -> None:
        self._network.stream(self._used or self._clock() < self._until)
