"""Whether the calendar rests, by what is known of the service that it stands in for."""

from dataclasses import replace

from yulelight.actors import Broadcast
from yulelight.app.rest import GONE, Rest
from yulelight.core.messages import Song
from yulelight.inputs.manager import InputReport

THERE = InputReport("Street", "silent", None, 0, "", Song("", ""), before_calendar=True)


def test_it_rests_until_the_other_one_has_been_away_for_a_while() -> None:
    reports: Broadcast[tuple[InputReport, ...]] = Broadcast()
    now = [0.0]
    rests = Rest(True, reports, lambda: now[0])
    assert rests()
    reports.publish((THERE,))
    now[0] = 100.0
    assert rests()
    reports.publish((replace(THERE, state="away"),))
    now[0] += GONE - 0.1
    assert rests()
    now[0] += 0.2
    assert not rests()
    reports.publish((replace(THERE, state="playing"),))
    assert rests()
    reports.publish((replace(THERE, state="playing", muted=True),))
    now[0] += GONE + 0.1
    assert not rests()


def test_without_a_service_to_stand_in_for_it_never_rests() -> None:
    reports: Broadcast[tuple[InputReport, ...]] = Broadcast()
    reports.publish((replace(THERE, before_calendar=False, state="playing"),))
    assert not Rest(False, reports, lambda: 0.0)()
