from datetime import datetime, time

from hypothesis import given
from hypothesis import strategies as st

from yulelight.schedule.quiet import Ceiling, Quiet, ceiling

TIMES = st.times().map(lambda t: t.replace(second=0, microsecond=0))


@given(TIMES, TIMES, TIMES)
def test_quiet_hours_go_from_start_to_end_around_the_clock(start: time, end: time, at: time) -> None:
    minutes = [t.hour * 60 + t.minute for t in (start, end, at)]
    length = (minutes[1] - minutes[0]) % 1440 or 1440
    assert Quiet(start, end, Ceiling()).holds(at) == ((minutes[2] - minutes[0]) % 1440 < length)


def test_the_least_of_all_that_hold_counts() -> None:
    quiet = [
        Quiet(time(22), time(7), Ceiling(0.3, 1.0)),
        Quiet(time(23), time(5), Ceiling(0.5, 0.2)),
        Quiet(time(12), time(13), Ceiling(0.0, 0.0)),
    ]
    assert ceiling(quiet, datetime(2026, 12, 1, 23, 30)) == Ceiling(0.3, 0.2)
    assert ceiling(quiet, datetime(2026, 12, 1, 6)) == Ceiling(0.3, 1.0)
    assert ceiling(quiet, datetime(2026, 12, 1, 12)) == Ceiling(0.0, 0.0)
    assert ceiling(quiet, datetime(2026, 12, 1, 18)) == Ceiling(1.0, 1.0)
