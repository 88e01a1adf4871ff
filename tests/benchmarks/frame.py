"""What a live frame costs: spectrum plus encoder, against lightshowpi's method on the same audio.

lightshowpi's method, from its published description: a Hann-windowed FFT of 2048 samples without overlap, power
summed over eight bands of equal octaves from 20 to 15,000 Hz, log10, and a level from the running mean and standard
deviation of each band. Both get the same samples in the pieces they ask for, one frame after the other, in turns.
Times are the processor's, not the clock's. A second of sound is 86 of our frames and 21.5 of that method's.

"With a look-ahead": the same sound, two seconds before it is heard, analysed and decided four times a second.
"""

import os
import time

import numpy as np

from tests.benchmarks.aims import Report
from tests.benchmarks.songs import carol, one_core
from yulelight.app.settings import Settings
from yulelight.core.messages import CHANNELS
from yulelight.dsp.spectrum import HOP, RATE, SpectrumStream, loudness
from yulelight.dsp.trigger import Trigger
from yulelight.encoder.catalogue import find
from yulelight.encoder.model import Encoder, load
from yulelight.show.at_once import LiveMapping
from yulelight.show.live import LiveShow, Plan
from yulelight.show.look import LIVELY

SECONDS = 30
CHUNK = 2048


class EightBands:
    """The comparison method, frame by frame."""

    def __init__(self) -> None:
        self._window = np.hanning(CHUNK)
        octaves = np.log2(15_000 / 20) / CHANNELS
        edges = 20 * 2 ** (octaves * np.arange(CHANNELS + 1))
        self._bins = np.round(edges * CHUNK / RATE).astype(int)
        self._count = 0
        self._mean = np.full(CHANNELS, 12.0)
        self._squares = np.full(CHANNELS, 1.5)

    def step(self, samples: np.ndarray) -> np.ndarray:
        """Levels (8,) in [0, 1] of 2048 samples."""
        power = np.abs(np.fft.rfft(samples * self._window)) ** 2
        level = np.array(
            [power[a : max(b, a + 1)].sum() for a, b in zip(self._bins[:-1], self._bins[1:], strict=True)]
        )
        level = np.log10(np.maximum(level, 1e-12))
        self._count += 1
        before = self._mean
        self._mean = before + (level - before) / self._count
        self._squares = self._squares + (level - before) * (level - self._mean)
        deviation = np.sqrt(self._squares / self._count)
        shown: np.ndarray = np.clip((level - self._mean + 0.5 * deviation) / (1.25 * deviation + 1e-9), 0, 1)
        return shown


def ahead(encoder: Encoder, samples: np.ndarray, seconds: float = 2.0) -> float:
    """Seconds of the processor for a second of stereo sound that comes ``seconds`` before it is heard."""
    show, plan = LiveShow(encoder, LIVELY, ahead=True), Plan.of(seconds)
    size = round(plan.step * RATE)
    start = time.thread_time()
    for k in range(0, len(samples), size):
        show.hear(samples[k : k + size])
        show.decide(max(0, round(((k + size) / RATE - seconds + plan.early + plan.step) * RATE / HOP)))
    return (time.thread_time() - start) * RATE / len(samples)


def run() -> Report:
    """Measures both, alternating second by second, and takes the median of the seconds."""
    one_core()
    stereo = carol(SECONDS).astype(np.float32)
    samples = stereo.mean(1)
    encoder = load(find(Settings().model, ()))
    spectrum, stream, bands = SpectrumStream(), encoder.stream(), EightBands()
    mapping, trigger = LiveMapping(CHANNELS, RATE / HOP, LIVELY, encoder.rest), Trigger()
    ours, light, theirs = [], [], []
    for second in np.split(samples, SECONDS):
        pieces = [second[k : k + HOP] for k in range(0, len(second) - HOP + 1, HOP)]
        start = time.thread_time()
        coded = []
        for piece in pieces:
            frame = spectrum.push(piece)
            coded.append((frame, stream.step(frame)))
        ours.append((time.thread_time() - start) / len(pieces))
        start = time.thread_time()
        for frame, codes in coded:
            for code, loud, new in zip(codes, loudness(frame).tolist(), trigger.step(frame), strict=True):
                mapping.step(code, loud, new)
        light.append((time.thread_time() - start) / len(pieces))
        chunks = [second[k : k + CHUNK] for k in range(0, len(second) - CHUNK + 1, CHUNK)]
        start = time.thread_time()
        for chunk in chunks:
            bands.step(chunk)
        theirs.append((time.thread_time() - start) / len(chunks))
    own, other, rest = (float(np.median(times[2:])) for times in (ours, theirs, light))
    report = Report("frame")
    a_second = (own + rest) * RATE / HOP / (other * RATE / CHUNK)
    report.aim("all in, a second of sound / lightshowpi's", a_second, most=1.5)
    report.figure(
        "with a look-ahead, a second of sound / lightshowpi's",
        ahead(encoder, stereo) / (other * RATE / CHUNK),
    )
    report.figure("all in, a frame / lightshowpi's", (own + rest) / other)
    report.figure("spectrum + encoder per frame / lightshowpi's per frame", own / other)
    report.figure("spectrum + encoder, µs a frame", 1e6 * own)
    report.figure("lightshowpi's method, µs a frame", 1e6 * other)
    report.figure("loudness + mapping + limits, µs a frame", 1e6 * rest)
    report.figure("all in, % of a core", 100 * (own + rest) * RATE / HOP)
    report.figure("lightshowpi's method, % of a core", 100 * other * RATE / CHUNK)
    report.figure("load of the machine", os.getloadavg()[0])
    return report
