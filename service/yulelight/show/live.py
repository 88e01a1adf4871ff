"""Live sound to light: what is heard in it, what it looks like, and what of it has to be decided when.

With a look-ahead, frames come before they are due: each is decided as late as it may, knowing what has come beyond it
(``ahead``). Without one a frame is decided as it comes (``at_once``).
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from yulelight.core.messages import CHANNELS
from yulelight.dsp.onsets import band_power
from yulelight.dsp.pan import HELD, SidesStream, pan
from yulelight.dsp.samples import Floats, mono
from yulelight.dsp.spectrum import FRAME_RATE, RATE, WINDOW, SpectrumStream, loudness
from yulelight.dsp.trigger import Trigger
from yulelight.encoder.model import Encoder
from yulelight.safety.frame import LightFrame
from yulelight.show.ahead import AheadMapping
from yulelight.show.at_once import LiveMapping
from yulelight.show.envelope import fade
from yulelight.show.look import Look
from yulelight.show.pan import in_steps
from yulelight.show.show import Show

LEAST = 0.1
"""Seconds of look-ahead from which it is used."""
EARLY = 0.25
"""Seconds by which frames leave before they are due, at most: what happens meanwhile still counts for them."""
STEP = (0.05, 0.25)
"""Seconds from one decision to the next, shortest and longest."""


class Plan(NamedTuple):
    """When frames are decided, in seconds: every ``step`` those that become due until the next time."""

    early: float
    step: float

    @classmethod
    def of(cls, look_ahead: float) -> "Plan":
        """For sound that comes by so much before it is heard."""
        return cls(min(EARLY, look_ahead / 4), min(max(STEP[0], look_ahead / 8), STEP[1]))


class Analysed(NamedTuple):
    """The analysis of n spectrum frames."""

    codes: Floats
    """(n, channels)."""
    voice: Floats
    """(n, 1), how bright the voice is; (n, 0) of a model without a voice head."""
    loudness: Floats
    """(n,) dBFS."""
    magnitudes: Floats
    """(n, 513)."""
    pan: list[float]
    """Position of the sound, from -1 (left) to 1 (right)."""


class LiveAnalysis:
    """Spectrum, codes, loudness and pan of a stream of (k, 2) samples at 44.1 kHz."""

    def __init__(self, encoder: Encoder) -> None:
        self._spectrum, self._sides = SpectrumStream(), SidesStream()
        self._keep, self._power = fade(HELD, FRAME_RATE), np.zeros(2, np.float32)
        self.encode_with(encoder)

    def encode_with(self, encoder: Encoder) -> None:
        """Uses this encoder from now on."""
        self._encode = encoder.stream()

    def push(self, samples: Floats) -> Analysed:
        """Adds samples; returns the completed frames."""
        return self._analysed(self._spectrum.push(mono(samples)), self._sides.push(samples))

    def flush(self) -> Analysed:
        """Ends the sound; returns its last frames."""
        return self._analysed(self._spectrum.flush(), self._sides.flush())

    def _analysed(self, magnitudes: Floats, powers: Floats) -> Analysed:
        sides = []
        for came in powers:
            self._power = self._keep * self._power + (1 - self._keep) * came
            sides.append(float(pan(self._power)))
        encoded = self._encode.hear(magnitudes)
        return Analysed(encoded.levels, encoded.voice, loudness(magnitudes), magnitudes, sides)


class LiveShow:
    """Light for live sound: ``hear`` what comes, ``decide`` what becomes due. ``ahead``: whether there is a future.

    The encoder and the look can change at any time.
    """

    def __init__(self, encoder: Encoder, look: Look, *, ahead: bool) -> None:
        self._encoder, self._look = encoder, look
        self._analysis = LiveAnalysis(encoder)
        self._mapping: _AtOnce | _Ahead = (_Ahead if ahead else _AtOnce)(encoder, look)
        self._sides: list[float] = []
        self.ahead = ahead
        self._section = self._turned = 0
        self._before = 0
        """Frames that were decided before the last jump."""
        self.heard = self.decided = 0
        """Number of frames received, and number of frames decided."""

    def restyle(self, encoder: Encoder, look: Look) -> None:
        """From now on. Does nothing when both are as they were."""
        if encoder is not self._encoder:
            self._analysis.encode_with(encoder)
        if (encoder, look) != (self._encoder, self._look):
            self._mapping.restyle(encoder, look, anew=encoder is not self._encoder)
            self._encoder, self._look = encoder, look

    def forget(self) -> None:
        """A jump: what is not decided does not come, and another sound begins. What was learned of the sound stays."""
        self._analysis = LiveAnalysis(self._encoder)
        self._mapping.forget()
        self._sides.clear()
        self._before += self.decided
        self.heard = self.decided = 0

    def hear(self, samples: Floats) -> None:
        """The next (k, 2) samples at 44.1 kHz."""
        self._take(self._analysis.push(samples))

    def end(self) -> None:
        """Ends the sound and completes its last frames."""
        self._take(self._analysis.flush())

    def decide(self, until: int | None = None) -> list[tuple[LightFrame, float]]:
        """(frame, pan) of those not yet decided before frame ``until``, as far as they came; None: of all."""
        frames = self._mapping.decide(self._before + (self.heard if until is None else until))
        sides, self._sides = self._sides[: len(frames)], self._sides[len(frames) :]
        self.decided += len(frames)
        return list(zip(frames, sides, strict=True))

    def turns(self) -> list[tuple[int, float]]:
        """(number, seconds from the first sample) of each section that was decided since it was asked last.

        The first is 0 and is not told; without a look-ahead there are no others.
        """
        found = [frame for frame in self._mapping.sections() if frame > self._section]
        if not found:
            return []
        first, self._section = self._turned + 1, found[-1]
        self._turned += len(found)
        return [(first + k, (frame - self._before) / FRAME_RATE) for k, frame in enumerate(found)]

    def _take(self, analysed: Analysed) -> None:
        self._mapping.hear(analysed)
        self._sides += analysed.pan
        self.heard += len(analysed.pan)


class _AtOnce:
    """Decides frames as they arrive."""

    def __init__(self, encoder: Encoder, look: Look) -> None:
        self._trigger, self._frames = Trigger(), list[LightFrame]()
        self.restyle(encoder, look, anew=True)

    def restyle(self, encoder: Encoder, look: Look, *, anew: bool) -> None:
        manifest = encoder.manifest
        self._mapping = LiveMapping(
            CHANNELS,
            FRAME_RATE,
            look,
            encoder.rest,
            manifest.sparse,
            voice_channel=manifest.voice_channel or 0,
        )

    def hear(self, analysed: Analysed) -> None:
        begins = self._trigger.step(analysed.magnitudes)
        head = bool(analysed.voice.shape[1])
        voice = analysed.voice[:, 0].tolist() if head else [None] * len(analysed.codes)
        self._frames += [
            self._mapping.step(codes, loud, begin, sung)
            for codes, loud, begin, sung in zip(
                analysed.codes, analysed.loudness.tolist(), begins, voice, strict=True
            )
        ]

    def forget(self) -> None:
        self._frames = []

    def decide(self, until: int) -> list[LightFrame]:
        frames, self._frames = self._frames, []
        return frames

    def sections(self) -> list[int]:
        return []


class _Ahead:
    """Decides frames when they become due."""

    def __init__(self, encoder: Encoder, look: Look) -> None:
        manifest = encoder.manifest
        self._mapping = AheadMapping(
            CHANNELS,
            FRAME_RATE,
            look,
            encoder.rest,
            manifest.sparse,
            meaning=manifest.meaning,
            voice_channel=manifest.voice_channel or 0,
        )
        self.decide, self.sections = self._mapping.decide, self._mapping.sections
        self.forget = self._mapping.forget

    def restyle(self, encoder: Encoder, look: Look, *, anew: bool) -> None:
        manifest = encoder.manifest
        self._mapping.restyle(
            look,
            encoder.rest,
            manifest.sparse,
            meaning=manifest.meaning,
            voice_channel=manifest.voice_channel or 0,
            anew=anew,
        )

    def hear(self, analysed: Analysed) -> None:
        power = band_power(analysed.magnitudes)
        self._mapping.hear(analysed.codes, analysed.loudness, power, analysed.voice)


def live_show(blocks: Iterable[Floats], encoder: Encoder, look: Look, look_ahead: float = 0.0) -> Show:
    """What a live session shows of the (k, 2) ``blocks``, which come ``look_ahead`` seconds before they are heard.

    Decisions are taken when the session takes them, whatever the blocks are. Frame k of the show is what is seen
    k / rate seconds after the first sample is heard: without a look-ahead, light comes late by what it waits for.
    """
    show = LiveShow(encoder, look, ahead=look_ahead >= LEAST)
    plan, came = Plan.of(look_ahead), 0
    frames: list[tuple[LightFrame, float]] = []
    sections = [0.0]
    for samples in _cut(blocks, round(plan.step * RATE)):
        show.hear(samples)
        came += len(samples)
        due = came / RATE - look_ahead + plan.early + plan.step
        frames += show.decide(max(0, int(due * FRAME_RATE) + 1))
        sections += [start for _, start in show.turns()]
    show.end()
    frames += show.decide()
    sections += [start for _, start in show.turns()]
    late = max(0, round((WINDOW / 2 / RATE - look_ahead) * FRAME_RATE)) if not show.ahead else 0
    frames = [((bytes(CHANNELS), (False,) * CHANNELS), 0.0)] * late + frames
    levels = b"".join(levels for (levels, _), _ in frames)
    return Show(
        np.frombuffer(levels, np.uint8).reshape(-1, CHANNELS).copy(),
        np.array([on for (_, on), _ in frames], np.bool_).reshape(-1, CHANNELS),
        FRAME_RATE,
        tuple(sections) if show.ahead else (),
        encoder.manifest.name,
        pan=in_steps(np.array([side for _, side in frames], np.float32)),
    )


def _cut(blocks: Iterable[Floats], size: int) -> Iterator[Floats]:
    """Splits samples into blocks of ``size``; the last may be shorter."""
    held = np.zeros((0, 2), np.float32)
    for block in blocks:
        held = np.concatenate([held, block])
        while len(held) >= size:
            yield held[:size]
            held = held[size:]
    if len(held):
        yield held
