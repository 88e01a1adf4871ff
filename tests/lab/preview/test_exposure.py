import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from yulelight.dsp.spectrum import FRAME_RATE
from yulelight.lab.preview.exposure import GAMMA, exposures, filaments
from yulelight.show.show import Show

shows = arrays(np.uint8, st.tuples(st.integers(1, 60), st.just(8))).map(
    lambda levels: Show(levels, levels > 127, FRAME_RATE, (), "test")
)


@given(shows, st.floats(0, 1), st.booleans())
def test_light_stays_in_its_limits_and_is_dark_after_the_end(
    show: Show, start: float, switched: bool
) -> None:
    light = exposures(show, start, 40, 30, switched)
    assert light.shape == (40, 8, 3)
    assert light.dtype == np.float32
    assert ((light >= 0) & (light <= 1)).all()
    assert not light[np.arange(40) / 30 + start > show.duration].any()


@given(shows)
def test_no_light_is_lost_between_frames(show: Show) -> None:
    light = exposures(show, 0, 60, 30).sum(axis=0) / 30
    sent = ((show.levels / 255.0)[..., None] ** GAMMA).sum(axis=0) / show.rate
    assert np.allclose(light, sent, atol=1e-4)


@given(shows, st.integers(0, 7))
def test_a_higher_level_is_never_darker_and_leaves_the_others_alone(show: Show, channel: int) -> None:
    levels = show.levels.copy()
    levels[:, channel] = 255
    less, more = (
        exposures(Show(x, x > 127, FRAME_RATE, (), "test"), 0, 30, 30) for x in (show.levels, levels)
    )
    assert (more >= less).all()
    others = np.arange(8) != channel
    assert np.array_equal(more[:, others], less[:, others])


@given(shows)
def test_filaments_go_towards_their_switch_and_never_beyond(show: Show) -> None:
    lamps = filaments(show)
    before = np.concatenate((np.zeros((1, 8), np.float32), lamps[:-1]))
    assert ((lamps >= 0) & (lamps <= 1)).all()
    assert (lamps >= before)[show.switched].all()
    assert (lamps <= before)[~show.switched].all()


def test_a_constant_level_is_a_constant_light() -> None:
    show = Show(np.full((100, 8), 128, np.uint8), np.ones((100, 8), bool), FRAME_RATE, (), "test")
    light = exposures(show, 0.1, 20, 30)
    assert np.allclose(light, (128 / 255) ** GAMMA, atol=1e-5)
