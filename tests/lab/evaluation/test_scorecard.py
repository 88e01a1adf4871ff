"""The whole card: on made-up music, over several songs, and held to the definitions that are shared."""

import dataclasses
import importlib.util
import math
import os
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

pytest.importorskip("librosa", reason="the [evaluate] extra is not installed")

from yulelight.encoder.catalogue import find
from yulelight.encoder.model import load
from yulelight.lab.evaluation.evaluate import evaluate
from yulelight.lab.evaluation.reference import Reference, hear, listen
from yulelight.lab.evaluation.scorecard import Score, mean, score
from yulelight.lab.evaluation.systems import of_look
from yulelight.lab.evaluation.vocals import read_vocals
from yulelight.show.look import LIVELY
from yulelight.show.render import render

RATE = 86.0


@pytest.fixture(scope="module")
def heard(clicks: np.ndarray) -> Reference:
    return listen(clicks[::2])


def followers(shift: float = 0.0) -> np.ndarray:
    """(frames, 8): in each part of ``clicks`` its own lights, brightening at every tone."""
    times = np.arange(int(12 * RATE)) / RATE - shift
    glow = np.exp(-(times % 0.5) / 0.15)
    part = np.clip(times // 4, 0, 2).astype(int)
    lights = np.array([[1, 1, 1, 0, 0, 0, 0, 0.1], [0, 0, 0, 1, 1, 0, 0, 0.1], [0, 0, 0, 0, 0, 1, 1, 0.1]])
    made: np.ndarray = glow[:, None] * lights[part]
    return made


def test_lights_that_follow(heard: Reference) -> None:
    found = score(heard, followers(), None, RATE)
    assert found.onset_f > 0.9
    assert found.beat_recall > 0.9
    assert abs(found.lag_ms) < 25
    assert found.dead == 1 and found.stuck == 0
    assert found.field_flashes == 2
    assert math.isnan(found.vocals) and math.isnan(found.sections)


def test_late_lights_are_late(heard: Reference) -> None:
    on_time, late = (score(heard, followers(shift), None, RATE).lag_ms for shift in (0, 0.1))
    assert late - on_time == pytest.approx(100, abs=15)


def test_levels_in_bytes_are_the_same(heard: Reference) -> None:
    levels = np.round(followers() * 255).astype(np.uint8)
    as_bytes, as_shares = score(heard, levels, None, RATE), score(heard, levels / 255, None, RATE)
    assert dataclasses.asdict(as_bytes) == pytest.approx(dataclasses.asdict(as_shares), nan_ok=True)


def test_a_dark_show_has_a_card_too(heard: Reference) -> None:
    found = score(heard, np.zeros((900, 8), np.uint8), np.zeros((900, 8), bool), RATE)
    assert found.dead == 8
    assert found.onset_f == found.beat_recall == found.toggles == found.field_flashes == 0


@pytest.mark.parametrize("shape", [(0, 8), (50,), (50, 0)])
def test_no_levels_are_refused(heard: Reference, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="levels"):
        score(heard, np.zeros(shape), None, RATE)


def test_states_of_another_shape_are_refused(heard: Reference) -> None:
    with pytest.raises(ValueError, match="switched"):
        score(heard, followers(), np.zeros((10, 8), bool), RATE)


def test_the_mean_leaves_out_what_a_song_has_not_and_keeps_the_worst_flash(heard: Reference) -> None:
    first = score(heard, followers(), None, RATE)
    second = dataclasses.replace(first, vocals=0.5, toggles=first.toggles + 1, field_flashes=9.0)
    both = mean([first, second])
    assert both.vocals == 0.5
    assert both.toggles == pytest.approx(first.toggles + 0.5)
    assert both.field_flashes == 9


SHARED = {
    "on_min": 3, "on_max": 3, "dead": 0, "stuck": 0, "toggles": 2, "short_pulses": 3, "correlation": 3,
    "field_flashes": 0, "switched_flashes": 0, "onset_p": 2, "onset_r": 2, "onset_f": 2, "beat_recall": 2,
    "lag_ms": 0, "faith": 3, "structure": 3, "repeat": 3, "sw_faith": 3, "sw_structure": 3, "sw_repeat": 3,
    "vocals": 3, "voice": 3, "sw_voice": 3, "on": 3, "dark": 3, "contrast": 3, "rests": 3, "frozen": 3, "still": 3,
    "pause": 3, "climax": 3, "span": 3, "dynamics": 3, "moments": 3, "light_flashes": 0, "channel_light_flashes": 0,
    "switched_channel_flashes": 0,
}  # fmt: skip
"""Figures that both cards have, and the digits that the shared one gives."""


def shared_scorecard() -> ModuleType:
    spec = importlib.util.spec_from_file_location("shared_scorecard", os.environ["YULELIGHT_SCORECARD"])
    assert spec and spec.loader
    shared = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(shared)
    return shared


@pytest.mark.real_audio
@pytest.mark.skipif(
    "YULELIGHT_SCORECARD" not in os.environ, reason="YULELIGHT_SCORECARD names no scorecard.py"
)
@pytest.mark.parametrize("name", ["jazz_vibe_ace_macleod.ogg", "vocal_on_the_run_morin.ogg"])
def test_the_shared_scorecard_agrees(real_audio: Path, tmp_path: Path, name: str) -> None:
    song = real_audio / name
    if not song.is_file():
        pytest.skip(f"{real_audio} has no {name}")
    show = render(song, load(find("dense")))
    show.save(tmp_path / "show.npz")
    shared = shared_scorecard()
    csv = song.with_suffix(".vocals.csv")
    theirs = shared.score(song, tmp_path / "show.npz", csv if csv.is_file() else None)
    names = {"vocals": "vocal_corr", "channel_light_flashes": "channel_flashes"}
    names["switched_channel_flashes"] = "channel_switched_flashes"
    theirs = {name: theirs.get(names.get(name, name), float("nan")) for name in SHARED}
    ours = score(hear(song), show.levels, show.switched, show.rate, read_vocals(song), sections=show.sections)
    for figure, digits in SHARED.items():
        last_digit = 0.51 * 10**-digits
        assert getattr(ours, figure) == pytest.approx(theirs[figure], abs=last_digit, nan_ok=True), figure
    assert {field.name for field in dataclasses.fields(Score)} >= SHARED.keys()


@pytest.mark.real_audio
@pytest.mark.skipif(
    "YULELIGHT_SCORECARD" not in os.environ, reason="YULELIGHT_SCORECARD names no scorecard.py"
)
def test_the_shared_scorecard_agrees_on_several_songs(real_audio: Path, tmp_path: Path) -> None:
    songs = [real_audio / name for name in ("orch_hungarian_dance5_usarmy.ogg", "xmas_noel_audionautix.mp3")]
    if not all(song.is_file() for song in songs):
        pytest.skip(f"{real_audio} lacks the songs")
    encoder = load(find("pca"))
    arguments = []
    for song in songs:
        shown = tmp_path / f"{song.stem}.npz"
        render(song, encoder).save(shown)
        arguments += [str(song), str(shown)]
    theirs = shared_scorecard().cross_of(arguments)
    ours = evaluate(songs, {"pca": of_look(encoder, LIVELY)}).scores["pca"]
    assert [ours[song.name].cross for song in songs] == pytest.approx(theirs["songs"], abs=0.0006)
    assert [ours[song.name].sw_cross for song in songs] == pytest.approx(theirs["sw_songs"], abs=0.0006)
