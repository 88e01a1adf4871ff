import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.lab.preview.films import FLASH, SECONDS, SIZE, SMALL, flash, song, watch
from yulelight.core.errors import AudioError, UsageError
from yulelight.lab.preview.film import cutting, film


def brightness(pictures: np.ndarray, box: tuple[float, float, float, float]) -> np.ndarray:
    """Mean of a box of the scene (left, top, right, bottom in its units) in every picture."""
    scale = SIZE[0] / 1280
    left, top, right, bottom = (round(edge * scale) for edge in box)
    means: np.ndarray = pictures[:, top:bottom, left:right].mean(axis=(1, 2, 3))
    return means


FIR, GARAGE = (60, 300, 260, 600), (830, 450, 1010, 570)


def test_a_flash_stands_in_the_frame_in_which_it_sounds(tmp_path: Path) -> None:
    output = tmp_path / "film.mp4"
    assert film(song(tmp_path / "a.wav"), flash(4), output, SMALL) == SECONDS
    seen = watch(output)
    assert np.allclose(seen.times, np.arange(60) / 30, atol=1e-3)
    fir = brightness(seen.pictures, FIR)
    lit = np.flatnonzero(fir > (fir.min() + fir.max()) / 2)
    assert lit.tolist() == list(range(round(FLASH * 30), round((FLASH + 0.2) * 30)))
    assert fir.max() > fir.min() + 20
    assert np.ptp(brightness(seen.pictures, GARAGE)) < 6
    loud = np.flatnonzero(np.abs(seen.sound[:, 0]) > 0.2)
    assert abs(seen.sound_start + loud[0] / 44100 - FLASH) < 0.01
    assert abs(seen.sound_start + len(seen.sound) / 44100 - SECONDS) < 0.05


def test_relays_warm_up_and_cool_down(tmp_path: Path) -> None:
    output = tmp_path / "film.mp4"
    film(song(tmp_path / "a.wav"), flash(6), output, replace(SMALL, switched=True))
    garage = brightness(watch(output).pictures, GARAGE)
    on, off = round(FLASH * 30), round((FLASH + 0.2) * 30)
    assert garage[on - 1] < garage[on] < garage[on + 2]
    assert garage[off - 1] > garage[off] > garage[off + 2]


def test_a_part_of_the_song_starts_and_ends_where_it_was_cut(tmp_path: Path) -> None:
    output = tmp_path / "film.mp4"
    cut = replace(SMALL, start=1.0, seconds=0.5)
    assert film(song(tmp_path / "a.wav"), flash(4), output, cut) == 0.5
    seen = watch(output)
    fir = brightness(seen.pictures, FIR)
    assert len(fir) == 15
    assert fir[:6].max() + 10 < fir[6]
    loud = np.flatnonzero(np.abs(seen.sound[:, 0]) > 0.2)
    assert abs(seen.sound_start + loud[0] / 44100 - (FLASH - 1)) < 0.01


def test_the_title_is_seen_for_three_seconds_at_most(tmp_path: Path) -> None:
    output = tmp_path / "film.mp4"
    film(song(tmp_path / "A Band - A Carol.wav"), flash(4), output, SMALL)
    sky = watch(output).pictures[:, :40, 10:140].max(axis=(1, 2, 3)).astype(int)
    film(song(tmp_path / "A Band - A Carol.wav"), flash(4), output, replace(SMALL, seconds=0.2))
    assert sky[0] > 180
    assert sky[0] == pytest.approx(watch(output).pictures[0, :40, 10:140].max(), abs=8)


@pytest.mark.parametrize("name", ["film.avi", "film", "gone/film.mp4", "folder.mp4", "a.mp4"])
def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.mp4").mkdir()
    shutil.copy(song(tmp_path / "a.wav"), tmp_path / "a.mp4")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UsageError, match="-o"):
        film(tmp_path / "a.mp4", flash(0), tmp_path / name, SMALL)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("start", [2.5, float("inf"), float("nan")])
def test_a_start_behind_the_end_is_refused(tmp_path: Path, start: float) -> None:
    with pytest.raises(UsageError, match="earlier start"):
        film(song(tmp_path / "a.wav"), flash(0), tmp_path / "film.mp4", replace(SMALL, start=start))


def test_what_fails_half_way_leaves_the_old_film_alone(tmp_path: Path) -> None:
    output = tmp_path / "film.mp4"
    output.write_bytes(b"old")

    def stop(_done: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        film(song(tmp_path / "a.wav"), flash(0), output, SMALL, stop)
    (tmp_path / "noise.mp3").write_bytes(bytes(range(256)))
    with pytest.raises(AudioError):
        film(tmp_path / "noise.mp3", flash(0), output, SMALL)
    assert output.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.wav", "film.mp4", "noise.mp3"]


def test_cutting_is_slicing_and_fills_with_silence() -> None:
    whole = np.arange(40, dtype=np.float32).reshape(20, 2)
    blocks = [whole[:3], whole[3:3], whole[3:11], whole[11:]]
    for skip in range(22):
        for count in (1, 5, 20, 30):
            want = np.zeros((count, 2), np.float32)
            part = whole[skip : skip + count]
            want[: len(part)] = part
            assert np.array_equal(np.concatenate(list(cutting(iter(blocks), skip, count))), want)
