"""Where music comes from and what of it is learnt from."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lab.training.music import write
from yulelight.core.errors import UsageError
from yulelight.lab.training.dataset import bins, find_tracks, held_back, read_manifest, thinned, trim


@given(st.integers(0, 9000), st.integers(0, 30))
@settings(max_examples=30, deadline=None)
def test_a_tenth_is_held_back_in_blocks(frames: int, index: int) -> None:
    kept = held_back(frames, index)
    assert len(kept) == frames
    assert kept.sum() <= frames / 10 + 431
    assert np.abs(np.diff(kept.astype(int))).sum() <= frames / 431 / 5 + 2


@given(st.integers(0, 9000), st.integers(431, 5000))
@settings(max_examples=30, deadline=None)
def test_long_songs_are_thinned(frames: int, most: int) -> None:
    numbers = np.arange(frames, dtype=np.float32)[:, None]
    part = thinned(numbers, most)[:, 0]
    assert len(part) <= max(most, 431)
    assert (np.diff(part) > 0).all() or most >= frames
    assert frames <= most or len(part) >= most - 431


def test_trim_keeps_pauses_and_drops_ends() -> None:
    song = np.zeros((10, 513), np.float32)
    song[[3, 6], 40] = 0.1
    assert len(trim(song)) == 4
    assert len(trim(np.zeros((10, 513), np.float32))) == 0


def test_scaling_is_fixed() -> None:
    magnitudes = np.array([[0.0, 1e-4, 1e-2, 1.0, 4.0]], np.float32)
    assert bins(magnitudes)[0] == pytest.approx([0, 0, 0.5, 1, 1], abs=1e-6)


def test_manifest_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read"):
        read_manifest(tmp_path)
    (tmp_path / "manifest.csv").write_text("file,title\nx.ogg,X\n")
    with pytest.raises(UsageError, match="lacks the column"):
        read_manifest(tmp_path)


def test_manifest_cannot_name_files_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "manifest.csv").write_text("file,title,artist,licence,role\n../../x.ogg,X,Y,CC0-1.0,train\n")
    assert [track.path for track in read_manifest(tmp_path)] == [tmp_path / "x.ogg"]


def test_songs_kept_out_are_never_learnt_from(tmp_path: Path) -> None:
    (tmp_path / "manifest.csv").write_text(
        "file,title,artist,licence,role\na.ogg,A,Y,CC0-1.0,train\nb.ogg,B,Y,CC0-1.0,validate\n"
    )
    assert [track.title for track in find_tracks([tmp_path])] == ["A"]


def test_a_record_collection_needs_no_manifest(tmp_path: Path) -> None:
    write(tmp_path / "mine.wav", 1)
    (track,) = find_tracks([tmp_path])
    assert (track.title, track.role) == ("mine", "train")
    with pytest.raises(UsageError, match="no folder"):
        find_tracks([tmp_path / "missing"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="no songs"):
        find_tracks([tmp_path / "empty"])
