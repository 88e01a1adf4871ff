"""The sound of a station on sound cards: the very samples that came, at their moments, also after gaps."""

import asyncio
import time

import numpy as np

from tests.audio.cards import Shop
from yulelight.audio.sound_outputs import MAIN, SoundOutputs
from yulelight.audio.speaker import Speaker
from yulelight.inputs.base import Block
from yulelight.player.live_sound import CardSound

RATE = 44_100


def blocks(start: float, seconds: float, first: int = 1) -> list[Block]:
    """Numbered samples, a tenth of a second each; a number divided by 2**20 is what sounds."""
    size = RATE // 10
    found = []
    for k in range(round(10 * seconds)):
        numbers = np.arange(first + k * size, first + (k + 1) * size) / 2**20
        found.append(Block(np.stack([numbers, numbers], axis=1).astype(np.float32), start + k / 10))
    return found


def heard(shop: Shop, card: int) -> np.ndarray:
    sound = shop.cards[card].sound()[:, 0]
    found: np.ndarray = np.round(sound[sound != 0] * 2**20).astype(int)
    return found


async def until(shop: Shop, card: int, samples: int) -> None:
    async with asyncio.timeout(60):
        while len(shop.cards) <= card or len(heard(shop, card)) < samples:
            await asyncio.sleep(0.05)


async def test_every_card_hears_all_of_it_and_a_gap_begins_anew() -> None:
    shops = [Shop(), Shop()]
    cards = {name: Speaker(None, shop) for name, shop in zip((MAIN, "hall"), shops, strict=True)}
    sound = CardSound(SoundOutputs(cards, {"hall": 0.0}), time.monotonic)
    start = time.monotonic() + 1.5
    for block in blocks(start, 1.0):
        await sound.push(block)
    for shop in shops:
        await until(shop, 0, RATE - 10)
        assert np.array_equal(np.diff(heard(shop, 0)), np.ones(len(heard(shop, 0)) - 1))
    for block in blocks(time.monotonic() + 1.5, 0.5, first=500_000):
        await sound.push(block)
    for shop in shops:
        await until(shop, 1, RATE // 2 - 10)
        assert heard(shop, 1)[0] <= 500_002
    await sound.stop()
    begun = time.monotonic()
    await sound.stop()
    assert time.monotonic() - begun < 5


async def test_what_comes_while_something_else_sounds_is_heard_from_its_moment_on() -> None:
    shop = Shop()
    sound = CardSound(SoundOutputs({MAIN: Speaker(None, shop)}, {}), time.monotonic)
    await sound.silence()
    start = time.monotonic() - 1.0
    for block in blocks(start, 6.0):
        await sound.push(block)
    assert not shop.cards
    await sound.resume()
    await until(shop, 0, RATE)
    found = heard(shop, 0)
    assert found[0] > RATE, "what was to be heard before is left out"
    assert np.array_equal(np.diff(found), np.ones(len(found) - 1))
    await sound.stop()
