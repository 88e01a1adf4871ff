"""How long a song is, is what can be heard of it; a warning means that sound is missing."""

import re
import struct
from pathlib import Path

import numpy as np
import pytest

from tests.audio.odd import CUT, HARMED, RATE, SECONDS, WHOLE, Maker, flac, harmed, noise, wave
from yulelight.audio.decode import Decoder, probe
from yulelight.core.errors import AudioError


def heard(folder: Path, case: tuple[str, Maker]) -> tuple[np.ndarray, list[str]]:
    suffix, make = case
    path = folder / f"song{suffix}"
    path.write_bytes(make())
    with Decoder(path) as song:
        blocks = list(song)
    return np.concatenate(blocks), song.warnings


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_all_there_plays_without_a_warning(name: str, tmp_path: Path) -> None:
    sound, warnings = heard(tmp_path, WHOLE[name])
    assert warnings == []
    assert len(sound) / RATE == pytest.approx(SECONDS, abs=0.08)


@pytest.mark.parametrize("name", CUT)
def test_a_copy_that_broke_off_says_where(name: str, tmp_path: Path) -> None:
    sound, warnings = heard(tmp_path, CUT[name])
    seconds = len(sound) / RATE
    assert 1.5 < seconds < 4.5
    assert len(warnings) == 1
    found = re.search(r"is cut off: it ends after 0:0(\d)( of 0:06)?\. Copy it again\.", warnings[0])
    assert found is not None
    assert int(found[1]) == int(seconds)


@pytest.mark.parametrize("name", HARMED)
def test_one_bad_place_is_named_and_what_follows_keeps_its_time(name: str, tmp_path: Path) -> None:
    sound, warnings = heard(tmp_path, HARMED[name])
    assert len(sound) / RATE == pytest.approx(SECONDS, abs=0.02)
    assert len(warnings) == 1
    place = re.search(r"is damaged at 0:0(\d); the rest plays", warnings[0])
    assert place is not None
    assert int(place[1]) in {2, 3}


def test_the_sound_behind_a_bad_frame_is_where_it_was(tmp_path: Path) -> None:
    sound, _ = heard(tmp_path, (".flac", lambda: harmed(flac(noise()))))
    np.testing.assert_allclose(sound[-RATE:], noise()[-RATE:], atol=1e-3)
    silent = np.flatnonzero(np.abs(sound).max(axis=1) == 0)
    assert 0 < len(silent) < RATE / 2


def test_many_bad_places_make_one_warning(tmp_path: Path) -> None:
    data = flac(noise())
    for share in (0.2, 0.4, 0.6, 0.8):
        data = harmed(data, share)
    _, warnings = heard(tmp_path, (".flac", lambda: data))
    assert len(warnings) == 1
    assert "and in 1 more places" in warnings[0]


def test_a_hint_of_13_hours_refuses_nothing(tmp_path: Path) -> None:
    for name in ("flac that says 13 hours", "opus of a longer one"):
        suffix, make = WHOLE[name]
        (tmp_path / f"a{suffix}").write_bytes(make())
        assert probe(tmp_path / f"a{suffix}").rate in {44100, 48000}


def test_a_wave_file_without_a_sample_holds_no_sound(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(wave(np.zeros((0, 2), np.float32)))
    with pytest.raises(AudioError, match="no sound"):
        probe(path)


def recorded(stated: float, behind: bytes = b"", sound: float = SECONDS) -> bytes:
    """A WAV file of noise whose header says that it has ``stated`` seconds."""
    samples = (
        (np.random.default_rng(0).uniform(-0.5, 0.5, (round(sound * RATE), 2)) * 32767)
        .astype("<i2")
        .tobytes()
    )
    size = round(stated * RATE) * 4
    form = struct.pack("<IHHIIHH", 16, 1, 2, RATE, 4 * RATE, 4, 16)
    chunks = b"WAVEfmt " + form + b"data" + struct.pack("<I", size) + samples + behind
    return b"RIFF" + struct.pack("<I", len(chunks)) + chunks


@pytest.mark.parametrize(
    ("data", "seconds"),
    [
        (recorded(0.5), SECONDS),
        (recorded(SECONDS), SECONDS),
        (recorded(SECONDS, b"LIST" + struct.pack("<I", 100_000) + b"x" * 100_000), SECONDS),
        (recorded(SECONDS, b"APETAGEX" + bytes(100_000)), SECONDS),
        (recorded(SECONDS, b"TAG" + bytes(125)), SECONDS),
        (recorded(SECONDS, bytes(100_000)), SECONDS),
    ],
    ids=["too little", "right", "chunk", "tag", "short tag", "padding"],
)
def test_a_wave_file_plays_whole_whatever_its_header_says(
    tmp_path: Path, data: bytes, seconds: float
) -> None:
    sound, warnings = heard(tmp_path, (".wav", lambda: data))
    assert len(sound) / RATE == pytest.approx(seconds, abs=0.01)
    assert warnings == []
