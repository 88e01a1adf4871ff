"""Codes to light for sound whose next seconds are known: live, but with a look-ahead.

Frames are decided as they become due and are not changed afterwards; sound received beyond them serves as
look-ahead. The stages are those of a song that is known as a whole (``mapping``). Statistics of the whole song (ranges,
usual levels) are replaced by those of the sound received so far; the readout of the lights is the same for all songs.
"""

from collections import deque

import numpy as np
import numpy.typing as npt

from yulelight.encoder.meaning import Meaning
from yulelight.encoder.sparse import Average, Hearing, Sparse
from yulelight.safety.frame import LightFrame
from yulelight.safety.limiter import limit_levels
from yulelight.safety.limits import Limits
from yulelight.safety.state import LimiterState
from yulelight.show.changes import events
from yulelight.show.envelope import fade, follow, gate, smooth
from yulelight.show.flash_planning import limit_swings
from yulelight.show.form import Form
from yulelight.show.heard import Heard
from yulelight.show.look import Look
from yulelight.show.mapping import AROUND, AT_REST, LOW, SWELLING, WITHIN, crisp
from yulelight.show.normalise import Range, RunningQuantiles
from yulelight.show.readout import Reading, decay, learnt
from yulelight.show.rhythm import Rhythm
from yulelight.show.running_statistics import RunningStatistics
from yulelight.show.seen import Frames, Seen
from yulelight.show.states import FAITHFUL_WEIGHT, SLOW, SLOW_WEIGHT, Search, Wish
from yulelight.show.stretches import BREATH, cut
from yulelight.show.telling_ahead import TellingAhead
from yulelight.show.voice import BRIGHT, FAITHFUL, Presence, blended

Array = npt.NDArray[np.float32]

KEPT = 30.0
"""Seconds of past frames that are kept."""
PAST = 5.0
"""Seconds of the past that are used to compute levels."""
FUTURE = 4.0
"""Maximum seconds of the future that a decision uses."""
PLANNED = 2.0
"""Seconds of past light with which the flash limit is planned."""
MAX_DECISION = 1.0
"""Maximum seconds that are decided at a time."""
MEMORY = 60.0
"""Seconds over which the usual levels are computed."""
QUICK_FAR = 0.12
"""As ``far`` of Hearing, for what states and levels tell: songs differ by less from what they were a minute before."""
NOW, LEAKY = 0.7, 0.8
"""Weights of a light's state and of its leaky mean in the readout, in standard deviations of the channel's level."""


