"""The API's values: both ways through JSON, from older and newer services, and where a song is."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yulelight_client.models import Channel, Info, Song, Status
from yulelight_client.states import State

SONGS = st.builds(Song, title=st.text(max_size=20), duration=st.floats(0, 1e4), cover=st.booleans())
STATUSES = st.builds(
    Status,
    state=st.sampled_from([str(state) for state in State]),
    moving=st.booleans(),
    song=st.none() | SONGS,
    position=st.floats(0, 1e4),
    now=st.integers(0, 2**53),
    sections=st.lists(st.floats(0, 1e4), max_size=3).map(tuple),
    queue=st.lists(SONGS, max_size=3).map(tuple),
    sound=st.text(max_size=8),
)


@given(STATUSES)
def test_a_status_survives_json(status: Status) -> None:
    assert Status.from_dict(json.loads(json.dumps(status.to_dict()))) == status


def test_what_a_newer_service_adds_is_ignored() -> None:
    told = {"state": "dancing", "position": 3.0, "steps": [1, 2], "song": {"id": "a", "colour": "red"}}
    status = Status.from_dict(told)
    assert (status.state, status.position, status.song) == ("dancing", 3.0, Song("a"))


@pytest.mark.parametrize(
    ("state", "moves"),
    [
        ("playing", True),
        ("pre_show", True),
        ("post_show", True),
        ("live", True),
        ("paused", False),
        ("loading", False),
        ("idle", False),
    ],
)
def test_an_older_service_does_not_say_that_it_moves(state: str, moves: bool) -> None:
    status = Status.from_dict({"state": state, "song": {"id": "a", "title": "A"}})
    assert (status.moving, status.sound) == (moves, "a")


@pytest.mark.parametrize(
    "told", [{}, {"channel": "x", "on": True, "brightness": 1}, {"channel": 1, "on": True}]
)
def test_what_is_no_channel_is_refused(told: dict[str, object]) -> None:
    with pytest.raises((ValueError, LookupError)):
        Channel.from_dict(told)


def test_an_info_without_versions_is_refused() -> None:
    with pytest.raises((ValueError, LookupError)):
        Info.from_dict({"id": "a", "name": "A", "version": "1"})


@given(STATUSES, st.floats(-10, 1e4))
def test_a_song_goes_on_while_it_moves_and_ends_at_its_end(status: Status, seconds: float) -> None:
    there = status.position_after(seconds)
    gone = max(0.0, seconds) if status.moving else 0.0
    if status.song is not None and status.song.duration:
        assert there == min(status.song.duration, status.position + gone)
    else:
        assert there == status.position + gone
