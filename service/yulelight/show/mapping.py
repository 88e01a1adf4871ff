"""Maps codes to levels and states: a whole song at once, or live, frame by frame."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from yulelight.analysis.components import principal_components
from yulelight.encoder.sparse import Hearing, Sparse
from yulelight.safety.limiter import LightFrame, LimiterState, limit_levels
from yulelight.safety.limits import Limits
from yulelight.show.changes import events
from yulelight.show.envelope import fade, follow, gate, smooth
from yulelight.show.flash_planning import limit_swings
from yulelight.show.look import Look
from yulelight.show.normalise import Range, RunningQuantiles, quantiles
from yulelight.show.rests import rests
from yulelight.show.states import choose, wish
from yulelight.show.stretches import BREATH, cut
from yulelight.show.switch import switch

Array = npt.NDArray[np.float32]

VERSION = 7
"""Increase it whenever the same song, model and look give a different show: stored shows are then rendered again."""
AT_REST = 0.05
"""Channels whose code for silence is below this are dark in silence; the range of others begins at their LOW
quantile."""
LOW = 0.08
WITHIN = 0.15
"""Seconds between times at which lights may go off."""
AROUND = 4.0
"""Seconds that a level is compared with, to stand out from them."""
SWELLING = 3.0
"""Seconds over which the loudness for ``swell`` is averaged."""
GRACE = 0.03
"""Live: seconds after a note's beginning in which more lights may come on: by then it is known better."""


@dataclass(frozen=True, slots=True)
class Music:
    """The input of the mapping: frames of a song at ``rate`` per second, from the spectrum and the encoder."""

    codes: Array
    """(frames, channels) in [0, 1]."""
    loudness: Array
    """(frames,) dBFS."""
    onsets: tuple[int, ...]
    """Frames of onsets."""
    beats: tuple[int, ...]
    rate: float
    rest: Array
    """The codes of silence (channels,)."""
    bars: tuple[int, ...] = ()
    """Frames at which bars begin."""
    sections: tuple[int, ...] = ()
    """Frames at which sections begin, except the first."""
    power: Array | None = None
    """(frames, bands): how loud the song is where; without it, the codes say what it sounds like."""
    sparse: Sparse | None = None
    """How codes become levels; None: they are levels, each channel stretched to the song's range."""
    voice: Array | None = None
    """(frames,) how bright the voice is, in [0, 1]; None where nobody sings or nothing tells."""
    voice_channel: int = 0
    """The channel that shows it instead of its own code."""


def map_song(music: Music, look: Look) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.bool_]]:
    """Levels uint8 and switched bool, both (frames, channels).

    Ranges are those of the song's audible frames, so that silent ends do not squeeze the music.
    """
    levels, switched, _ = map_piece(music, look, LimiterState.dark(music.codes.shape[1]))
    return levels, switched


def map_piece(
    music: Music, look: Look, output: LimiterState, start: float = 0.0
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.bool_], LimiterState]:
    """As ``map_song``, for a piece of a song that begins at ``start`` seconds with the lights as ``output`` has them.

    The third is how the lights stand at its end.
    """
    frames, channels = music.codes.shape
    if frames == 0:
        return np.zeros((0, channels), np.uint8), np.zeros((0, channels), np.bool_), output
    open_gate = gate(smooth(music.loudness[:, None], 0.1 * music.rate)[:, 0], look.gate_floor, look.gate_span)
    audible = open_gate > 0.5
    shaped = _shaped(music, audible, look)
    if music.voice is not None:
        shaped = shaped.copy()
        shaped[:, music.voice_channel] = music.voice
    wanted = _switched(music, shaped * open_gate[:, None], audible, look)
    levels = _levels(music, shaped, open_gate, wanted, look)
    limits = Limits.even(channels, look.minimum)
    emitted: list[LightFrame] = []
    for k, (row, on) in enumerate(zip(levels.tolist(), wanted, strict=True)):
        output = limit_levels(output, row, on, limits, start + k / music.rate)
        emitted.append(crisp(output, look))
    put = np.frombuffer(b"".join(frame[0] for frame in emitted), np.uint8).reshape(frames, channels)
    return put, np.array([frame[1] for frame in emitted], np.bool_), output


def _shaped(music: Music, audible: npt.NDArray[np.bool_], look: Look) -> Array:
    """Levels (frames, channels) that follow the codes."""
    heard = music.codes[audible]
    if music.sparse is None:
        return _range(heard, music.rest, look).apply(music.codes)
    return music.sparse.levels(music.codes, music.sparse.average(heard), music.rest)


