"""Maps codes to levels and states frame by frame, where nothing of the future is known."""

import numpy as np
import numpy.typing as npt

from yulelight.encoder.sparse import Hearing, Sparse
from yulelight.safety.frame import LightFrame
from yulelight.safety.limiter import limit_levels
from yulelight.safety.limits import Limits
from yulelight.safety.state import LimiterState
from yulelight.show.envelope import fade, gate
from yulelight.show.look import Look
from yulelight.show.mapping import AT_REST, LOW, crisp
from yulelight.show.normalise import Range, RunningQuantiles
from yulelight.show.stretches import BREATH
from yulelight.show.switch import switch
from yulelight.show.voice import BRIGHT, OFF_BELOW, Presence, blended

Array = npt.NDArray[np.float32]

GRACE = 0.03
"""Live: seconds after a note's beginning in which more lights may come on: by then it is known better."""


class LiveMapping:
    """A stream, frame by frame: the stages of ``mapping`` that need no future, with ranges learned on the way.

    ``rest``, ``sparse``, ``voice_channel``: as of Music.
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
        *,
        voice_channel: int = 0,
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
        self._hearing = Hearing(sparse, rate) if sparse is not None else None
        self._voice_channel, self._presence, self._sung = voice_channel, Presence(rate), (0.0, 0.0)
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

    def step(self, codes: Array, loudness: float, begins: bool, voice: float | None = None) -> LightFrame:
        """One frame: ``codes`` (channels,) in [0, 1], its loudness in dBFS, and whether a note begins with it.

        ``voice``: how bright the voice is, in [0, 1]; None where nothing tells.
        """
        open_gate = float(gate(loudness, self._look.gate_floor, self._look.gate_span))
        if self._hearing is not None:
            shaped = heard = self._hearing.levels(codes, self._rest, heard=open_gate > 0.5)
        else:
            shaped = heard = self._range.apply(codes)
        if voice is not None:
            self._sung = self._presence.step(voice)
            shaped = heard = blended(heard, self._voice_channel, *self._sung, self._look.voice)
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
        on = self._with_voice(self._switched(now, begins and open_gate > 0.5), heard=open_gate > 0.5)
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

    def _with_voice(self, wanted: tuple[bool, ...], *, heard: bool) -> tuple[bool, ...]:
        """``wanted`` with the voice's light on while somebody sings, whether or not a note begins."""
        level, share = self._sung
        if share < 0.5 or self._look.events != "onsets":
            return wanted
        channel = self._voice_channel
        least = OFF_BELOW if self._output.on[channel] else BRIGHT
        return (*wanted[:channel], heard and level > least, *wanted[channel + 1 :])

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
        _, high = self._output.permitted_shares(now)
        for channel in sorted(range(len(on)), key=above.__getitem__):
            if sum(shown) <= high * len(on):
                break
            if on[channel] and free[channel]:
                shown[channel] = False
        return tuple(shown)
