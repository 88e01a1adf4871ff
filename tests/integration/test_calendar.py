"""The schedule as a calendar."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from tests.integration.found import state_of
from tests.integration.stub import StubService, eventually, occurrence

CALENDAR = "calendar.our_house_schedule"
OCCURRENCE = occurrence(
    uid="e1",
    occurrence="20261127T173000",
    summary="Every night",
    playlist="Christmas",
    look="calm",
    start="2026-11-27T17:30:00+01:00",
    end="2026-11-27T22:00:00+01:00",
    rrule="FREQ=DAILY",
)


@pytest.fixture(autouse=True)
async def _in_berlin(hass: HomeAssistant) -> None:
    await hass.config.async_set_time_zone("Europe/Berlin")


class Client:
    """Home Assistant's calendar page."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket

    async def ask(self, kind: str, **fields: Any) -> dict[str, Any]:
        await self._socket.send_json_auto_id(
            {"type": f"calendar/event/{kind}", "entity_id": CALENDAR, **fields}
        )
        answer: dict[str, Any] = await self._socket.receive_json()
        return answer


@pytest.fixture
async def page(hass_ws_client: WebSocketGenerator, loaded: MockConfigEntry) -> Client:
    return Client(await hass_ws_client())


def event(**changes: Any) -> dict[str, Any]:
    return {
        "summary": "Christmas in the street",
        "dtstart": "2026-11-27T17:30:00+01:00",
        "dtend": "2026-11-27T22:00:00+01:00",
        **changes,
    }


async def test_a_series_is_made(page: Client, service: StubService) -> None:
    answer = await page.ask(
        "create", event=event(rrule="FREQ=DAILY;UNTIL=20270106T230000", description="look: calm")
    )
    assert answer["success"], answer
    assert (
        "POST",
        "schedule",
        {
            "summary": "Christmas in the street",
            "playlist": "Christmas",
            "look": "calm",
            "description": "",
            "start": "2026-11-27T17:30:00",
            "end": "2026-11-27T22:00:00",
            "rrule": "FREQ=DAILY;UNTIL=20270106T230000",
        },
    ) in service.asked


async def test_the_description_may_name_the_playlist(page: Client, service: StubService) -> None:
    assert (await page.ask("create", event=event(summary="Party", description="Playlist: Summer hits")))[
        "success"
    ]
    [(_, _, body)] = [asked for asked in service.asked if asked[:2] == ("POST", "schedule")]
    assert (body["summary"], body["playlist"]) == ("Party", "Summer hits")


async def test_what_people_write_about_it_is_kept(page: Client, service: StubService) -> None:
    text = "Bring cocoa.\nplaylist: Christmas\nLook: calm\nhttps://house.example/: doors open"
    assert (await page.ask("create", event=event(summary="Party", description=text, location="Elm Street")))[
        "success"
    ]
    [(_, _, body)] = [asked for asked in service.asked if asked[:2] == ("POST", "schedule")]
    assert (body["playlist"], body["look"], body["location"]) == ("Christmas", "calm", "Elm Street")
    assert body["description"] == "Bring cocoa.\nhttps://house.example/: doors open"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"description": "look: frantic"}, "no look frantic"),
        ({"summary": "Party"}, "There are: Christmas"),
        ({"dtstart": "2026-11-27", "dtend": "2026-11-28"}, "time of day"),
    ],
)
async def test_what_makes_no_show(
    page: Client, service: StubService, wrong: dict[str, str], said: str
) -> None:
    answer = await page.ask("create", event=event(**wrong))
    assert not answer["success"]
    assert said in answer["error"]["message"]


@pytest.mark.parametrize(
    ("which", "query"),
    [
        ({}, {"range": "all"}),
        ({"recurrence_id": "20261127T173000"}, {"range": "this", "occurrence": "20261127T173000"}),
        (
            {"recurrence_id": "20261127T173000", "recurrence_range": "THISANDFUTURE"},
            {"range": "future", "occurrence": "20261127T173000"},
        ),
    ],
)
async def test_changing_and_deleting(
    page: Client, service: StubService, which: dict[str, str], query: dict[str, str]
) -> None:
    assert (await page.ask("update", uid="e1", event=event(), **which))["success"]
    assert ("QUERY", "schedule/e1", query) in service.asked
    service.asked.clear()
    assert (await page.ask("delete", uid="e1", **which))["success"]
    assert ("DELETE", "schedule/e1", query) in service.asked


SUNSET: dict[str, Any] = {
    "uid": "e1",
    "summary": "Every night",
    "playlist": "Christmas",
    "look": None,
    "start": {"sun": "sunset", "offset": -15, "date": "2026-11-27"},
    "end": {"sun": "dawn", "offset": 0},
    "timezone": None,
    "rrule": "FREQ=DAILY",
    "finish": "cut",
    "shuffle": True,
    "repeat": False,
    "priority": 3,
    "overrides": [],
}
NIGHT = {
    **OCCURRENCE,
    "occurrence": "2026-11-30",
    "start": "2026-11-30T15:41:20+01:00",
    "end": "2026-12-01T07:02:00+01:00",
}