def _levels(
    music: Music, shaped: Array, open_gate: Array, wanted: list[tuple[bool, ...]], look: Look
) -> Array:
    """Levels (frames, channels) before the limits."""
    if look.levels == "switched":
        return smooth(np.array(wanted, np.float32), look.smooth * music.rate)
    around = smooth(shaped, AROUND * music.rate)
    swell = 10 ** (look.swell * _louder(music, open_gate > 0.5) / 20)
    vivid = np.clip((shaped + look.vivid * (shaped - around)) * swell[:, None], 0, 1).astype(np.float32)
    held = follow(_steadied(vivid, look.steady * music.rate), fade(look.release, music.rate))
    return limit_swings(smooth(held * open_gate[:, None], look.smooth * music.rate), music.rate)


def _louder(music: Music, audible: npt.NDArray[np.bool_]) -> Array:
    """(frames,): by how many dB each moment is louder than most, smoothed; held within a range."""
    if not audible.any():
        return np.zeros(len(audible), np.float32)
    even = smooth(music.loudness[:, None], SWELLING * music.rate)[:, 0]
    usual = float(np.quantile(even[audible], 0.7))
    return np.asarray(np.clip(even - usual, -20.0, 6.0), np.float32)


def crisp(output: LimiterState, look: Look) -> LightFrame:
    """The frame; full or dark where the look has it so: then the levels are as safe as the states."""
    levels, on = output.frame()
    if look.levels == "switched" and not look.smooth:
        levels = bytes([255 * lit for lit in on])
    return levels, on


def _events(music: Music, look: Look) -> list[int]:
    apart = look.apart * music.rate
    match look.events:
        case "onsets":
            return events(music.onsets, music.beats, 0.07 * music.rate, apart)
        case "beats":
            return events((), music.beats or music.onsets, 0, apart)
        case "bars":
            return events(music.sections, music.bars or music.onsets, apart, apart)


def _range(heard: Array, rest: Array, look: Look) -> Range:
    between = quantiles(heard, (LOW, look.bright))
    return Range(np.where(rest < AT_REST, rest, between.low).astype(np.float32), between.high)


def _steadied(shaped: Array, width: float) -> Array:
    """The channels moving against each other, the whole evened out over ``width`` frames: so it cannot flash."""
    mean = shaped.mean(1, keepdims=True)
    return np.asarray(np.clip(smooth(mean, width) + shaped - mean, 0, 1), np.float32)


def _switched(
    music: Music, shaped: Array, audible: npt.NDArray[np.bool_], look: Look
) -> list[tuple[bool, ...]]:
    within = WITHIN if look.events == "onsets" else None
    begin = _events(music, look)
    stretches = cut(begin, len(shaped), music.rate, within)
    known = music.power is not None and audible.any()
    sound = principal_components(music.power, audible) if known and music.power is not None else shaped
    hopes = wish(
        stretches,
        stretches.means(sound),
        stretches.means(shaped),
        audible[stretches.starts],
        loudness=stretches.means(smooth(music.loudness[:, None], 0.5 * music.rate))[:, 0],
        rests=rests(stretches, begin, music.loudness) if look.events == "onsets" else None,
        faithful=music.voice_channel if music.voice is not None else None,
    )
    states = choose(stretches, hopes, minimum=look.minimum, reluctance=look.reluctance)
    return [tuple(row) for row in (stretches.spread(states) & audible[:, None]).tolist()]


