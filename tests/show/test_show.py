from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from yulelight.show.show import Show

times = st.lists(st.floats(0, 1e5), max_size=5).map(tuple)


def plain(frames: int = 20) -> Show:
    levels = np.arange(frames * 8, dtype=np.uint8).reshape(frames, 8)
    return Show(levels, levels > 60, 86.13, (0.0, 0.1), "mel", ("it is cut off",), (0.02, 0.2))


@settings(deadline=None)
@given(
    levels=arrays(np.uint8, st.tuples(st.integers(0, 9), st.just(8))),
    sections=times,
    beats=times,
    audible=times,
    warnings=st.lists(st.text("äbc -"), max_size=3).map(lambda lines: tuple(line.strip() for line in lines)),
)
def test_a_show_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory,
    levels: np.ndarray,
    sections: tuple[float, ...],
    beats: tuple[float, ...],
    audible: tuple[float, ...],
    warnings: tuple[str, ...],
) -> None:
    path = tmp_path_factory.mktemp("show") / "show.npz"
    Show(levels, levels > 9, 86.13, sections, "mel", warnings, audible, beats).save(path)
    show = Show.load(path)
    np.testing.assert_array_equal(show.levels, levels)
    np.testing.assert_array_equal(show.switched, levels > 9)
    assert (show.rate, show.sections, show.model, show.warnings) == (86.13, sections, "mel", warnings)
    assert (show.audible, show.beats, show.downbeats) == (audible, beats, ())
    assert show.pan.dtype == np.int8 and not len(show.pan)


@pytest.mark.parametrize("frames", [0, 1, 20])
def test_the_pan_comes_back(tmp_path: Path, frames: int) -> None:
    pan = np.linspace(-127, 127, frames).astype(np.int8)
    replace(plain(frames), pan=pan).save(tmp_path / "show.npz")
    back = Show.load(tmp_path / "show.npz").pan
    np.testing.assert_array_equal(back, pan)
    assert back.dtype == np.int8


@pytest.mark.parametrize("pan", [np.zeros(3, np.int8), np.zeros(20), np.zeros((20, 1), np.int8)])
def test_a_pan_of_another_kind_is_refused(tmp_path: Path, pan: np.ndarray) -> None:
    replace(plain(20), pan=pan).save(tmp_path / "show.npz")
    with pytest.raises(ValueError, match="its pan is of another kind"):
        Show.load(tmp_path / "show.npz")


def test_a_file_of_an_older_version_lacks_what_is_new(tmp_path: Path) -> None:
    show = plain()
    np.savez(
        tmp_path / "old.npz",
        levels=show.levels,
        switched=show.switched,
        rate=np.float64(50),
        sections=np.zeros(0),
        model=np.array("mel"),
    )
    old = Show.load(tmp_path / "old.npz")
    assert (old.rate, old.sections, old.warnings, old.beats) == (50.0, (), (), ())


def test_what_is_no_show_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "show.npz"
    plain().save(path)
    whole = path.read_bytes()
    for damaged in (
        b"",
        b"text",
        whole[:-30],
        whole[: len(whole) // 2],
        whole[:200] + b"\xff" * 40 + whole[240:],
    ):
        path.write_bytes(damaged)
        with pytest.raises(ValueError, match=r"show\.npz"):
            Show.load(path)
    np.savez(path, levels=np.zeros((3, 8), object), switched=np.zeros((3, 8), bool))
    with pytest.raises(ValueError, match="is not a show"):
        Show.load(path)
    np.savez(path, levels=np.zeros((3, 8)), switched=np.zeros((3, 8), bool), rate=1, sections=(), model="m")
    with pytest.raises(ValueError, match="another kind"):
        Show.load(path)
    with pytest.raises(OSError, match="show"):
        Show.load(tmp_path / "no show.npz")
