from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from tests.schedule.seasons import FIRST, LAST, days
from yulelight.core.errors import UsageError
from yulelight.schedule.rule import parse_rule

START = datetime(2026, 11, 27, 17, 30)
RULES = st.builds(
    lambda freq, interval, by, end: ";".join(filter(None, [f"FREQ={freq}", f"INTERVAL={interval}", by, end])),
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
    st.integers(1, 9),
    st.sampled_from(
        [
            *(
                "",
                "BYDAY=FR,SA",
                "BYMONTHDAY=-1",
                "BYMONTH=12",
                "BYMONTHDAY=6,24",
                "BYMONTH=12,1;BYDAY=1SU,-1FR",
            ),
            *("BYDAY=-1SU,2MO", "BYDAY=FR,SA;BYMONTH=12", "BYYEARDAY=-1,340", "BYMONTHDAY=13;BYDAY=FR"),
            *("BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1,2", "BYSETPOS=1;WKST=SU", "BYDAY=SU,MO;WKST=SU"),
            *("BYWEEKNO=1,20,-1;BYDAY=MO", "BYWEEKNO=53", "BYMONTHDAY=31,30", "BYMONTH=2;BYMONTHDAY=29"),
        ]
    ),
    st.sampled_from(["", "COUNT=5", "UNTIL=20270106", "UNTIL=20270106T173000", "UNTIL=20270106T172959"]),
)


def test_every_night_of_the_season() -> None:
    rule = parse_rule("FREQ=DAILY;UNTIL=20270106", START, None)
    assert list(rule.dates(FIRST, date(2030, 1, 1))) == list(days(FIRST, LAST))


@given(RULES)
def test_dates_are_those_of_dateutil(text: str) -> None:
    """By its own reader and with times, where ours goes by dates."""
    theirs = rrulestr(
        text.replace("UNTIL=20270106", "UNTIL=20270106T235959") if text.endswith("0106") else text,
        dtstart=START,
    )
    upto = date(2031, 1, 1)
    expected = [
        d.date() for d in theirs.between(START - timedelta(days=1), datetime(2031, 1, 1, 23, 59), inc=True)
    ]
    assert list(parse_rule(text, START, None).dates(START.date(), upto)) == expected


@given(RULES, st.dates(FIRST, date(2031, 1, 1)))
def test_dates_from_a_day_on_are_the_later_part_of_all(text: str, since: date) -> None:
    rule, upto = parse_rule(text, START, None), date(2032, 1, 1)
    assert list(rule.dates(FIRST, upto, since)) == [d for d in rule.dates(FIRST, upto) if d >= since]


@pytest.mark.parametrize("end", [";", ";BYHOUR=17;BYMINUTE=30;BYSECOND=0", ";BYHOUR=17", ";RSCALE=GREGORIAN"])
def test_what_says_nothing_new_is_left_out(end: str) -> None:
    assert parse_rule("FREQ=DAILY;COUNT=4" + end, START, None) == parse_rule(
        "FREQ=DAILY;COUNT=4", START, None
    )


@given(RULES)
def test_a_rule_survives_its_text(text: str) -> None:
    rule = parse_rule(text, START, None)
    assert parse_rule(str(rule), START, None) == rule


def test_until_in_utc_counts_by_the_clock_of_the_house() -> None:
    zone = ZoneInfo("America/New_York")
    assert parse_rule("FREQ=DAILY;UNTIL=20270106T223000Z", START, zone).until == LAST
    assert parse_rule("FREQ=DAILY;UNTIL=20270106T222959Z", START, zone).until == LAST - timedelta(days=1)


@pytest.mark.parametrize(
    "never",
    [
        "DAILY;BYMONTH=2;BYMONTHDAY=30",
        "DAILY;BYSETPOS=300",
        "WEEKLY;BYSETPOS=9",
        "YEARLY;BYMONTH=2;BYMONTHDAY=30",
    ],
)
def test_a_rule_that_never_comes_true_ends(never: str) -> None:
    for end in ("", ";COUNT=9"):
        rule = parse_rule(f"FREQ={never}{end}", START, None)
        assert list(rule.dates(FIRST, date(2040, 1, 1))) == []


@pytest.mark.parametrize(
    "text",
    [
        "", "DAILY", "FREQ=HOURLY", "FREQ=SECONDLY;COUNT=1", "FREQ=DAILY;BYHOUR=1", "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=99999999999999", "FREQ=DAILY;COUNT=-1", "FREQ=DAILY;COUNT=5;UNTIL=20270101",
        "FREQ=DAILY;UNTIL=tomorrow", "FREQ=DAILY;FREQ=DAILY", "FREQ=DAILY;BYDAY=XX", "FREQ=DAILY;BYDAY=",
        "FREQ=MONTHLY;BYMONTHDAY=99", "FREQ=DAILY;" + "BYDAY=MO," * 200, "FREQ=DAILY;COUNT=٣",
    ],
)  # fmt: skip
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_rule(text, START, None)


@given(
    st.text(max_size=60)
    | st.text("FREQ=DAILYWKMONTHBYSP;,0123456789+-", max_size=60).map("FREQ=DAILY;".__add__)
)
def test_any_text_is_a_rule_or_refused(text: str) -> None:
    try:
        rule = parse_rule(text, START, None)
    except UsageError:
        return
    assert all(FIRST <= day <= LAST for day in rule.dates(FIRST, LAST))
