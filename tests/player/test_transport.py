"""A song's position is arithmetic: no command sequence may lose or gain time."""

from hypothesis import given
from hypothesis import strategies as st

from yulelight.player.transport import CLOSE, JUMP, SLEW, Transport

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


@given(st.floats(-1.9, 1.9), st.lists(st.floats(0.01, 5.0), max_size=30))
def test_catching_up_never_goes_faster_than_its_slew_and_arrives(off: float, waits: list[float]) -> None:
    now = 500.0
    transport = Transport().play(now - 100.0)
    target = transport.position(now) + off - now
    transport = transport.follow(target + now, now)
    before = transport.position(now)
    assert abs(before - 100.0) < 1e-9, "no jump"
    for wait in waits:
        now += wait
        after = transport.position(now)
        assert abs(after - before - wait) <= SLEW * wait + 1e-9
        before = after
    now += abs(off) / SLEW
    assert abs(transport.position(now) - (target + now)) <= CLOSE + 1e-9


@given(st.floats(JUMP + 0.1, 500.0))
def test_what_is_far_is_a_jump(position: float) -> None:
    transport = Transport().play(10.0).follow(position + 5.0, 10.0)
    assert abs(transport.position(10.0) - position - 5.0) < 1e-9


@given(st.lists(st.tuples(st.floats(0.05, 2.0), st.floats(-0.5, 0.5)), max_size=30))
def test_reports_again_and_again_never_make_a_step(reports: list[tuple[float, float]]) -> None:
    now, transport = 0.0, Transport().play(0.0)
    for wait, error in reports:
        before = transport.position(now)
        now += wait
        assert abs(transport.position(now) - before - wait) <= SLEW * wait + 1e-9
        transport = transport.follow(max(0.0, transport.position(now) + error), now)
