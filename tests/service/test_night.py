"""A night on a simulated clock, in which the power fails during the show: it goes on when the power is back."""

import random
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from tests.benchmarks.evening import FIRST, House, Season, night

LENGTH = timedelta(minutes=5)


def test_the_show_goes_on_after_a_power_cut(tmp_path: Path) -> None:
    house, season = House(tmp_path / "data"), Season()
    house.furnish(FIRST, LENGTH, count=2)
    night(house, FIRST, LENGTH, random.Random(3), season, cuts=1)
    assert season.cuts == 1
    assert season.dark == 0, "nothing played after a start within the show"
    assert season.outside == 0, "a song began before the show or after it"
    assert season.late <= 10.0
    assert season.jump <= 5.0
    assert not list(house.data.rglob("*.tmp"))


def test_songs_follow_each_other_without_a_gap_and_nothing_plays_outside_the_show(tmp_path: Path) -> None:
    house = House(tmp_path / "data")
    house.furnish(FIRST, LENGTH, count=2)
    said = house.run(FIRST - timedelta(minutes=1), LENGTH + timedelta(minutes=2), 60.0)
    songs = [line for line in said if line.get("what") == "playing"]
    starts = [line["at"] - line["position"] for line in songs]
    lengths = [61.0, 64.0]
    assert [song["song"] for song in songs] == ["song 0", "song 1", "song 0", "song 1", "song 0"]
    for number, (one, following) in enumerate(pairwise(starts)):
        assert abs(following - one - lengths[number % 2]) < 0.03
    assert 0 <= starts[0] - FIRST.timestamp() < 5
    assert said[-1]["light"]["off beat, ms"] < 1
