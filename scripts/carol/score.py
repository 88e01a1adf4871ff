"""A score in beats that can be written as a Standard MIDI File (format 0, 480 ticks a beat)."""

import random
from pathlib import Path

TICKS = 480
DRUMS = 9
VOLUME, PAN, EXPRESSION, REVERB = 7, 10, 11, 91


class Score:
    """Notes and controls at times in beats. ``loose`` shifts them a little in time and strength, as players do."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._events: list[tuple[int, int, bytes]] = []

    def tempo(self, beat: float, bpm: float) -> None:
        self._add(beat, 0, b"\xff\x51\x03" + round(60_000_000 / bpm).to_bytes(3, "big"))

    def player(self, channel: int, program: int, volume: int, pan: int, reverb: int) -> None:
        """Who plays on a channel: General MIDI program, volume, pan (64 is the middle) and reverb, each 0 to 127."""
        self._add(0, 0, bytes((0xC0 | channel, program)))
        for control, value in ((VOLUME, volume), (PAN, pan), (REVERB, reverb), (EXPRESSION, 127)):
            self._add(0, 0, bytes((0xB0 | channel, control, value)))

    def swell(self, channel: int, start: float, end: float, first: int, last: int) -> None:
        """Expression from ``first`` to ``last`` over the beats from ``start`` to ``end``."""
        steps = max(1, round((end - start) * 8))
        for step in range(steps + 1):
            value = round(first + (last - first) * step / steps)
            self._add(start + (end - start) * step / steps, 1, bytes((0xB0 | channel, EXPRESSION, value)))

    def note(
        self, channel: int, beat: float, length: float, pitch: int, velocity: float, loose: float = 1.0
    ) -> None:
        start = max(0.0, beat + self._random.gauss(0, 0.008) * loose)
        strength = min(127, max(1, round(velocity + self._random.gauss(0, 3.5) * loose)))
        self._add(start, 2, bytes((0x90 | channel, pitch, strength)))
        self._add(start + length, 1, bytes((0x80 | channel, pitch, 0)))

    def roll(self, channel: int, start: float, end: float, pitch: int, first: float, last: float) -> None:
        """A drum roll, eight strokes a beat, from one strength to another."""
        strokes = round((end - start) * 8)
        for stroke in range(strokes):
            strength = first + (last - first) * stroke / strokes
            self.note(channel, start + stroke / 8, 0.12, pitch, strength)

    def write(self, path: Path) -> None:
        track, now = bytearray(), 0
        for tick, _, message in sorted(self._events, key=lambda event: event[:2]):
            track += _variable(tick - now) + message
            now = tick
        track += _variable(TICKS) + b"\xff\x2f\x00"
        header = b"MThd" + (6).to_bytes(4, "big") + bytes((0, 0, 0, 1)) + TICKS.to_bytes(2, "big")
        path.write_bytes(header + b"MTrk" + len(track).to_bytes(4, "big") + track)

    def _add(self, beat: float, order: int, message: bytes) -> None:
        self._events.append((round(beat * TICKS), order, message))


def _variable(number: int) -> bytes:
    out = [number & 0x7F]
    while number := number >> 7:
        out.append(0x80 | number & 0x7F)
    return bytes(reversed(out))
