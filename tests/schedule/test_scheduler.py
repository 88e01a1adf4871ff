"""The scheduler as an actor: what it tells the director, by a simulated clock."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.schedule.house import House
from tests.schedule.seasons import nightly, once
from yulelight.core.messages import Limit, Play, Repeat, State, Status, Stop
from yulelight.schedule.edit import add, remove
from yulelight.schedule.entry import SunTime
from yulelight.schedule.ics import Schedule, write
from yulelight.schedule.messages import GetCalendar, GetOccurrences, GetSchedule, ScheduleView, SetPlace
from yulelight.schedule.place import Place
from yulelight.schedule.places import PlaceFile
from yulelight.schedule.quiet import Ceiling, Quiet

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with House(tmp_path).running() as running:
        await running.edit(lambda old: add(old, nightly()))
        yield running


async def test_a_night(house: House) -> None:
    await house.to(2026, 12, 6, 17, 29, 59)
    assert house.heard == []
    await house.to(2026, 12, 6, 17, 30)
    assert house.heard == [Play(playlist="Carols", repeat=Repeat.ALL)]
    assert house.views.latest is not None
    assert house.views.latest.playing is not None
    await house.to(2026, 12, 6, 21, 59, 59)
    assert len(house.heard) == 1
    await house.to(2026, 12, 6, 22)
    assert house.heard[1:] == [Stop(after_song=True)]
    assert house.views.latest.playing is None
    assert house.views.latest.next is not None
    assert house.views.latest.next.night == date(2026, 12, 7)


async def test_a_season_of_nights_in_another_zone(tmp_path: Path) -> None:
    house = House(tmp_path, zone=ZoneInfo("America/New_York"), now=datetime(2026, 11, 26, tzinfo=UTC))
    async with house.running():
        await house.edit(lambda old: add(old, replace(nightly(), finish="cut")))
        day = datetime(2026, 11, 27)
        while day < datetime(2027, 1, 10):
            for hour, minute in ((12, 0), (17, 29), (17, 30), (20, 0), (21, 59), (22, 0)):
                await house.to(day.year, day.month, day.day, hour, minute)
            day += timedelta(days=1)
    assert [type(m) for m in house.heard] == [Play, Stop] * 41


async def test_stopped_by_a_person_it_stays_stopped_also_after_a_restart(house: House) -> None:
    await house.to(2026, 12, 6, 18)
    house.end("stopped")
    await house.to(2026, 12, 6, 18, 1)
    await house.to(2026, 12, 6, 21)
    again = House(house.folder, now=house.now)
    async with again.running():
        await again.to(2026, 12, 6, 21, 30)
        assert again.heard == []
        await again.to(2026, 12, 7, 17, 30)
    assert house.plays() == [("Carols", False)]
    assert again.plays() == [("Carols", False)]


async def test_a_reboot_in_the_middle_of_a_show_goes_on_with_it(house: House) -> None:
    await house.to(2026, 12, 6, 18)
    again = House(house.folder, now=house.now + timedelta(minutes=3))
    async with again.running():
        await again.to(2026, 12, 6, 18, 4)
        assert again.plays() == [("Carols", True)]
        await again.to(2026, 12, 6, 22)
    assert again.heard[1:] == [Stop(after_song=True)]


async def test_a_scheduler_that_alone_is_restarted_leaves_the_show_alone(house: House) -> None:
    await house.to(2026, 12, 6, 18)
    again = House(house.folder, now=house.now, status=house.status)
    async with again.running():
        await again.to(2026, 12, 6, 18, 4)
        assert again.heard == []
        await again.to(2026, 12, 6, 22)
    assert again.heard == [Stop(after_song=True)]


async def test_a_show_that_went_on_by_itself_is_not_begun_again(house: House) -> None:
    await house.to(2026, 12, 6, 18)
    again = House(house.folder, now=house.now)
    async with again.running():
        # Unseen by the scheduler still: only who asks hears it.
        again.status = house.status
        await again.to(2026, 12, 6, 18, 4)
        assert again.heard == []


async def test_a_paused_show_does_not_wait_for_its_song(house: House) -> None:
    await house.to(2026, 12, 6, 18)
    house.say(replace(house.status, state=State.PAUSED))
    await house.to(2026, 12, 6, 22)
    assert house.heard[1:] == [Stop()]


async def test_a_director_that_is_restarted_gets_the_show_again(house: House) -> None:
    await house.to(2026, 12, 6, 18)
    house.say(Status())
    await house.to(2026, 12, 6, 18, 1)
    await house.to(2026, 12, 6, 18, 1, 10)
    assert house.plays() == [("Carols", False), ("Carols", True)]


async def test_the_clock_is_set(house: House) -> None:
    await house.to(2026, 12, 6, 17, 30)
    await house.to(2026, 12, 6, 17, 25, set_by=timedelta(minutes=-6))
    await house.to(2026, 12, 6, 17, 31)
    assert house.heard == [Play(playlist="Carols", repeat=Repeat.ALL)]
    await house.to(2026, 12, 6, 23, 0, set_by=timedelta(hours=4))
    assert house.heard[1:] == [Stop(after_song=True)]
    await house.to(2026, 12, 6, 20, 0, set_by=timedelta(hours=-3, minutes=-1))
    assert house.plays() == [("Carols", False)] * 2


async def test_the_house_moves_to_another_zone(house: House) -> None:
    await house.to(2026, 12, 6, 17, 30)
    house.zone = BERLIN
    await house.to(2026, 12, 6, 18, 31)
    assert len(house.heard) == 1, "half past six there: the show goes on"
    await house.to(2026, 12, 6, 22)
    assert house.heard[1:] == [Stop(after_song=True)]
    await house.to(2026, 12, 7, 17, 29)
    await house.to(2026, 12, 7, 17, 30)
    assert len(house.heard) == 3


async def test_disarmed(house: House) -> None:
    house.say(replace(house.status, armed=False))
    await house.to(2026, 12, 6, 18)
    assert house.heard == []
    assert house.views.latest is not None
    assert not house.views.latest.armed
    house.say(replace(house.status, armed=True))
    await house.to(2026, 12, 6, 18, 1)
    assert house.plays() == [("Carols", False)]


async def test_a_show_that_cannot_start_is_tried_again_and_told(house: House) -> None:
    house.refuse = "there is no playlist Carols"
    await house.to(2026, 12, 6, 17, 30)
    await house.to(2026, 12, 6, 17, 30, 2)
    assert len(house.heard) == 1
    view: ScheduleView = await house.scheduler.ask(GetSchedule())
    assert view.message == "Nightly did not start: there is no playlist Carols"
    house.refuse = ""
    await house.to(2026, 12, 6, 17, 30, 6)
    assert len(house.heard) == 2
    assert house.status.playlist == "Carols"


async def test_a_list_that_fails_at_once_is_not_begun_all_the_time(house: House) -> None:
    await house.to(2026, 12, 6, 17, 30)
    for second in range(1, 60):
        if house.status.state is not State.IDLE:
            house.end("finished")
        await house.to(2026, 12, 6, 17, 30, second)
    assert 3 <= len(house.heard) <= 7


async def test_what_a_person_plays_is_not_ended(house: House) -> None:
    await house.to(2026, 12, 6, 18)
    house.say(replace(house.status, playlist="", state=State.PLAYING))
    await house.to(2026, 12, 6, 22)
    assert house.plays() == [("Carols", False)]
    assert len(house.heard) == 1


async def test_a_file_edited_by_hand_counts(house: House) -> None:
    await house.to(2026, 12, 6, 18)
    (house.folder / "schedule.ics").write_text(write(Schedule((nightly(time(20), time(21)),)), house.now))
    await house.to(2026, 12, 6, 18, 1)
    assert house.heard[1:] == [Stop()]
    await house.to(2026, 12, 6, 20)
    assert house.plays() == [("Carols", False)] * 2


async def test_a_night_taken_out_while_it_plays(house: House) -> None:
    await house.to(2026, 12, 6, 18)
    await house.edit(lambda old: remove(old, "nightly", date(2026, 12, 6), "this"))
    assert house.heard[1:] == [Stop()]


async def test_a_show_in_between(house: House) -> None:
    santa = once(datetime(2026, 12, 6, 19), timedelta(minutes=15), "santa")
    await house.edit(lambda old: add(old, santa))
    for minute in (50, 60, 70, 80):
        await house.to(2026, 12, 6, 18 + minute // 60, minute % 60)
    assert house.plays() == [("Carols", False), ("Special", False), ("Carols", True)]
    assert not [m for m in house.heard if isinstance(m, Stop)]


async def test_quiet_hours(tmp_path: Path) -> None:
    house = House(tmp_path, zone=BERLIN, quiet=(Quiet(time(21), time(7), Ceiling(0.3, 0.5)),))
    async with house.running():
        for hour in (20, 21, 22):
            await house.to(2026, 12, 6, hour)
        await house.to(2026, 12, 7, 7)
        await house.to(2026, 12, 7, 8)
    assert house.heard == [Limit(0.3, 0.5), Limit(0.3, 0.5), Limit(1.0, 1.0)]


async def test_the_place_is_kept_and_gives_the_sun(house: House) -> None:
    await house.scheduler.ask(SetPlace(Place(52.5, 13.4, 30.0, "Europe/Berlin")))
    view: ScheduleView = await house.scheduler.ask(GetSchedule())
    assert str(view.house_time.zone) == "Europe/Berlin"
    sunset = view.house_time.sun("sunset", date(2026, 12, 21))
    assert sunset is not None
    assert sunset.hour == 14
    again = House(house.folder, place=Place(timezone="Asia/Kolkata"))
    async with again.running():
        view = await again.scheduler.ask(GetSchedule())
    assert view.place == Place(52.5, 13.4, 30.0, "Asia/Kolkata"), "settings win"


async def test_the_place_told_on_the_command_line_is_followed(house: House) -> None:
    file = PlaceFile(Place(), house.folder / "place.json")
    file.set(Place(52.5, 13.4, 0.0, "Europe/Berlin"))
    await house.to(2026, 12, 6, 13)
    view: ScheduleView = await house.scheduler.ask(GetSchedule())
    assert view.place == Place(52.5, 13.4, 0.0, "Europe/Berlin")
    assert view.next is not None
    assert view.next.start == datetime(2026, 12, 6, 16, 30, tzinfo=UTC), "17:30 there"


async def test_where_the_sun_sets_counts_at_once(house: House) -> None:
    """The sun sets about an hour later 15 degrees further west."""
    dusk = replace(nightly(), uid="dusk", start_sun=SunTime("sunset"))
    await house.edit(lambda old: add(remove(old, "nightly", None, "all"), dusk))
    starts = []
    for east in (13.4, -1.6):
        await house.scheduler.ask(SetPlace(Place(52.5, east, 0.0, "UTC")))
        await house.to(2026, 12, 6, 13)
        view: ScheduleView = await house.scheduler.ask(GetSchedule())
        assert view.next is not None
        starts.append(view.next.start)
    assert timedelta(minutes=58) < starts[1] - starts[0] < timedelta(minutes=62)
    await house.to(2026, 12, 6, 15, 30)
    assert house.heard == []
    await house.to(2026, 12, 6, 16, 5)
    assert house.plays() == [("Carols", False)], "by the place that was told last"


async def test_a_title_in_other_letters_is_the_same_playlist(tmp_path: Path) -> None:
    """The director finds the list called Carols, and what plays is called that."""
    async with House(tmp_path).running() as house:
        await house.edit(lambda old: add(old, replace(nightly(), playlist="CAROLS")))
        await house.to(2026, 12, 6, 18)
        house.say(replace(house.status, playlist="Carols"))
        await house.to(2026, 12, 6, 22)
    assert house.heard[1:] == [Stop(after_song=True)]


async def test_a_look_that_is_not_there_costs_no_show(tmp_path: Path) -> None:
    async with House(tmp_path, looks=("lively", "calm")).running() as house:
        view = await house.edit(lambda old: add(old, replace(nightly(), look="clam")))
        assert view.problems == ("Nightly: there is no look 'clam'; did you mean 'calm'?",)
        await house.to(2026, 12, 6, 18)
    assert house.heard == [Play(playlist="Carols", repeat=Repeat.ALL)]


async def test_damaged_files_are_set_aside_or_left_to_the_user(tmp_path: Path) -> None:
    for name in ("schedule.ics", "scheduler.json", "place.json"):
        (tmp_path / name).write_text("{")
    async with House(tmp_path).running() as house:
        view: ScheduleView = await house.scheduler.ask(GetSchedule())
    assert "repaired or moved away" in view.problems[0]
    assert len([f for f in tmp_path.iterdir() if f.name.endswith(".broken")]) == 2
    assert (tmp_path / "schedule.ics").read_text() == "{", "the calendar is the user's"


async def test_what_can_be_asked(house: House) -> None:
    found = await house.scheduler.ask(
        GetOccurrences(datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC), 5)
    )
    assert [o.night.day for o in found] == [1, 2, 3, 4, 5]
    assert "X-YULELIGHT-PLAYLIST:Carols" in await house.scheduler.ask(GetCalendar())


async def test_while_another_service_leads_nothing_begins_and_when_it_goes_the_show_does(
    house: House,
) -> None:
    house.rests = True
    await house.to(2026, 12, 6, 18)
    assert house.heard == []
    house.rests = False
    await house.to(2026, 12, 6, 18, 30)
    assert house.plays() == [("Carols", False)]


async def test_when_another_service_leads_again_the_song_ends_first_and_the_show_is_not_given_up(
    house: House,
) -> None:
    house.sings = True
    await house.to(2026, 12, 6, 18)
    house.rests = True
    await house.to(2026, 12, 6, 18, 1)
    await house.to(2026, 12, 6, 18, 2)
    assert house.heard[1:] == [Stop(after_song=True)]
    assert house.status.state is State.PLAYING
    house.end("finished")
    await house.to(2026, 12, 6, 18, 3)
    assert len(house.heard) == 2
    house.rests = False
    await house.to(2026, 12, 6, 19)
    assert house.plays() == [("Carols", False), ("Carols", True)]


async def test_one_that_goes_away_again_before_the_song_is_over_leaves_the_show(house: House) -> None:
    house.sings = True
    await house.to(2026, 12, 6, 18)
    house.rests = True
    await house.to(2026, 12, 6, 18, 1)
    house.rests = False
    await house.to(2026, 12, 6, 18, 2)
    house.end("finished")  # the song, as was asked before
    await house.to(2026, 12, 6, 18, 3)
    assert house.plays()[-1] == ("Carols", True)
    assert house.status.state is State.PLAYING


async def test_a_calendar_that_rests_is_no_show_that_somebody_stopped(house: House) -> None:
    house.rests = True
    await house.to(2026, 12, 6, 18)
    house.say(replace(house.status, state=State.LIVE))
    house.end("finished")  # that of the other service
    house.rests = False
    await house.to(2026, 12, 6, 18, 30)
    assert house.plays() == [("Carols", False)]
