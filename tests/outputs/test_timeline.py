from hypothesis import given
from hypothesis import strategies as st

from yulelight.core.messages import Packet
from yulelight.outputs.timeline import Timeline

STEP = 10_000


def packet(sequence: int, at: int, levels: bytes, session: int = 1, interval: int = STEP) -> Packet:
    """A packet of one-channel frames, one for each byte of ``levels``."""
    return Packet(
        session,
        sequence,
        at,
        interval,
        tuple(bytes([x]) for x in levels),
        tuple((x > 127,) for x in levels),
    )


def play(timeline: Timeline, until: int, start: int = 0) -> list[tuple[int, int]]:
    """Every frame up to ``until`` as (when shown, level), with a look each millisecond."""
    shown = []
    for now in range(start, until, 1_000):
        frame = timeline.due(now)
        if frame:
            shown.append((now, frame.levels[0]))
    return shown


def test_frames_show_at_their_moment() -> None:
    timeline = Timeline()
    assert timeline.insert(packet(0, 50_000, b"\x01\x02\x03"), now=0)
    assert timeline.next_time() == 50_000
    assert timeline.due(49_999) is None
    assert play(timeline, 100_000) == [(50_000, 1), (60_000, 2), (70_000, 3)]
    assert timeline.next_time() is None
    assert (timeline.late, timeline.dropped, timeline.stale) == (0, 0, 0)


def test_ahead_of_time_comes_one_frame_and_none_is_overtaken() -> None:
    timeline = Timeline()
    timeline.insert(packet(0, 50_000, b"\x01\x02\x03", interval=1_000), now=0)
    assert timeline.due(46_999, ahead=3_000) is None
    early = [timeline.due(now, ahead=3_000) for now in (47_000, 48_000)]
    assert [frame and frame.levels[0] for frame in early] == [1, 2]
    late = timeline.due(52_000, ahead=3_000)
    assert late and late.levels == b"\x03"
    assert timeline.dropped == 0


def test_a_packet_replaces_from_its_first_time_on_also_that_of_another_session() -> None:
    for session in (1, 2):
        timeline = Timeline()
        timeline.insert(packet(0, 0, b"\x01\x02\x03\x04\x05"), now=0)
        timeline.insert(packet(1, 20_000, b"\x63", session), now=0)
        assert play(timeline, 60_000) == [(0, 1), (10_000, 2), (20_000, 99)]


def test_old_news_is_no_news() -> None:
    timeline = Timeline()
    timeline.insert(packet(5, 0, b"\x01"), now=0)
    assert not timeline.insert(packet(5, 0, b"\x02"), now=0)
    assert not timeline.insert(packet(4, 0, b"\x02"), now=0)
    timeline.insert(packet(0, 0, b"\x03", session=2), now=0)
    assert not timeline.insert(packet(9, 0, b"\x02", session=1), now=0)
    assert timeline.stale == 3
    assert play(timeline, 1_000) == [(0, 3)]


def test_a_session_that_goes_on_while_a_later_one_is_silent_is_the_services() -> None:
    timeline = Timeline()
    timeline.insert(packet(5, 0, b"\x01"), now=0)
    timeline.insert(packet(900, 0, b"\x02", session=666), now=0)
    assert not timeline.insert(packet(6, 1_000_000, b"\x03"), now=1_000_000)
    assert not timeline.insert(packet(5, 2_000_000, b"\x03"), now=2_000_000)
    assert timeline.insert(packet(7, 2_000_000, b"\x04"), now=2_000_000)
    assert not timeline.insert(packet(901, 2_000_000, b"\x02", session=666), now=2_000_000)
    assert timeline.insert(packet(8, 2_000_000, b"\x05"), now=2_000_000)


def test_sequence_numbers_may_wrap_around() -> None:
    timeline = Timeline()
    timeline.insert(packet(2**32 - 1, 0, b"\x01"), now=0)
    assert timeline.insert(packet(0, 0, b"\x02"), now=0)
    assert not timeline.insert(packet(2**32 - 1, 0, b"\x03"), now=0)


def test_of_a_late_packet_only_the_frame_in_force_shows() -> None:
    timeline = Timeline()
    assert timeline.insert(packet(0, 0, b"\x01\x02\x03\x04"), now=25_000)
    assert timeline.late == 2
    assert play(timeline, 40_000, start=25_000) == [(25_000, 3), (30_000, 4)]


def test_what_starts_now_is_shown_at_once_and_not_late() -> None:
    timeline = Timeline()
    assert timeline.insert(packet(0, 0, b"\x01"), now=4_000)
    assert timeline.late == 0
    frame = timeline.due(4_000)
    assert frame is not None and frame.overdue


def test_the_last_frame_of_a_late_packet_shows_unless_it_is_long_past() -> None:
    timeline = Timeline(grace=500_000)
    assert timeline.insert(packet(0, 0, b"\x01\x02"), now=400_000)
    frame = timeline.due(400_000)
    assert frame is not None and frame.levels == b"\x02"
    assert not timeline.insert(packet(1, 0, b"\x03\x04"), now=600_000)
    assert timeline.due(600_000) is None
    assert timeline.late == 4


def test_a_long_past_packet_still_takes_back_what_it_replaces() -> None:
    timeline = Timeline(grace=500_000)
    timeline.insert(packet(0, 1_000_000, b"\x01\x02"), now=0)
    assert not timeline.insert(packet(1, 0, b"\x00"), now=900_000)
    assert len(timeline) == 0


def test_the_far_future_and_too_much_are_dropped() -> None:
    timeline = Timeline(horizon=1_000_000, capacity=10)
    timeline.insert(packet(0, 990_000, b"\x01" * 5), now=0)
    assert len(timeline) == 2
    timeline.insert(packet(1, 0, b"\x02" * 50), now=0)
    assert len(timeline) == 10
    assert timeline.dropped == 3 + 40
    assert not timeline.insert(packet(2, 2**62, b"\x03"), now=0)


def test_frames_that_were_overtaken_are_counted() -> None:
    timeline = Timeline()
    timeline.insert(packet(0, 10_000, b"\x01\x02\x03"), now=0)
    frame = timeline.due(35_000)
    assert frame is not None and frame.levels == b"\x03"
    assert timeline.dropped == 2


steps = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.integers(0, 20),
        st.integers(-1_000_000, 1_000_000),
        st.integers(1, 40),
        st.sampled_from([1_000, 11_610, 250_000]),
        st.integers(0, 100_000),
    ),
    max_size=40,
)


@given(steps)
def test_whatever_comes_the_queue_stays_ordered_bounded_and_every_frame_is_accounted_for(
    steps: list[tuple[int, int, int, int, int, int]],
) -> None:
    timeline = Timeline(capacity=60)
    now, last_shown = 0, -(2**62)
    for session, sequence, ahead, count, interval, wait in steps:
        now += wait
        timeline.insert(packet(sequence, now + ahead, bytes(count), session, interval), now)
        assert len(timeline) <= 60
        times = [frame.at for frame in timeline._frames]
        assert times == sorted(set(times))
        frame = timeline.due(now)
        if frame:
            assert frame.at <= now
            last_shown = frame.at
        following = timeline.next_time()
        assert following is None or following > now
    assert last_shown <= now
