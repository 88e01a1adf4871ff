"""A short evening of faults; `scripts/bench faults` is the long one."""

import asyncio
from pathlib import Path

import pytest

from tests.benchmarks.faults import playing
from tests.brokers import executable
from tests.faults import crowds
from tests.faults.feeding import feed_settings
from tests.faults.house import House
from tests.faults.kills import Evening, orphans


def test_an_evening_goes_on_whatever_is_killed(tmp_path: Path) -> None:
    executable("mosquitto")
    with Evening(tmp_path) as evening:
        for action in (
            "kill broker",
            "kill node",
            "kill switch",
            "kill service",
            "stop node",
            "restart service",
        ):
            evening.act(action)
        assert evening.outcome.troubles == []
        assert evening.outcome.recovered == 6
        assert evening.house.complaints() == []
    assert orphans(tmp_path) == []


@pytest.mark.parametrize("program", ["mosquitto", "python"])
def test_strangers_and_floods_keep_nobody_out(program: str) -> None:
    if program == "mosquitto":
        executable("mosquitto")

    async def crowd() -> None:
        async with crowds.flood(house, 3):
            assert await crowds.frames(house, 2.0) > 0
        noticed = await crowds.strangers(house, 300, 1.5)
        assert noticed.failures == 0
        assert noticed.files < 256
        tried, let_in = await crowds.guesses(house, 1.0)
        assert tried > 10
        assert not let_in

    with playing(program, files=256) as house:
        asyncio.run(crowd())
        assert house.complaints() == []
        assert house.running


def test_bad_settings_are_sentences(tmp_path: Path) -> None:
    fed = feed_settings(House(tmp_path), seed=3, count=60)
    assert fed.inputs == 62
    assert fed.broken == []
