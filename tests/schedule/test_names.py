"""Which names of playlists and looks a show may have."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.schedule.seasons import once
from yulelight.core.errors import UsageError
from yulelight.schedule.names import Names

NAMES = Names(["Carols", "Straße", "a", "A"], ["lively", "calm"])
SHOW = replace(once(datetime(2026, 12, 5, 18), timedelta(hours=1)), playlist="Carols", look="calm")


@pytest.mark.parametrize(
    ("asked", "playlist"), [("Carols", "Carols"), ("CAROLS", "Carols"), ("strasse", "Straße"), ("a", "a")]
)
def test_a_playlist_is_found_however_it_is_written(asked: str, playlist: str) -> None:
    assert NAMES.checked(replace(SHOW, playlist=asked)).playlist == playlist


@pytest.mark.parametrize(
    "wrong", [{"playlist": "Carol"}, {"playlist": "á"}, {"look": "clam"}, {"look": "Calm"}]
)
def test_a_name_that_does_not_exist_is_refused_unless_the_show_has_it_already(wrong: dict[str, str]) -> None:
    other = replace(SHOW, **wrong)  # type: ignore[arg-type]
    for known in (None, SHOW):
        with pytest.raises(UsageError, match="there is no"):
            NAMES.checked(other, known)
    assert NAMES.checked(other, other) == other
    assert NAMES.checked(SHOW, other) == SHOW
    assert len(NAMES.problems(other)) == 1


def test_a_show_without_a_look_has_the_usual_one() -> None:
    assert NAMES.checked(replace(SHOW, look=None)).look is None
    assert NAMES.problems(replace(SHOW, look=None)) == []


def test_what_is_not_known_is_not_checked() -> None:
    odd = replace(SHOW, playlist="Anything", look="whatever")
    assert Names().checked(odd) == odd
    assert Names().problems(odd) == []


def test_the_problems_of_all_shows_are_each_told_once() -> None:
    night = datetime(2026, 12, 6).date()
    lost = replace(SHOW, playlist="Gone")
    series = replace(SHOW, overrides=((night, lost),), onwards=((night, lost), (night, None)))
    assert NAMES.all_problems([series, series, lost]) == NAMES.problems(lost)
