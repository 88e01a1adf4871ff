"""A song file to a show: what the parts, tested for themselves, make together."""

from pathlib import Path

import numpy as np
import soundfile

from yulelight.dsp.spectrum import RATE
from yulelight.encoder.catalogue import find
from yulelight.encoder.model import load
from yulelight.show.render import render


def test_a_show_knows_where_the_sound_is(tmp_path: Path) -> None:
    """A noise that walks from left to right and back in ten seconds."""
    song, seconds = tmp_path / "walk.wav", np.arange(10 * RATE) / RATE
    aside = -np.cos(2 * np.pi * seconds / 10)
    noise = np.random.default_rng(2).normal(0, 0.1, len(seconds))
    soundfile.write(song, np.stack([noise * (1 - aside), noise * (1 + aside)], 1), RATE)
    show = render(song, load(find("mel")))
    assert show.pan.shape == (len(show.levels),)
    shown = show.pan[:: round(show.rate)][:10].astype(int)
    assert (shown[[0, 1, 9]] < -60).all()
    assert (shown[[4, 5, 6]] > 60).all()
    soundfile.write(song, np.stack([noise, noise], 1), RATE)
    assert not render(song, load(find("mel"))).pan.any()