class AheadMapping:
    """A stream in pieces: ``hear`` what came, then ``decide`` what becomes due.

    ``rest``, ``sparse``, ``meaning``, ``voice_channel``: as of Music.
    """

    def __init__(
        self,
        channels: int,
        rate: float,
        look: Look,
        rest: Array | None = None,
        sparse: Sparse | None = None,
        *,
        meaning: Meaning | None = None,
        voice_channel: int = 0,
    ) -> None:
        self._voice_channel, self._presence = voice_channel, Presence(rate)
        self._rate, self._look, self._sparse, self._meaning = rate, look, sparse, meaning
        self._rest = np.ones(channels, np.float32) if rest is None else rest
        self._heard, self._rhythm = Heard(channels, round(KEPT * rate)), Rhythm(rate)
        self._form = Form(rate)
        self._codes, self._hearing = self._ranges(channels), self._averages()
        self._slow = self._slow_average()
        self._telling = TellingAhead(channels, meaning) if meaning is not None else None
        self._levels = RunningStatistics(
            np.full(channels, 0.25), np.full(channels, 0.2), memory=MEMORY * rate, prior=4 * rate
        )
        self._loud = RunningStatistics(
            np.array([-30.0, -30.0]), np.array([8.0, 6.0]), memory=MEMORY * rate, prior=4 * rate
        )
        self._search = Search(channels, minimum=look.minimum, reluctance=look.reluctance, lit=look.lit)
        self._limits, self._output = Limits.even(channels, look.minimum), LimiterState.dark(channels)
        self._share = np.zeros(channels)
        self._wanted = np.zeros((0, channels), np.bool_)
        """States from frame ``_done`` on, as far as they are chosen."""
        self._shown = np.zeros((0, channels), np.bool_)
        """Those before it, of the last seconds."""
        self._lit = np.zeros((0, channels), np.float32)
        """The levels before it, of the last seconds."""
        self.heard = self._done = 0
        """Number of frames received, and number of frames decided."""
        self._coming: deque[tuple[Array, ...]] = deque()
        self._since = 0
        """Where the stretches that are being chosen begin: the last event, as a rule."""

    def forget(self) -> None:
        """What is not decided yet does not come after all: another sound follows what was decided."""
        self._coming.clear()
        self._heard.forget(self._done)
        if self._telling is not None:
            self._telling.forget()
        self._wanted = self._wanted[:0]
        self.heard = self._done

    def hear(self, codes: Array, loudness: Array, power: Array, voice: Array | None = None) -> None:
        """The next frames: (n, channels), (n,) in dBFS, (n, bands), and of a model with a voice head (n, 1)."""
        if len(codes):
            sung = self._presence.steps(np.zeros((len(codes), 0), np.float32) if voice is None else voice)
            self._coming.append((codes, loudness, power, sung))
            self.heard += len(codes)

    def _look_ahead(self, until: int) -> None:
        """What came is regarded as far as FUTURE beyond frame ``until``: more would cost more and tell no more."""
        last = until + round(FUTURE * self._rate)
        while self._coming and self._heard.count < last:
            some = self._coming.popleft()
            room = last - self._heard.count
            if len(some[0]) > room:
                self._coming.appendleft(tuple(part[room:] for part in some))
                some = tuple(part[:room] for part in some)
            self._heard.push(*some)
            open_gate = gate(some[1], self._look.gate_floor, self._look.gate_span)
            learns = self._codes if self._hearing is None else self._hearing
            for row in some[0][open_gate > 0.5]:
                learns.add(row)
                if self._slow is not None:
                    self._slow.add(row)

    def decide(self, until: int) -> list[LightFrame]:
        """The frames from the first that is not decided up to ``until``, as far as they have come."""
        frames: list[LightFrame] = []
        until = min(until, self.heard)
        while self._done < until:
            frames += self._decided(min(until, self._done + round(MAX_DECISION * self._rate)))
        return frames

    def _decided(self, until: int) -> list[LightFrame]:
        heard, rate, look = self._heard, self._rate, self._look
        self._look_ahead(until)
        first = max(heard.first, self._done - round(PAST * rate))
        codes, loudness = heard.codes[first - heard.first :], heard.loudness[first - heard.first :]
        open_gate = gate(smooth(loudness[:, None], 0.1 * rate)[:, 0], look.gate_floor, look.gate_span)
        sound = None
        if self._sparse is not None and self._hearing is not None:
            shaped = self._sparse.levels(codes, self._hearing.average, self._rest)
            if self._meaning is not None:
                sound = self._meaning.sound_of(codes, self._hearing.average)
        else:
            shaped = self._range().apply(codes)
        voice, share = heard.voice[first - heard.first :].T
        shaped = blended(shaped, self._voice_channel, voice, share, look.voice)
        even = smooth(loudness[:, None], SWELLING * rate)[:, 0]
        soon = smooth(loudness[:, None], 0.5 * rate)[:, 0]
        now, end = self._done - first, until - first
        audible = open_gate > 0.5
        fresh = np.flatnonzero(audible[now:end]) + now
        self._levels.add(shaped[fresh])
        self._loud.add(np.stack([soon, even], 1)[fresh])
        self._rhythm.look(heard, self._done)
        self._form.look(heard, self._done)
        # Levels that follow the states need them a little further than they are shown.
        reach = round(look.smooth * rate / 2) + 1 if look.levels == "switched" else 0
        dimmed = shaped * open_gate[:, None]
        seen = Seen(first, dimmed, dimmed if sound is None else sound, audible, soon, share > 0.5)
        self._choose(seen, min(until + reach, seen.end))
        if look.levels == "switched":
            states = np.concatenate([self._shown, self._wanted]).astype(np.float32)
            levels = smooth(states, look.smooth * rate)[len(self._shown) :]
        else:
            told = self._told(seen, open_gate, until)
            if told is not None:
                shaped = blended(told, self._voice_channel, voice, share, look.voice)
            levels = self._dimmed(shaped, open_gate, even, now)
        frames = []
        for k in range(until - self._done):
            self._output = limit_levels(
                self._output,
                levels[k].tolist(),
                self._wanted[k].tolist(),
                self._limits,
                (self._done + k) / rate,
            )
            frames.append(crisp(self._output, look))
        lit = np.frombuffer(b"".join(levels for levels, _ in frames), np.uint8).reshape(len(frames), -1)
        self._lit = np.concatenate([self._lit, lit.astype(np.float32) / 255])[-round(PLANNED * rate) :]
        self._shown = np.concatenate([self._shown, self._wanted[: len(frames)]])[-round(PAST * rate) :]
        self._wanted, self._done = self._wanted[len(frames) :], until
        return frames

    def _told(self, seen: Seen, open_gate: Array, until: int) -> Array | None:
        """Levels that follow the codes, adjusted; None for models without a reading for all songs.

        They are about the slow average, what they tell about the quick one: so nothing has to be made up for by all of
        them together.
        """
        slow, quick = self._slow, self._hearing
        if slow is None or quick is None or self._telling is None:
            return None
        assert self._sparse is not None and self._meaning is not None
        codes = self._heard.codes[seen.first - self._heard.first :]
        levels = self._sparse.levels(codes, slow.average, self._rest)
        free = np.ones(levels.shape[1])
        if seen.sung[-1]:
            free[self._voice_channel] = 0.0
        about = self._meaning.sound_of(codes, Average(quick.average.mean, slow.average.square))
        fixed = self._meaning.sound_of(codes, self._sparse.usually())
        return self._telling.told(levels, (about, fixed), open_gate, first=seen.first, until=until, free=free)

    def sections(self) -> list[int]:
        """Frames at which sections begin, of those that are decided and remembered."""
        return [frame for frame in self._form.sections if frame < self._done]

    def restyle(
        self,
        look: Look,
        rest: Array,
        sparse: Sparse | None,
        *,
        meaning: Meaning | None = None,
        voice_channel: int = 0,
        anew: bool,
    ) -> None:
        """Another look from the next decision on. ``anew``: the codes are another encoder's, ranges are new."""
        channels = len(rest)
        if anew:
            self._rest, self._sparse, self._meaning = rest, sparse, meaning
            self._voice_channel = voice_channel
            self._codes, self._hearing = self._ranges(channels), self._averages()
            self._slow = self._slow_average()
            self._telling = TellingAhead(channels, meaning, self._done) if meaning is not None else None
        self._look, self._limits = look, Limits.even(channels, look.minimum)
        self._search = Search(channels, minimum=look.minimum, reluctance=look.reluctance, lit=look.lit)

    def _ranges(self, channels: int) -> RunningQuantiles:
        return RunningQuantiles(channels, MEMORY * self._rate, prior=self._rate, up_to=0.5)

    def _averages(self) -> Hearing | None:
        if self._sparse is None:
            return None
        return Hearing(self._sparse, self._rate, prior=1.0, memory=MEMORY, far=QUICK_FAR)

    def _slow_average(self) -> Hearing | None:
        return Hearing(self._sparse, self._rate) if self._sparse is not None else None

    def _range(self) -> Range:
        learned = self._codes.range((LOW, self._look.bright))
        return Range(np.where(self._rest < AT_REST, self._rest, learned.low).astype(np.float32), learned.high)

    def _dimmed(self, shaped: Array, open_gate: Array, even: Array, now: int) -> Array:
        """Levels from frame ``now`` on, planned together with what is lit before it."""
        look, rate = self._look, self._rate
        around = smooth(shaped, AROUND * rate)
        usual = self._loud.mean[1] + 0.4 * self._loud.spread[1]
        swell = 10 ** (look.swell * np.clip(even - usual, -20.0, 6.0) / 20)
        vivid = np.clip((shaped + look.vivid * (shaped - around)) * swell[:, None], 0, 1).astype(np.float32)
        held = follow(vivid, fade(look.release, rate))
        coming = smooth(held * open_gate[:, None], look.smooth * rate)[now:]
        return limit_swings(np.concatenate([self._lit, coming]), rate)[len(self._lit) :]

    def _events(self) -> list[int]:
        rhythm, apart = self._rhythm, self._look.apart * self._rate
        match self._look.events:
            case "onsets":
                return events(rhythm.onsets, rhythm.beats, 0.07 * self._rate, apart)
            case "beats":
                return events((), rhythm.beats or rhythm.onsets, 0, apart)
            case "bars":
                return events(self._form.sections, rhythm.bars or rhythm.onsets, apart, apart)

    def _choose(self, seen: Seen, until: int) -> None:
        """States up to frame ``until``."""
        rate, look = self._rate, self._look
        chosen = self._done + len(self._wanted)
        if until <= chosen:
            return
        begin = [e for e in self._events() if max(self._since + look.apart * rate, chosen) <= e < seen.end]
        since = max(self._since, seen.first)
        within = WITHIN if look.events == "onsets" else None
        stretches = cut([0, *(e - since for e in begin)], seen.end - since, rate, within)
        starts, ends = stretches.starts + since, stretches.ends + since
        # A stretch that is being shown goes on until the next may begin.
        new = (starts >= chosen) & (starts < until)
        rows = self._searched(seen, starts[new], ends[new], stretches.begins[new])
        held = self._wanted[-1] if len(self._wanted) else np.array(self._output.on, np.bool_)
        edges = [chosen, *starts[new].tolist(), until]
        parts = [
            np.repeat(row[None], b - a, 0)
            for row, a, b in zip([held, *rows], edges[:-1], edges[1:], strict=True)
        ]
        self._wanted = np.concatenate([self._wanted, *parts])
        self._wanted &= seen.audible[self._done - seen.first : until - seen.first, None]
        self._since = max([self._since, *(e for e in begin if e < until)])
        while until - self._since > 2 * BREATH * rate:
            self._since += round(BREATH * rate)

    def _searched(self, seen: Seen, starts: Frames, ends: Frames, begins: Frames) -> npt.NDArray[np.bool_]:
        """States of the next stretches, which begin and end at these frames."""
        channels, look = seen.levels.shape[1], self._look
        if not len(starts):
            return np.zeros((0, channels), np.bool_)
        seconds = (ends - starts) / self._rate
        spread, usual = self._levels.spread, self._levels.mean
        means, soon = seen.means(seen.levels, starts, ends), seen.means(seen.loudness, starts, ends)
        loud = np.clip((soon - self._loud.mean[0]) / self._loud.spread[0], -2.5, 2.0)
        asked, share, weight = means.copy(), np.empty_like(means), np.full(channels, SLOW_WEIGHT)
        sung = bool(seen.sung[starts[-1] - seen.first]) and look.events == "onsets" and look.voice > FAITHFUL
        if sung:
            asked[:, self._voice_channel] = means[:, self._voice_channel] > BRIGHT
            weight[self._voice_channel] = FAITHFUL_WEIGHT
        for k, (row, keep) in enumerate(zip(asked, decay(seconds, SLOW).tolist(), strict=True)):
            share[k] = self._share = row + (self._share - row) * keep
        voice = share[:, self._voice_channel].copy()
        share = np.clip(
            share / np.maximum(usual, 1e-6) * look.lit * np.exp(look.climb * loud)[:, None], 0, 0.95
        )
        if sung:
            share[:, self._voice_channel] = voice
        if self._meaning is not None and self._sparse is not None:
            without = self._voice_channel if sung else None
            sound, reading = seen.means(seen.sound, starts, ends), learnt(self._meaning, without)
        else:
            tells = np.eye(channels) / np.sqrt((spread**2).sum())
            sound = (means - usual) @ tells
            reading = Reading(
                tells * NOW * spread, tells * LEAKY * spread, -tells @ ((NOW + LEAKY) * spread * look.lit)
            )
        hopes = Wish(sound, share, weight, loud, ~seen.audible[starts - seen.first])
        return self._search.on(starts / self._rate, begins, seconds, hopes, reading) > 0.5
