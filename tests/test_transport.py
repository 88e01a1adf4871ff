"""A song's position is arithmetic: no command sequence may lose or gain time."""

from hypothesis import given
from hypothesis import strategies as st

from yulelight.transport import Transport

steps = st.lists(
    st.tuples(st.sampled_from(["play", "pause", "wait", "seek"]), st.floats(0, 500, allow_nan=False)),
    max_size=40,
)


@given(steps)
def test_position_is_time_spent_playing_since_the_last_seek(moves: list[tuple[str, float]]) -> None:
    transport, now, expected, playing = Transport(), 1000.0, 0.0, False
    for move, amount in moves:
        match move:
            case "play":
                transport, playing = transport.play(now), True
            case "pause":
                transport, playing = transport.pause(now), False
            case "seek":
                transport, expected, playing = transport.seek(amount), amount, False
            case "wait":
                now += amount
                expected += amount if playing else 0.0
        assert abs(transport.position(now) - expected) < 1e-6


def test_a_lead_starts_the_song_in_the_future() -> None:
    transport = Transport().play(10.0, lead=0.5)
    assert transport.position(10.2) == 0.0
    assert transport.position(11.5) == 1.0
