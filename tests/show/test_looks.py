"""Every look is safe on hostile music, alive on real music, and has the character it is named for."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.safety.oracle import flashes
from tests.show.test_mapping import RATE, music
from yulelight.analysis.bars import bars
from yulelight.encoder.catalogue import find
from yulelight.encoder.model import load
from yulelight.library.songs import Library
from yulelight.show.at_once import LiveMapping
from yulelight.show.look import LOOKS, Look
from yulelight.show.mapping import Music, map_song
from yulelight.show.render import render

FRAMES = 430
SONGS = 3
frames = st.lists(st.integers(0, FRAMES - 1), max_size=60).map(lambda found: tuple(sorted(set(found))))


@st.composite
def hostile(draw: st.DrawFn) -> Music:
    """Held codes that jump, silences of any length, events anywhere."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    held, quiet = draw(st.integers(1, 40)), draw(st.integers(1, 120))
    steps = np.arange(FRAMES)
    codes = rng.random((FRAMES, 8)).astype(np.float32)[steps // held * held]
    if draw(st.booleans()):
        codes = np.repeat((steps // held % 2)[:, None], 8, 1).astype(np.float32)
    loudness = np.where(rng.random(FRAMES)[steps // quiet * quiet] < 0.3, -90, -15).astype(np.float32)
    parts = [draw(frames) for _ in range(4)]
    return Music(codes, loudness, parts[0], parts[1], RATE, np.ones(8, np.float32), parts[2], parts[3])


def assert_safe(levels: np.ndarray, switched: np.ndarray, least: float) -> None:
    times = np.arange(len(levels)) / RATE
    assert flashes(times, levels.mean(1) / 255) <= 3
    assert flashes(times, switched.mean(1)) <= 3
    for channel in switched.T:
        changes = np.flatnonzero(channel[1:] != channel[:-1])
        assert len(changes) < 2 or np.diff(changes).min() / RATE >= least - 1e-9


def live(music: Music, look: Look) -> tuple[np.ndarray, np.ndarray]:
    mapping = LiveMapping(8, RATE, look, music.rest)
    begin = set(music.onsets)
    out = [
        mapping.step(row, float(loud), k in begin)
        for k, (row, loud) in enumerate(zip(music.codes, music.loudness, strict=True))
    ]
    return np.array([list(levels) for levels, _ in out], np.uint8), np.array([on for _, on in out])


@pytest.mark.parametrize("name", LOOKS)
@settings(max_examples=12, deadline=None)
@given(hostile())
def test_hostile_music_is_safe(name: str, music: Music) -> None:
    look = LOOKS[name]
    for levels, switched in (map_song(music, look), live(music, look)):
        assert levels.shape == switched.shape == (FRAMES, 8)
        assert_safe(levels, switched, min(look.minimum))
        if name == "classic":
            assert np.array_equal(levels, 255 * switched)


def pulsing(seconds: float) -> Music:
    codes = music(seconds)
    beat = np.arange(20, len(codes), 43)
    return Music(
        codes,
        np.full(len(codes), -15, np.float32),
        tuple(range(20, len(codes), 13)),
        tuple(beat.tolist()),
        RATE,
        np.ones(8, np.float32),
        tuple(beat[::4].tolist()),
        (1000,),
    )


def came_on(switched: np.ndarray) -> np.ndarray:
    return np.flatnonzero((switched[1:] & ~switched[:-1]).any(1)) + 1


def test_calm_changes_slowly_and_seldom() -> None:
    song = pulsing(40)
    levels, switched = map_song(song, LOOKS["calm"])
    assert np.diff(came_on(switched)).min() >= RATE
    assert set(came_on(switched).tolist()) <= set(song.beats)
    assert np.abs(np.diff(levels.astype(int), axis=0)).max() <= 12
    changes = np.flatnonzero((np.diff(live(song, LOOKS["calm"])[1].astype(int), axis=0) != 0).any(1))
    assert len(changes) > 3
    assert np.diff(changes).min() >= RATE - 1


def test_elegant_changes_at_bars_and_sections() -> None:
    song = pulsing(40)
    levels, switched = map_song(song, LOOKS["elegant"])
    changed = set((np.flatnonzero((switched[1:] != switched[:-1]).any(1)) + 1).tolist())
    assert 1000 in changed
    assert len(changed) > 10
    assert changed <= {*song.bars, *song.sections}
    assert np.abs(np.diff(levels.astype(int), axis=0)).max() <= 12


def test_bars_are_counted_from_the_strongest_beats() -> None:
    beats, strength = list(range(10, 1000, 40)), np.full(1000, 0.1, np.float32)
    strength[[b + 1 for b in beats[2::4]]] = 1.0
    assert bars(beats, strength) == beats[2::4]
    assert bars([], strength) == []
    assert bars([5], strength) == [5]


@pytest.mark.real_audio
def test_every_look_is_alive_and_safe_on_real_songs(real_audio: Path) -> None:
    encoder = load(find("mel", ()))
    songs = [found for found in Library([real_audio]).scan() if 40 < found.song.duration < 150]
    assert songs
    for found in songs[:: max(1, -(-len(songs) // SONGS))]:
        for name, look in LOOKS.items():
            show = render(found.path, encoder, look)
            share = show.switched.mean(0)
            assert share.min() > 0.02, f"{name}, {found.song.title}: a channel is dead"
            assert share.max() < 0.98, f"{name}, {found.song.title}: a channel is stuck"
            assert_safe(show.levels, show.switched, 0.1)
