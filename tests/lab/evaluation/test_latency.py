"""The stopwatch, and what it says of the live path."""

import numpy as np
import pytest

pytest.importorskip("librosa", reason="the [evaluate] extra is not installed")

from yulelight.encoder.catalogue import find
from yulelight.encoder.model import load
from yulelight.lab.evaluation import latency
from yulelight.lab.evaluation.systems import DEFAULT_LOOK
from yulelight.show.look import LOOKS


def test_half_of_the_rise_is_what_counts() -> None:
    times = np.arange(1000) / 100
    starts = np.array([2.0, 4.0, 6.0])
    field = np.zeros(1000)
    for start, delay in zip(starts, (0.02, 0.05, 0.0), strict=True):
        k = round((start + delay) * 100)
        field[k : k + 5] = [0.4, 0.6, 0.8, 1.0, 1.0]
    assert latency.rises(field, times, starts) == pytest.approx([0.03, 0.06, 0.01])


def test_light_that_does_not_rise_has_no_latency() -> None:
    assert np.isnan(latency.rises(np.ones(100), np.arange(100) / 10, np.array([5.0]))).all()


def test_bursts_begin_where_they_are_said_to() -> None:
    for burst in latency.bursts().values():
        samples, starts = latency.burst_train(burst, 3)
        loud = np.flatnonzero(np.abs(samples) > 0.02)[0] / 44_100
        assert loud == pytest.approx(starts[0], abs=0.002)
        assert np.diff(starts) == pytest.approx(latency.SPACING, abs=1e-4)


def test_a_frame_is_there_when_its_last_sample_is() -> None:
    arrivals = latency.arrivals(np.zeros(2048, np.float32))
    assert arrivals == pytest.approx(np.array([512, 1024, 1536, 2048, 2560]) / 44_100)


def test_the_first_light_to_come_on_counts() -> None:
    on = np.zeros((300, 2), bool)
    on[102:110, 0] = on[104:180, 1] = on[205:, 0] = True
    found = latency.came_on(on, np.arange(300) / 100, np.array([1.0, 1.5, 2.0]))
    assert found[[0, 2]] == pytest.approx([0.02, 0.05])
    assert np.isnan(found[1])


def test_relays_answer_to_every_sound_too() -> None:
    found = latency.measure(load(find("dense")), LOOKS[DEFAULT_LOOK], switched=True)
    for sound, one in found.items():
        assert 0 < one.median < 60, sound


def test_the_live_path_answers_before_anyone_notices() -> None:
    found = latency.measure(load(find("dense")), LOOKS[DEFAULT_LOOK])
    assert set(found) == set(latency.bursts())
    for sound, one in found.items():
        assert 0 < one.median < 60, sound
        assert one.median <= one.p95, sound
