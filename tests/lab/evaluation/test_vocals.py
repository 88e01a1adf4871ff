"""Singing, where a file beside the song tells of it."""

from pathlib import Path

import numpy as np
import pytest

from yulelight.core.errors import UsageError
from yulelight.lab.evaluation.vocals import joined, read_vocals, vocals

RATE = 50.0


def test_the_channel_that_follows_the_singing_counts() -> None:
    levels = np.random.default_rng(1).random((1000, 3))
    levels[:, 1] = 0
    levels[200:400, 1] = levels[600:900, 1] = 1
    assert vocals(levels, RATE, ((4, 7.98), (12, 17.98))) > 0.95
    assert vocals(levels[:, [0, 2]], RATE, ((4, 7.98), (12, 17.98))) < 0.4


def test_nothing_to_correlate() -> None:
    assert np.isnan(vocals(np.ones((100, 2)), RATE, ((0.5, 1),)))
    assert np.isnan(vocals(np.random.default_rng(1).random((100, 2)), RATE, ()))


def test_the_file_beside_the_song(tmp_path: Path) -> None:
    song = tmp_path / "song.ogg"
    assert read_vocals(song) is None
    (tmp_path / "song.vocals.csv").write_text("start,end,text\n1.5,2,La\n3,3.25,la\n")
    assert read_vocals(song) == ((1.5, 2.0), (3.0, 3.25))


@pytest.mark.parametrize("text", ["begin,end\n1,2\n", "start,end\none,2\n", "start,end\n1\n"])
def test_a_wrong_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "song.vocals.csv").write_text(text)
    with pytest.raises(UsageError, match=r"song\.vocals\.csv"):
        read_vocals(tmp_path / "song.ogg")


def test_syllables_are_joined_over_short_gaps() -> None:
    assert joined(((2.0, 2.5), (1.0, 1.8), (2.9, 3.0))) == ((1.0, 2.5), (2.9, 3.0))
    assert joined(((1.0, 4.0), (2.0, 3.0))) == ((1.0, 4.0),)
    assert joined(()) == ()
