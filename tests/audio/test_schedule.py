import threading

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from yulelight.audio.schedule import BUFFERS_BEFORE_CORRECTION, TOLERANCE, SampleClock, SampleQueue, fill

RATE = 44100
SCALE = 2.0**-23


def ramp(count: int) -> np.ndarray:
    """Samples that tell their own number: (n + 1) * SCALE, exact in float32."""
    return np.repeat((np.arange(1, count + 1) * SCALE).astype(np.float32)[:, None], 2, axis=1)


def queue_of(samples: np.ndarray, block: int = 5000) -> SampleQueue:
    queue = SampleQueue(len(samples) + 1)
    for start in range(0, len(samples), block):
        assert queue.put(samples[start : start + block])
    queue.end()
    return queue


def heard(out: np.ndarray, at: float) -> tuple[np.ndarray, np.ndarray]:
    """(numbers of the samples that sound, the moments at which they do)."""
    sounding = np.flatnonzero(out[:, 0])
    return np.round(out[sounding, 0] / SCALE) - 1, at + sounding / RATE


@given(
    lead=st.floats(-0.5, 0.5),
    sizes=st.lists(st.integers(1, 3000), min_size=1, max_size=8),
)
def test_without_drift_every_sample_sounds_at_its_moment(lead: float, sizes: list[int]) -> None:
    clock, queue, now = SampleClock(100 + lead, RATE), queue_of(ramp(RATE)), 100.0
    for step in range(60):
        out = np.full((sizes[step % len(sizes)], 2), 7, np.float32)
        fill(out, now, clock, queue)
        numbers, moments = heard(out, now)
        assert np.abs(numbers / RATE - (moments - 100 - lead)).max(initial=0) <= 1 / RATE
        now += len(out) / RATE


@settings(max_examples=40)
@given(
    drift=st.floats(-0.01, 0.01),
    jitter=st.floats(0, 0.008),
    size=st.integers(100, 2000),
    seed=st.integers(0, 3),
)
def test_sound_stays_with_the_clock_whatever_the_card_does(
    drift: float, jitter: float, size: int, seed: int
) -> None:
    """The card's clock is off by up to a hundredth and its times jitter: the sound is never off for long."""
    clock, queue, rng = SampleClock(0, RATE), queue_of(ramp(4 * RATE)), np.random.default_rng(seed)
    numbers, off = [], []
    for step in range(3 * RATE // size):
        true = step * size / RATE * (1 + drift)
        out = np.empty((size, 2), np.float32)
        fill(out, true + rng.uniform(-jitter, jitter), clock, queue)
        sounding, moments = heard(out, true)
        numbers.append(sounding)
        off.append(np.abs(sounding / RATE - moments))
    assert (np.diff(np.concatenate(numbers)) > 0).all()
    patience = (BUFFERS_BEFORE_CORRECTION + 1) * size / RATE * abs(drift)
    assert np.concatenate(off).max() <= TOLERANCE + 2 * jitter + patience + 2e-3


def test_jitter_alone_corrects_nothing() -> None:
    clock, queue = SampleClock(0, RATE), queue_of(ramp(4 * RATE))
    out = np.empty((1000, 2), np.float32)
    for step in range(100):
        fill(out, step * 1000 / RATE + (0.05 if step % 7 == 3 else 0.0), clock, queue)
    assert clock.position == 100_000


def test_after_a_gap_the_sound_catches_up_with_the_light() -> None:
    clock, queue = SampleClock(0, RATE), SampleQueue(RATE)
    out = np.empty((1000, 2), np.float32)
    for step in range(20):  # nothing decoded yet
        fill(out, step * 1000 / RATE, clock, queue)
        assert not out.any()
    for start in range(0, RATE, 4000):
        queue.put(ramp(RATE)[start : start + 4000])
    fill(out, 20 * 1000 / RATE, clock, queue)
    numbers, moments = heard(out, 20 * 1000 / RATE)
    assert len(numbers) == 1000
    np.testing.assert_allclose(numbers / RATE, moments, atol=1 / RATE)


def test_samples_beyond_full_scale_are_clipped() -> None:
    out = np.empty((4, 2), np.float32)
    fill(out, 0, SampleClock(0, RATE), queue_of(np.full((4, 2), -187.0, np.float32)))
    np.testing.assert_array_equal(out, -1)


@given(
    blocks=st.lists(st.integers(0, 50), max_size=10),
    takes=st.lists(st.tuples(st.booleans(), st.integers(0, 60)), max_size=20),
)
def test_queue_keeps_order_and_loses_nothing(blocks: list[int], takes: list[tuple[bool, int]]) -> None:
    samples, queue = ramp(sum(blocks)), SampleQueue(1000)
    for block in np.split(samples, np.cumsum(blocks)):
        assert queue.put(block)
    queue.end()
    at = 0
    for skipping, count in takes:
        out = np.zeros((count, 2), np.float32)
        moved = queue.skip(count) if skipping else queue.take(out)
        assert moved == min(count, len(samples) - at)
        if not skipping:
            np.testing.assert_array_equal(out[:moved], samples[at : at + moved])
        at += moved
    assert queue.over == (at == len(samples))


def test_a_full_queue_makes_the_decoder_wait_until_there_is_room_or_it_closes() -> None:
    queue = SampleQueue(10)
    results: list[bool] = []

    def decode() -> None:
        results.extend(queue.put(np.ones((10, 2), np.float32)) for _ in range(3))

    decoder = threading.Thread(target=decode)
    decoder.start()
    while len(results) < 1:
        decoder.join(0.01)
    assert queue.skip(10) == 10
    decoder.join(0.05)
    assert decoder.is_alive()
    queue.close()
    decoder.join(10)
    assert results == [True, True, False]
    assert queue.over