@pytest.mark.parametrize(
    ("spec", "changes", "kept"),
    [
        (
            {},
            {},
            {
                "start": {**SUNSET["start"], "date": "2026-11-30"},
                "end": SUNSET["end"],
            },
        ),
        (
            {},
            {"dtstart": "2026-11-30T17:00:00+01:00"},
            {"start": "2026-11-30T17:00:00", "end": {"sun": "dawn", "offset": 0}},
        ),
        (
            {"end": {"duration": 921}},
            {"dtstart": "2026-11-30T17:00:00+01:00"},
            {"start": "2026-11-30T17:00:00", "end": "2026-12-01T07:02:00"},
        ),
        (
            {
                "overrides": [
                    {"occurrence": "2026-11-30", "start": "2026-11-30T15:41:20", "end": {"duration": 921}}
                ]
            },
            {},
            {"start": "2026-11-30T15:41:20", "end": {"duration": 921}},
        ),
    ],
)
async def test_what_calendars_do_not_know_is_kept(
    page: Client,
    service: StubService,
    loaded: MockConfigEntry,
    spec: dict[str, Any],
    changes: dict[str, str],
    kept: dict[str, Any],
) -> None:
    """A show from sunset to dawn is given another look: it still follows the sun, unless its times were changed."""
    service.views["schedule"] = {**service.views["schedule"], "events": [{**SUNSET, **spec}]}
    service.views["schedule/occurrences"] = {"occurrences": [NIGHT]}
    await service.tell(type="schedule")
    await eventually(lambda: loaded.runtime_data.data.schedule["events"])
    times = {"dtstart": "2026-11-30T15:41:20+01:00", "dtend": "2026-12-01T07:02:00+01:00"}
    changed = event(**{**times, **changes}, summary="Late", description="look: calm", rrule="FREQ=DAILY")
    which = {"recurrence_id": "2026-11-30", "recurrence_range": "THISANDFUTURE"}
    answer = await page.ask("update", uid="e1", event=changed, **which)
    assert answer["success"], answer
    [body] = [body for method, _, body in service.asked if method == "PUT"]
    assert body == {
        "description": "",
        "summary": "Late",
        "playlist": "Christmas",
        "look": "calm",
        "rrule": "FREQ=DAILY",
        "timezone": None,
        "finish": "cut",
        "shuffle": True,
        "repeat": False,
        "priority": 3,
        **kept,
    }


async def test_a_show_that_is_gone_meanwhile(
    page: Client, service: StubService, loaded: MockConfigEntry
) -> None:
    service.views["schedule"] = {**service.views["schedule"], "events": [{**SUNSET, "rrule": ""}]}
    await service.tell(type="schedule")
    await eventually(lambda: loaded.runtime_data.data.schedule["events"])
    assert (await page.ask("update", uid="e1", event=event()))["success"]
    [body] = [body for method, _, body in service.asked if method == "PUT"]
    assert body["start"] == "2026-11-27T17:30:00"


async def test_the_clock_of_the_service(
    hass: HomeAssistant, page: Client, service: StubService, loaded: MockConfigEntry
) -> None:
    """Home Assistant's wall may be another: what is meant is the moment."""
    service.views["schedule"] = {**service.views["schedule"], "timezone": "Europe/London"}
    await service.tell(type="schedule")
    await eventually(lambda: loaded.runtime_data.data.schedule["timezone"] == "Europe/London")
    assert (await page.ask("create", event=event(summary="Christmas")))["success"]
    [body] = [body for method, path, body in service.asked if (method, path) == ("POST", "schedule")]
    assert body["start"] == "2026-11-27T16:30:00"


async def test_the_month(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService, hass_client: ClientSessionGenerator
) -> None:
    single = {
        **OCCURRENCE,
        "description": "Bring cocoa.",
        "location": "Elm Street",
        "start": "2026-11-28",
        "end": "2026-11-28",
        "look": None,
        "rrule": "",
    }
    service.views["schedule/occurrences"] = {"occurrences": [OCCURRENCE, single]}
    client = await hass_client()
    span = {"start": "2026-11-01T00:00:00+01:00", "end": "2026-12-01T00:00:00+01:00"}
    response = await client.get(f"/api/calendars/{CALENDAR}", params=span)
    first, second = await response.json()
    assert first["summary"] == "Every night"
    assert first["description"] == "playlist: Christmas\nlook: calm"
    assert first["recurrence_id"] == "20261127T173000"
    assert datetime.fromisoformat(first["start"]["dateTime"]) == datetime.fromisoformat(OCCURRENCE["start"])
    assert second["recurrence_id"] is None
    assert second["description"] == "playlist: Christmas\n\nBring cocoa."
    assert second["location"] == "Elm Street"
    assert second["start"]["dateTime"] < second["end"]["dateTime"]


async def test_on_while_a_show_is_on(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService
) -> None:
    assert state_of(hass, CALENDAR).state == "off"
    start, end = (dt_util.now() + timedelta(hours=hours) for hours in (-1, 1))
    now = {**OCCURRENCE, "start": start.isoformat(), "end": end.isoformat()}
    service.views["schedule"] = {**service.views["schedule"], "now": now}
    await service.tell(type="schedule")
    await eventually(lambda: state_of(hass, CALENDAR).state == "on")
    assert state_of(hass, CALENDAR).attributes["message"] == "Every night"


async def test_the_service_is_gone(page: Client, service: StubService) -> None:
    await service.stop()
    answer = await page.ask("create", event=event())
    assert not answer["success"]
