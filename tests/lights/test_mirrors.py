"""Lights elsewhere that follow: listed for as long as their owner says so."""

from hypothesis import given
from hypothesis import strategies as st

from yulelight.lights.mirrors import Mirror, Mirrors

PORCH, TREE = Mirror("Porch", 3, (True,)), Mirror("Tree", 1, (False, True))


def test_the_latest_report_of_each_owner_counts() -> None:
    mirrors = Mirrors()
    mirrors.tell("a", [PORCH, TREE], 0.0)
    mirrors.tell("b", [PORCH], 1.0)
    mirrors.tell("a", [TREE], 2.0)
    assert mirrors.all(3.0) == [PORCH, TREE]
    mirrors.tell("b", [], 4.0)
    assert mirrors.all(5.0) == [TREE]


def test_who_says_nothing_more_is_forgotten() -> None:
    mirrors = Mirrors()
    mirrors.tell("a", [PORCH], 0.0)
    assert mirrors.all(60.0) == [PORCH] and mirrors.all(120.0) == []


@given(st.lists(st.integers(0, 100), min_size=1))
def test_a_crowd_of_owners_is_bounded(owners: list[int]) -> None:
    mirrors = Mirrors()
    for now, owner in enumerate(owners):
        mirrors.tell(str(owner), [Mirror(str(owner), 1, (True,))], now / 10)
    listed = [mirror.name for mirror in mirrors.all(len(owners) / 10)]
    assert len(listed) == min(8, len(set(owners))) and listed[-1] == str(owners[-1])
