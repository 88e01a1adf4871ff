"""Where a song's sound begins and ends, how far to the side it may be, and when live light comes."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from yulelight.dsp.spectrum import RATE
from yulelight.encoder.catalogue import find
from yulelight.encoder.model import load
from yulelight.show.live import LiveShow, live_show
from yulelight.show.look import LOOKS
from yulelight.show.pan import in_steps
from yulelight.show.render import render


def tone(before: float, seconds: float, after: float) -> np.ndarray:
    """Stereo, with silence around it."""
    times = np.arange(round(seconds * RATE)) / RATE
    sound = np.pad(0.3 * np.sin(2 * np.pi * 440 * times), (round(before * RATE), round(after * RATE)))
    return np.stack([sound, sound], 1).astype(np.float32)


@pytest.mark.parametrize(
    ("before", "after", "first", "last"),
    [(1.0, 3.0, 0.95, 3.5), (0.0, 0.0, 0.0, 2.0), (0.02, 0.2, 0.0, 2.22)],
)
def test_sound_is_from_its_first_to_its_last_moment_with_a_margin(
    tmp_path: Path, before: float, after: float, first: float, last: float
) -> None:
    path = tmp_path / "tone.wav"
    soundfile.write(path, tone(before, 2.0, after), RATE)
    show = render(path, load(find("mel")))
    assert list(show.audible) == pytest.approx([first, last], abs=0.03)
    assert show.audible[1] <= len(show.levels) / show.rate + 1e-6


def test_silence_has_no_sound(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "nothing.wav", np.zeros((RATE, 2)), RATE)
    assert render(tmp_path / "nothing.wav", load(find("mel"))).audible == ()


def test_all_the_way_to_a_side_is_127_steps() -> None:
    assert in_steps(np.array([-1.0, -0.5, 0.0, 0.5, 1.0], np.float32)).tolist() == [-127, -64, 0, 64, 127]


def test_without_a_look_ahead_light_comes_half_a_window_late() -> None:
    """Half of 1024 samples is one frame of 512; with a look-ahead there is time enough."""
    encoder, sound = load(find("mel")), tone(1.0, 1.0, 0.5)
    at_once, ahead = (live_show([sound], encoder, LOOKS["lively"], seconds) for seconds in (0.0, 2.0))
    assert len(ahead.levels) == 1 + len(sound) // 512
    assert len(at_once.levels) == len(ahead.levels) + 1
    assert not at_once.levels[0].any()
    assert not at_once.levels[: RATE // 512].any()
    assert at_once.levels.any()


@pytest.mark.parametrize("ahead", [True, False])
def test_the_encoder_changes_from_the_next_frame_on(*, ahead: bool) -> None:
    one, other = load(find("mel")), load(find("dense"))
    rng = np.random.default_rng(5)
    sound = (rng.normal(0, 0.1, (6 * RATE, 2)) * (np.arange(6 * RATE) % 20_000 < 8_000)[:, None]).astype(
        np.float32
    )

    def shown(changes: bool, same: bool = False) -> list[bytes]:
        show = LiveShow(one, LOOKS["lively"], ahead=ahead)
        show.hear(sound[: 3 * RATE])
        frames = show.decide(3 * RATE // 512)
        if changes:
            show.restyle(one if same else other, LOOKS["lively"])
        show.hear(sound[3 * RATE :])
        show.end()
        return [levels for (levels, _), _ in (*frames, *show.decide())]

    plain = shown(changes=False)
    changed = shown(changes=True)
    assert shown(changes=True, same=True) == plain
    assert len(changed) == len(plain)
    assert changed[: 3 * RATE // 512 - 10] == plain[: 3 * RATE // 512 - 10]
    assert changed[-100:] != plain[-100:]
