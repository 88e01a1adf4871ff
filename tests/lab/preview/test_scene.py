import numpy as np
import pytest

from tests.lab.preview.films import SIZE
from yulelight.core.messages import CHANNELS
from yulelight.lab.preview.glow import SPILL, blurred
from yulelight.lab.preview.scene import Scene, draw
from yulelight.lab.preview.title import card, fades


@pytest.fixture(scope="module")
def scene() -> Scene:
    return draw(SIZE)


def test_every_channel_lights_a_place_of_its_own(scene: Scene) -> None:
    assert scene.layers.shape == (CHANNELS, SIZE[1], SIZE[0], 3)
    assert (scene.layers >= 0).all()
    assert (scene.night >= 0).all()
    power = scene.layers.sum(axis=3).reshape(CHANNELS, -1)
    for channel in range(CHANNELS):
        peak = power[:, power[channel].argmax()]
        assert peak.argmax() == channel
        assert peak[channel] > 2 * np.delete(peak, channel).max()


def test_the_night_without_lamps_is_dark_but_not_black(scene: Scene) -> None:
    assert 0.005 < np.median(scene.night) < 0.05


def test_the_same_scene_is_drawn_every_time(scene: Scene) -> None:
    again = draw(SIZE)
    assert np.array_equal(scene.night, again.night)
    assert np.array_equal(scene.layers, again.layers)


def test_blurring_spreads_light_evenly_and_keeps_its_sum() -> None:
    picture = np.zeros((180, 320, 3), np.float32)
    picture[90, 160] = (1, 2, 3)
    spread = blurred(picture, ((20.0, 0.5), (60.0, 1.5)))
    assert np.allclose(spread.sum(axis=(0, 1)), (2, 4, 6), rtol=1e-3)
    assert np.allclose(spread[90, 150], spread[90, 170], atol=1e-7)
    assert np.allclose(spread[80, 160], spread[90, 170], atol=1e-7)


def test_light_does_not_come_back_at_the_other_edge() -> None:
    picture = np.zeros((180, 320, 3), np.float32)
    picture[90, 0] = 1
    spread = blurred(picture, SPILL)
    assert spread[90, -1].max() < 1e-3 * spread[90, 1].max()


@pytest.mark.parametrize("title", ["", "A Carol", "Weihnachtsstück №1", "W" * 200, "静かな夜"])
def test_any_title_finds_room_beside_the_moon(title: str) -> None:
    light = card((1280, 720), title, title)
    assert light.shape == (720, 1280, 3)
    assert light[:20].max() == light[200:].max() == 0
    if title == "A Carol":
        assert light[:, :560].max() > 1
        assert light[:, 560:].max() == 0


def test_the_title_fades_and_is_gone_after_three_seconds() -> None:
    seen = fades(120, 30)
    assert seen[0] == 1
    assert (np.diff(seen) <= 0).all()
    assert not seen[90:].any()
