"""Long songs go through in pieces, which no watcher can tell from the whole."""

import numpy as np
import pytest

from yulelight.show.look import LIVELY
from yulelight.show.pieces import Frames, Pieces, joined, quiet_moment

RATE = 44100 / 512
PIECE = 2000


def heard(seconds: float, seed: int = 1) -> Frames:
    """Notes at random moments, louder and quieter by turns; every tenth second is quiet."""
    rng = np.random.default_rng(seed)
    count = round(seconds * RATE)
    fall = np.exp(-np.arange(40) / 12)
    notes = np.zeros((count, 8))
    for at in rng.integers(0, count - 40, count // 25):
        notes[at : at + 40, rng.integers(8)] += fall
    notes = np.maximum(notes, 0.05)
    notes *= ((np.arange(count) / RATE) % 10 > 1)[:, None]
    codes = np.clip(notes, 0, 1).astype(np.float32)
    loud = (20 * np.log10(np.maximum(codes.mean(1), 1e-5))).astype(np.float32)
    power = np.repeat(codes, 8, axis=1) ** 2 + np.float32(1e-9)
    return Frames(codes, loud, power, codes[:, :2] ** 2, np.zeros((len(codes), 0), np.float32))


def mapped(frames: Frames, piece: int, step: int = 190) -> Pieces:
    pieces = Pieces(LIVELY, np.zeros(8, np.float32), piece)
    for start in range(0, len(frames), step):
        pieces.push(frames.part(start, start + step))
    pieces.finish()
    return pieces


def test_a_song_of_less_than_two_pieces_is_mapped_as_a_whole() -> None:
    song = heard(40)
    whole, also = mapped(song, 10**6), mapped(song, len(song) // 2 + 1)
    assert len(also.levels) == 1
    np.testing.assert_array_equal(np.concatenate(whole.levels), np.concatenate(also.levels))


def test_a_long_song_is_cut_where_it_is_quiet_and_nothing_is_lost() -> None:
    song = heard(150)
    pieces = mapped(song, PIECE)
    assert len(pieces.levels) >= 4
    for parts in (pieces.levels, pieces.switched, pieces.loudness, pieces.pan):
        assert sum(len(part) for part in parts) == len(song)
    np.testing.assert_array_equal(np.concatenate(pieces.loudness), song.loudness)
    cuts = np.cumsum([len(part) for part in pieces.levels])[:-1]
    assert all((cut / RATE) % 10 < 1.1 for cut in cuts)
    assert all(PIECE * 0.75 <= len(part) <= PIECE * 1.25 for part in pieces.levels[:-1])
    for moments in (pieces.sections, pieces.beats, pieces.downbeats):
        assert moments == sorted(moments)
        assert moments[-1] > 100


def test_the_house_flashes_no_more_than_three_times_in_a_second_across_a_cut() -> None:
    song = heard(120, seed=4)
    mean = np.concatenate(mapped(song, 900).switched).mean(1)
    steps = [(k, change) for k, change in enumerate(np.diff(mean)) if abs(change) >= 0.1]
    flashes, rising = [], None
    for k, change in steps:
        if rising is not None and (change > 0) != rising:
            flashes.append(k)
        rising = change > 0
    for k in flashes:
        assert sum(k <= other < k + RATE for other in flashes) <= 6  # two turns make a flash


def test_what_is_held_does_not_grow_with_the_song() -> None:
    pieces, most = Pieces(LIVELY, np.zeros(8, np.float32), PIECE), 0
    song = heard(60)
    for _ in range(4):
        for start in range(0, len(song), 190):
            pieces.push(song.part(start, start + 190))
            most = max(most, sum(len(part) for part in pieces._held))
    assert most <= 2 * PIECE + 190


@pytest.mark.parametrize("at", [1500, 2000, 2499])
def test_the_quietest_moment_near_by(at: int) -> None:
    loudness = np.full(5000, -20, np.float32)
    loudness[at - 30 : at + 30] = -60
    loudness[100:200] = loudness[3000:3100] = -90
    assert abs(quiet_moment(loudness, 2000) - at) <= 45


def test_joined_is_what_was_parted() -> None:
    song = heard(10)
    again = joined([song.part(0, 100), song.part(100)])
    np.testing.assert_array_equal(again.power, song.power)
