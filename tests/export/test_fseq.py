"""Sequences, read back by a reader of their own."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.export.reader import Sequence, read
from yulelight.core.errors import UsageError
from yulelight.export import fseq
from yulelight.export.fseq import Wiring
from yulelight.show.show import Show

RATE = 86.1328125


def show(levels: np.ndarray[tuple[int, int], np.dtype[np.uint8]]) -> Show:
    return Show(levels, levels > 100, RATE, (), "test")


def written(folder: Path, one: Show, wiring: Wiring, media: str = "song.mp3") -> Sequence:
    path = folder / "x.fseq"
    count = fseq.save(path, one, wiring, media=media, producer="Test 1", identifier=2**63 + 5)
    sequence = read(path)
    assert len(sequence.frames) == count
    return sequence


@given(
    seed=st.integers(0, 1000),
    first=st.integers(1, 8_000_000),
    each=st.integers(1, 5),
    step=st.sampled_from([25, 50]),
    switched=st.booleans(),
    media=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60),
)
def test_every_channel_comes_back_where_it_belongs(
    tmp_path_factory: pytest.TempPathFactory,
    seed: int,
    first: int,
    each: int,
    step: int,
    switched: bool,
    media: str,
) -> None:
    levels = np.random.default_rng(seed).integers(0, 256, (200, 8), np.uint8)
    count = 8 * each
    wiring = Wiring(first, count, step, switched, gamma=1.0)
    sequence = written(tmp_path_factory.mktemp("fseq"), show(levels), wiring, media)
    assert sequence.step == step
    assert sequence.identifier == 2**63 + 5
    assert sequence.headers == {"mf": media, "sp": "Test 1"}
    assert sequence.ranges == [(first - 1, count)]
    assert len(sequence.frames) == int(200 / RATE * 1000 / step)
    for n, frame in enumerate(sequence.frames):
        assert sorted(frame) == list(range(first - 1, first - 1 + count))
        # What the show shows somewhere within the frame's time.
        around = {round(t * RATE) for t in np.linspace(n * step / 1000, (n + 1) * step / 1000, 50)}
        shown = [levels[k] for k in around if k < len(levels)]
        for channel in range(8):
            mine = {frame[first - 1 + channel * each + k] for k in range(each)}
            assert len(mine) == 1
            assert mine <= {255 * (row[channel] > 100) if switched else row[channel] for row in shown}


@given(st.integers(8, 300))
def test_channels_are_parted_evenly(tmp_path_factory: pytest.TempPathFactory, count: int) -> None:
    levels = np.tile(np.arange(10, 90, 10, dtype=np.uint8), (50, 1))
    sequence = written(tmp_path_factory.mktemp("fseq"), show(levels), Wiring(1, count, gamma=1.0))
    shown = [sequence.frames[3][k] for k in range(count)]
    assert shown == sorted(shown)
    assert {shown.count(level) for level in range(10, 90, 10)} <= {count // 8, -(-count // 8)}


def test_an_onset_is_off_by_half_a_step_at_most(tmp_path: Path) -> None:
    for onset in range(60, 160, 7):
        levels = np.zeros((400, 8), np.uint8)
        levels[onset:] = 255
        frames = written(tmp_path, show(levels), Wiring()).frames
        shown = next(n for n, frame in enumerate(frames) if frame[0]) * 0.025
        assert abs(shown - onset / RATE) <= 0.0125 + 0.5 / RATE


def test_levels_become_light_by_the_gamma(tmp_path: Path) -> None:
    levels = np.full((100, 8), 128, np.uint8)
    assert set(written(tmp_path, show(levels), Wiring(gamma=2.2)).frames[9].values()) == {
        round(255 * (128 / 255) ** 2.2)
    }
    assert set(written(tmp_path, show(levels), Wiring(gamma=1.0)).frames[9].values()) == {128}


@pytest.mark.parametrize(
    ("wiring", "words"),
    [
        (Wiring(0), "numbered from 1"),
        (Wiring(2**23 - 3), "numbered from 1"),
        (Wiring(count=7), "name 8 or more"),
        (Wiring(step=24), "25 or 50"),
        (Wiring(count=2**22), "too large"),
    ],
)
def test_what_cannot_be_written_is_said_and_leaves_no_file(
    tmp_path: Path, wiring: Wiring, words: str
) -> None:
    path = tmp_path / "x.fseq"
    with pytest.raises(UsageError, match=words):
        fseq.save(path, show(np.zeros((1000, 8), np.uint8)), wiring, media="", producer="", identifier=0)
    assert not path.exists()


def test_pixels_of_a_palette_have_the_colours_of_their_sections(tmp_path: Path) -> None:
    levels = np.full((600, 8), 255, np.uint8)
    levels[:, 7] = 0
    one = Show(levels, levels > 100, 100.0, (0.0, 3.0), "test")
    reds, blues = "#ff2020", "#2020ff"
    sequence = written(tmp_path, one, Wiring(1, 48, 25, gamma=1.0, colours=(reds, blues)))

    def pixel(frame: int, number: int) -> list[int]:
        return [sequence.frames[frame][3 * number + part] for part in range(3)]

    def light(parts: list[int]) -> float:
        return (0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]) / 255

    for frame in range(240):
        # Two pixels for each channel, which take the colours in turn.
        assert all(pixel(frame, number) == pixel(frame, number + 1) for number in range(0, 16, 2))
        assert pixel(frame, 14) == [0, 0, 0]
        assert all(light(pixel(frame, number)) == pytest.approx(0.32, abs=0.006) for number in range(14))
    first, later = (max(range(3), key=pixel(frame, 0).__getitem__) for frame in (100, 230))
    assert (first, later) == (0, 2)  # red, and blue in the second section
    assert pixel(100, 2) == pixel(230, 0) != pixel(140, 0)  # on the way after a second


def test_pixels_need_three_channels_each(tmp_path: Path) -> None:
    one = show(np.zeros((50, 8), np.uint8))
    for count in (25, 21):
        with pytest.raises(UsageError, match=r"three each|name 24"):
            written(tmp_path, one, Wiring(1, count, colours=("#ff2020",)))
