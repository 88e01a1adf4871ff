"""Shows of real music: alive in every channel, and safe, on songs the encoder was and was not trained on."""

from pathlib import Path

import numpy as np
import pytest

from tests.safety.oracle import flashes
from yulelight.encoder.catalogue import find
from yulelight.encoder.model import load
from yulelight.library.songs import Library
from yulelight.show.render import render

MAX_SONGS = 7
"""Songs to render: enough to see any kind of music, few enough for every day."""


@pytest.mark.real_audio
def test_every_song_lights_every_channel_and_none_flashes(real_audio: Path) -> None:
    encoder = load(find("dense", ()))
    songs = Library([real_audio]).scan()
    assert songs
    for found in songs[:: max(1, -(-len(songs) // MAX_SONGS))]:
        show = render(found.path, encoder)
        times = np.arange(len(show.levels)) / show.rate
        share = show.switched.mean(0)
        assert share.min() > 0.02, f"{found.song.title}: a channel is dead"
        assert share.max() < 0.98, f"{found.song.title}: a channel is stuck"
        assert flashes(times, show.levels.mean(1) / 255) <= 3, found.song.title
        assert flashes(times, show.switched.mean(1)) <= 3, found.song.title