class LiveMapping:
    """A stream, frame by frame: the same stages as far as they need no future, with ranges learned on the way.

    ``rest``, ``sparse``: as of Music.
    """

    RELEARN = 8
    """Frames between new quantiles: they move slowly and cost more than all the rest."""

    def __init__(
        self,
        channels: int,
        rate: float,
        look: Look,
        rest: Array | None = None,
        sparse: Sparse | None = None,
    ) -> None:
        self._look, self._rate = look, rate
        memory = look.memory * rate
        self._rest = np.ones(channels, np.float32) if rest is None else rest
        self._codes = RunningQuantiles(channels, memory, prior=2 * rate)
        self._lights = RunningQuantiles(channels, memory, prior=2 * rate)
        self._keep = fade(look.release, rate)
        self._even = fade(look.steady / 2, rate)
        self._fall, self._rise = fade(look.smooth / 4, rate), fade(look.attack, rate)
        self._mean = 0.0
        self._light = np.zeros(channels, np.float32)
        self._soft = np.zeros(channels, np.float32)
        self._heard = np.zeros(channels, np.float32)
        self._changed = self._came_on = self._begun = float("-inf")
        self._limits = Limits.even(channels, look.minimum)
        self._output = LimiterState.dark(channels)
        self._count = 0
        self._hearing = Hearing(sparse, memory, prior=2 * rate) if sparse is not None else None
        self._learn()

    def _learn(self) -> None:
        learned = self._codes.range((LOW, self._look.bright))
        self._range = Range(
            np.where(self._rest < AT_REST, self._rest, learned.low).astype(np.float32), learned.high
        )
        lights = self._lights.range(self._look.live_switch)
        # Never so low that a decaying level keeps a relay on.
        self._off_below = np.maximum(lights.low, 0.05).tolist()
        self._on_above = np.maximum(lights.high, 0.08).tolist()

    def step(self, codes: Array, loudness: float, begins: bool) -> LightFrame:
        """One frame: ``codes`` (channels,) in [0, 1], its loudness in dBFS, and whether a note begins with it."""
        open_gate = float(gate(loudness, self._look.gate_floor, self._look.gate_span))
        if self._hearing is not None:
            shaped = heard = self._hearing.levels(codes, self._rest, heard=open_gate > 0.5)
        else:
            shaped = heard = self._range.apply(codes)
        if begins:
            # The window holds half of the note: it will go on rising as it began.
            shaped = np.clip(2 * heard - np.minimum(heard, self._heard), 0, 1)
        self._heard = heard
        mean = float(shaped.mean())
        self._mean = self._even * self._mean + (1 - self._even) * mean
        wanted = np.clip(shaped + (self._mean - mean), 0, 1) * open_gate
        self._light = np.maximum(wanted, self._keep * self._light).astype(np.float32)
        if open_gate > 0.5:
            self._codes.add(codes)
            self._lights.add(self._light)
            if self._count % self.RELEARN == 0:
                self._learn()
        now = self._count / self._rate
        self._count += 1
        on = self._switched(now, begins and open_gate > 0.5)
        light = np.array(on, np.float32) if self._look.levels == "switched" else self._light
        soften = np.where(light > self._soft, self._rise, self._fall)
        self._soft = np.asarray(soften * self._soft + (1 - soften) * light, np.float32)
        before = self._output.on
        self._output = limit_levels(self._output, self._soft.tolist(), on, self._limits, now)
        if self._output.on != before:
            self._changed = now
        if any(lit and not was for lit, was in zip(self._output.on, before, strict=True)):
            self._came_on = now
        return crisp(self._output, self._look)

    def _switched(self, now: float, begins: bool) -> tuple[bool, ...]:
        """The requested states: lights come on at onsets, and go off when their level has fallen.

        Beats and bars are unknown: looks that wait for them change at onsets, equally rarely.
        """
        on, light = self._output.on, self._light.tolist()
        if self._look.events != "onsets" and now - self._changed < self._look.apart:
            return on if any(light) else (False,) * len(on)
        wanted = switch(on, light, on_above=self._on_above, off_below=self._off_below)
        if begins:
            self._begun = now
            return self._handed_on(wanted, light, now)
        if self._look.events != "onsets":
            return on if any(light) else wanted
        if now - self._begun <= GRACE or now - self._came_on >= BREATH:
            return wanted
        return tuple(want and lit for want, lit in zip(wanted, on, strict=True))

    def _handed_on(self, wanted: tuple[bool, ...], light: list[float], now: float) -> tuple[bool, ...]:
        """``wanted`` with at least one new light; where the flash limit has no room for it, the dimmest make some."""
        on, shown = self._output.on, list(wanted)
        free = [
            now - since >= least[not lit]
            for since, least, lit in zip(self._output.since, self._limits.times, on, strict=True)
        ]
        above = [x - least for x, least in zip(light, self._on_above, strict=True)]
        ready = [c for c in range(len(on)) if free[c] and not on[c]]
        if ready and not any(shown[c] for c in ready):
            shown[max(ready, key=above.__getitem__)] = True
        _, high = self._output.rooms(now)
        for channel in sorted(range(len(on)), key=above.__getitem__):
            if sum(shown) <= high * len(on):
                break
            if on[channel] and free[channel]:
                shown[channel] = False
        return tuple(shown)
