import queue
import time
from collections.abc import Iterator

import numpy as np
import pytest

from tests.audio.cards import Shop
from yulelight.audio.player import Player, sounds_at, unavailable
from yulelight.audio.speaker import Speaker, after
from yulelight.core.errors import AudioError
from yulelight.dsp.samples import Floats
from yulelight.dsp.spectrum import RATE


def tone(count: int, loud: float = 0.5) -> Floats:
    return np.full((count, 2), loud, np.float32)


def sounding(card_sound: np.ndarray) -> tuple[int, int]:
    """First and last sample that is heard, and all between are."""
    found = np.flatnonzero(card_sound[:, 0])
    assert len(found) == found[-1] - found[0] + 1
    return int(found[0]), int(found[-1])


def test_a_song_sounds_from_its_moment_to_its_end() -> None:
    shop, ended = Shop(), queue.Queue[str]()
    start_at = time.monotonic() + 0.5
    player = Player(iter([tone(5000), tone(0), tone(6000)]), start_at, ended.put, open_card=shop)
    player.start()
    assert ended.get(timeout=20) == ""
    player.stop()
    card = shop.cards[0]
    first, last = sounding(card.sound())
    assert abs(first - (start_at - card.began) * RATE) <= 1
    assert last - first + 1 == 11000
    assert card.closed
    assert ended.empty()


def test_stop_is_silence_frees_the_decoder_and_is_not_an_end() -> None:
    shop, ended, closed = Shop(), queue.Queue[str](), queue.Queue[bool]()

    def endless() -> Iterator[np.ndarray]:
        try:
            while True:
                yield tone(10_000)
        finally:
            closed.put(True)

    player = Player(endless(), time.monotonic(), ended.put, open_card=shop)
    player.start()
    while not shop.cards[0].sound().any():
        time.sleep(0.01)
    player.stop()
    player.stop()
    del player
    assert closed.get(timeout=20)
    assert ended.empty()
    assert shop.cards[0].closed


def test_a_card_that_disappears_is_reported_once() -> None:
    shop, ended = Shop(), queue.Queue[str]()
    player = Player(iter([tone(10 * RATE)]), time.monotonic(), ended.put, open_card=shop)
    player.start()
    shop.cards[0].pull_out()
    assert "was lost" in ended.get(timeout=20)
    player.stop()
    assert ended.empty()


def test_a_song_that_breaks_sounds_as_far_as_it_goes_and_is_reported() -> None:
    def broken() -> Iterator[np.ndarray]:
        yield tone(3000)
        raise AudioError("the song broke.")

    shop, ended = Shop(), queue.Queue[str]()
    player = Player(broken(), time.monotonic() + 0.5, ended.put, open_card=shop)
    player.start()
    assert ended.get(timeout=20) == "the song broke."
    player.stop()
    assert np.count_nonzero(shop.cards[0].sound()[:, 0]) == 3000


@pytest.mark.parametrize(
    ("delay", "moment"), [(0.03, 5.03), (0.0, 5.2), (-1.0, 5.2), (4e9, 5.2), (float("nan"), 5.2)]
)
def test_drivers_that_do_not_know_their_delay(delay: float, moment: float) -> None:
    assert sounds_at(5.0, delay, 0.2) == pytest.approx(moment)


def test_a_card_that_is_not_there_is_a_sentence_not_an_error() -> None:
    name = "no such sound card 4711"
    assert unavailable(name)
    speaker, why = Speaker.open(name)
    assert speaker is None
    assert why == unavailable(name)
    with pytest.raises(AudioError, match="No sound"):
        Player(iter([]), 0, print, device=name).start()


@pytest.mark.parametrize("sample", [0, 1, 99, 100, 101, 250, 299, 300, 1000])
def test_the_part_of_a_song_after_a_seek(sample: int) -> None:
    sound = np.arange(600, dtype=np.float32).reshape(300, 2)
    parts = after(iter(np.split(sound, 3)), sample / RATE)
    np.testing.assert_array_equal(np.concatenate([np.empty((0, 2)), *parts]), sound[sample:])


def test_what_follows_begins_at_its_moment_and_not_a_sample_is_lost() -> None:
    shop, ended = Shop(), queue.Queue[str]()
    start_at = time.monotonic() + 0.4
    player = Player(iter([tone(10 * RATE)]), start_at, ended.put, open_card=shop)
    assert player.follow(iter([tone(100, 0.1)]), start_at + 0.1)  # thought better of
    assert player.follow(iter([tone(3000, 0.25), tone(1500, 0.25)]), start_at + 0.25)
    player.start()
    assert ended.get(timeout=20) == ""
    player.stop()
    sound = shop.cards[0].sound()[:, 0]
    first, last = sounding(shop.cards[0].sound())
    assert abs(np.count_nonzero(sound == 0.5) - 0.25 * RATE) <= 2
    assert np.count_nonzero(sound == 0.25) == 4500 == last - first + 1 - np.count_nonzero(sound == 0.5)
    assert len(shop.cards) == 1
    assert not player.follow(iter([tone(100)]), time.monotonic())


def test_a_gap_before_what_follows_is_silence_and_no_end() -> None:
    shop, ended = Shop(), queue.Queue[str]()
    start_at = time.monotonic() + 0.3
    player = Player(iter([tone(2000)]), start_at, ended.put, open_card=shop)
    assert player.follow(iter([tone(3000, 0.25)]), start_at + 0.3)
    player.start()
    assert ended.get(timeout=20) == ""
    player.stop()
    sound = shop.cards[0].sound()[:, 0]
    assert np.count_nonzero(sound == 0.5) == 2000 and np.count_nonzero(sound == 0.25) == 3000
    assert abs(np.flatnonzero(sound == 0.25)[0] - np.flatnonzero(sound)[0] - 0.3 * RATE) <= 2


def test_a_shift_moves_what_sounds_at_once_and_exactly() -> None:
    shop, ended = Shop(), queue.Queue[str]()

    def shift() -> float:
        return 0.1 if shop.cards and shop.cards[0].sound().any() else 0.0

    start_at = time.monotonic() + 0.3
    rising = np.arange(1, RATE + 1, dtype=np.float32) / np.float32(2 * RATE)
    ramp = np.repeat(rising[:, None], 2, axis=1)
    player = Player(iter([ramp]), start_at, ended.put, open_card=shop, shift=shift)
    player.start()
    card = shop.cards[0]
    assert ended.get(timeout=20) == ""
    player.stop()
    sound = card.sound()[:, 0]
    due = (start_at - card.began) * RATE
    last = np.flatnonzero(sound)[-1]
    assert abs(last - due - RATE + 1 - 0.1 * RATE) <= 2  # the end is a tenth of a second later
    heard = np.round(sound[sound > 0] * 2 * RATE).astype(int)
    assert np.array_equal(heard, np.arange(1, RATE + 1))  # held back, not left out


def test_volume_moves_without_a_step() -> None:
    shop, ended = Shop(), queue.Queue[str]()
    player = Player(iter([tone(RATE)]), time.monotonic() + 0.02, ended.put, open_card=shop, volume=0.25)
    player.volume(1.0)
    player.start()
    assert ended.get(timeout=20) == ""
    player.stop()
    sound = shop.cards[0].sound()[:, 0]
    heard = sound[sound > 0]
    assert heard[0] < 0.45 and heard[-1] == pytest.approx(0.5)
    assert np.abs(np.diff(heard)).max() < 0.001
