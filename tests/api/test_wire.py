"""What clients read, checked on values."""

import json

from hypothesis import given
from hypothesis import strategies as st

from yulelight.api import wire
from yulelight.api.frames import Frame
from yulelight.core.messages import Song, State, Status

SONG = Song("a", "Title", "Artist", 100.0)


@given(st.floats(0, 100), st.floats(0, 1000), st.floats(0, 1000), st.sampled_from(list(State)))
def test_the_position_moves_with_the_music(position: float, as_of: float, ahead: float, state: State) -> None:
    told = wire.status(Status(state, SONG, position, as_of), as_of + ahead)["position"]
    assert position - 0.001 <= told <= 100
    if state not in (State.PRE_SHOW, State.PLAYING, State.LIVE, State.POST_SHOW):
        assert abs(told - position) <= 0.001


def test_a_status_from_the_future_stands_still() -> None:
    assert wire.status(Status(State.PLAYING, SONG, 5.0, 10.0), 9.0)["position"] == 5.0


def test_an_unknown_duration_does_not_hold_the_position() -> None:
    song = Song("a", "Title")
    assert wire.status(Status(State.PLAYING, song, 5.0, 0.0), 500.0)["position"] == 505.0


@given(
    st.lists(st.builds(Frame, st.integers(0, 2**62), st.binary(min_size=8, max_size=8), st.just((True,) * 8)))
)
def test_frames_are_json(frames: list[Frame]) -> None:
    told = json.loads(json.dumps(wire.frames(frames, 12.5)))
    assert told["now"] == 12_500_000
    assert [bytes(f["levels"]) for f in told["frames"]] == [f.levels for f in frames]
    assert [f["at"] for f in told["frames"]] == [f.at for f in frames]


def test_a_song_carries_what_players_show() -> None:
    song = Song("a", "Title", "Artist", 100.0, album="Album", cover=True)
    told = wire.status(Status(State.PLAYING, song, queue=(song,)), 0.0)
    expected = {
        "id": "a",
        "title": "Title",
        "artist": "Artist",
        "album": "Album",
        "duration": 100.0,
        "cover": True,
    }
    assert told["song"] == expected and told["queue"] == [expected]
