import logging

import pytest

from yulelight.core.throttle import RepeatFilter, Throttle

log = logging.getLogger("tests.throttle")


def test_a_warning_comes_once_a_minute_and_says_how_many_it_stands_for(
    caplog: pytest.LogCaptureFixture,
) -> None:
    now = 0.0
    throttle = Throttle(log, interval=60.0, clock=lambda: now)
    for second in range(0, 121, 10):
        now = float(second)
        throttle.warning("%s is too large", second)
    assert [record.getMessage() for record in caplog.records] == [
        "0 is too large",
        "60 is too large (and 5 times more before)",
        "120 is too large (and 5 times more before)",
    ]


def test_a_message_passes_a_bounded_number_of_times_and_comes_back_later() -> None:
    now = 0.0
    repeats = RepeatFilter(limit=3, interval=60.0, keep=10, clock=lambda: now)

    def passed(template: str, count: int) -> list[str]:
        records = [logging.LogRecord("a", 30, "", 0, template, (n,), None) for n in range(count)]
        return [record.getMessage() for record in records if repeats.filter(record)]

    assert passed("number %d", 50) == [
        "number 0",
        "number 1",
        "number 2 [more of these are left out for 60 s]",
    ]
    assert passed("another %d", 1) == ["another 0"]
    now = 61.0
    assert passed("number %d", 1) == ["number 0"]


def test_the_memory_of_kinds_is_bounded() -> None:
    repeats = RepeatFilter(limit=2, keep=5, clock=lambda: 0.0)
    for number in range(1000):
        assert repeats.filter(logging.LogRecord("a", 30, "", 0, f"{number:060d}", (), None))
    assert len(repeats._seen) <= 5
