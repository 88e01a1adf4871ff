"""The thinner against a model: what a client draws from its frames is what the packets said."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from yulelight.api.frames import MAX_READY, SPACING, Frame, FrameThinner, unpack
from yulelight.core.messages import Packet


def packet(at: int, *levels: int, interval: int = 11_610) -> Packet:
    return Packet(
        1,
        1,
        at,
        interval,
        tuple(bytes([level] * 8) for level in levels),
        tuple((level > 0,) * 8 for level in levels),
    )


packets = st.lists(
    st.builds(
        lambda at, levels, interval: packet(at, *levels, interval=interval),
        st.integers(0, 3_000_000),
        st.lists(st.integers(0, 255), max_size=30),
        st.integers(1, 200_000),
    ),
    max_size=12,
)


def test_a_song_is_thinned_to_twenty_a_second() -> None:
    thinner = FrameThinner()
    frames: list[Frame] = []
    for k in range(86):  # packets of five frames, one after the other, as a song sends them
        thinner.push(packet(k * 5 * 11_610, 1, 2, 3, 4, 5))
        frames += thinner.take()
    gaps = [b.at - a.at for a, b in pairwise(frames)]
    assert min(gaps) >= SPACING and max(gaps) < SPACING + 11_610


def test_a_packet_that_rewrites_the_future_is_heard_at_once() -> None:
    thinner = FrameThinner()
    thinner.push(packet(1_000_000, *[200] * 50))
    assert len(thinner.take()) > 5
    thinner.push(packet(1_030_000, 0))
    assert [(frame.at, frame.levels[0]) for frame in thinner.take()] == [(1_030_000, 0)]


def test_frames_not_yet_taken_are_taken_back() -> None:
    thinner = FrameThinner()
    thinner.push(packet(0, *[200] * 50))
    thinner.push(packet(60_000, 0))
    assert [(f.at, f.levels[0]) for f in thinner.take()][-1] == (60_000, 0)


def test_an_empty_packet_changes_nothing() -> None:
    thinner = FrameThinner()
    thinner.push(packet(0))
    assert not thinner.ready and not thinner.has_tail and thinner.take() == []


def test_missing_switch_states_are_empty() -> None:
    assert unpack(Packet(1, 1, 5, 1, (bytes(8),))) == [Frame(5, bytes(8), ())]


@given(packets, st.data())
def test_a_client_ends_where_the_lights_end(sent: list[Packet], data: st.DataObject) -> None:
    thinner = FrameThinner()
    truth: list[Frame] = []
    drawn: list[Frame] = []

    def deliver() -> None:
        got = thinner.take()
        if got:
            drawn[:] = [frame for frame in drawn if frame.at < got[0].at] + got
            times = [frame.at for frame in got]
            assert times == sorted(times) and len(got) <= MAX_READY

    for one in sent:
        if one.levels:
            truth[:] = [frame for frame in truth if frame.at < one.at] + unpack(one)
        thinner.push(one)
        if data.draw(st.booleans()):
            deliver()
    thinner.flush()
    deliver()
    if truth:
        assert drawn[-1] == truth[-1]
        assert set(drawn) <= set(truth), "nothing is drawn that was taken back or never said"
    else:
        assert drawn == []
