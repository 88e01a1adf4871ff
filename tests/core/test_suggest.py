from hypothesis import given
from hypothesis import strategies as st

from yulelight.core.suggest import did_you_mean, nearest

LISTS = ["Christmas", "Noël", "Silvester 2026", "Kinder"]


def test_a_mistyped_name_is_recognised_whatever_its_case_and_accents() -> None:
    for given_, meant in (
        ("christmas", "Christmas"),
        ("Chrismas", "Christmas"),
        ("noel", "Noël"),
        ("NOEL", "Noël"),
        ("Silvester", "Silvester 2026"),
        ("kindr", "Kinder"),
    ):
        assert nearest(given_, LISTS) == meant


def test_nothing_is_suggested_for_what_is_like_nothing() -> None:
    for other in ("", "x", "Ostern", "mas" * 400):
        assert nearest(other, LISTS) == "" and did_you_mean(other, LISTS) == ""
    assert did_you_mean("musik", ["model", "music", "look"]) == "; did you mean 'music'?"


@given(st.text(max_size=30), st.lists(st.text(max_size=30), max_size=6))
def test_a_suggestion_is_one_of_the_names(name: str, known: list[str]) -> None:
    assert nearest(name, known) in ["", *known]


@given(st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=6))
def test_a_name_that_is_there_is_its_own_nearest_but_for_namesakes(known: list[str]) -> None:
    assert nearest(known[0], known) == known[0]
