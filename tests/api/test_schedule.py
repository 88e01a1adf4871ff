import dataclasses
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiohttp import ClientSession

from tests.api import stubs
from tests.schedule.calendars import CAROLS, calendar
from tests.schedule.house import House
from yulelight.api.server import ApiServer
from yulelight.api.services import ScheduleService
from yulelight.library.playlists import Playlists
from yulelight.schedule.names import Names

NIGHTLY = {
    "summary": "Nightly",
    "playlist": "Carols",
    "look": "calm",
    "start": "2026-11-27T17:30:00",
    "end": "2026-11-27T22:00:00",
    "rrule": "FREQ=DAILY;UNTIL=20270106",
    "exdates": ["2026-12-24"],
}
SEASON = {"from": "2026-11-01", "to": "2027-02-01"}


@dataclass
class Api:
    house: House
    session: ClientSession

    async def call(self, method: str, path: str, body: Any = None, **query: str) -> tuple[int, Any]:
        async with self.session.request(method, f"/api/v1/{path}", json=body, params=query) as answer:
            return answer.status, await answer.json()

    async def ok(self, method: str, path: str, body: Any = None, **query: str) -> Any:
        status, answer = await self.call(method, path, body, **query)
        assert status == 200, answer
        return answer

    async def nights(self) -> dict[str, str]:
        found = (await self.ok("GET", "schedule/occurrences", **SEASON))["occurrences"]
        return {o["start"][:10]: o["summary"] for o in found}


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    house = House(tmp_path, zone=ZoneInfo("Europe/Berlin"))
    async with house.running(), stubs.serve() as served:
        lists = tmp_path / "lists"
        lists.mkdir()
        for name in ("Carols", "Rock"):
            (lists / f"{name}.m3u8").write_text("#EXTM3U\n")
        playlists = Playlists(lists, list)
        schedule = ScheduleService(
            house.scheduler, house.views, lambda: Names(playlists.stamps(), ("lively", "calm"))
        )
        services = dataclasses.replace(served.services, schedule=schedule)
        server = ApiServer(services, "127.0.0.1", 0)
        await served.supervisor.started(served.supervisor.start(lambda: server, "with a schedule"))
        headers = {"Authorization": f"Bearer {stubs.TOKEN}"}
        async with ClientSession(f"http://127.0.0.1:{server.port}", headers=headers) as session:
            yield Api(house, session)


async def test_a_season_is_added_and_read(api: Api) -> None:
    made = await api.ok("POST", "schedule", NIGHTLY)
    uid = made.pop("uid")
    assert {key: made[key] for key in NIGHTLY} == NIGHTLY
    assert (made["finish"], made["repeat"], made["priority"], made["overrides"]) == ("song", True, 0, [])
    found = await api.ok("GET", "schedule")
    assert [event["uid"] for event in found["events"]] == [uid]
    assert (found["timezone"], found["armed"], found["now"], found["problems"]) == (
        "Europe/Berlin",
        True,
        None,
        [],
    )
    assert found["next"] == {
        "uid": uid,
        "occurrence": "2026-12-06",
        "start": "2026-12-06T17:30:00+01:00",
        "end": "2026-12-06T22:00:00+01:00",
        "summary": "Nightly",
        "playlist": "Carols",
        "look": "calm",
        "description": "",
        "location": "",
        "rrule": "",
    }
    nights = await api.nights()
    assert len(nights) == 40
    assert "2026-12-24" not in nights


async def test_what_is_read_can_be_sent_back(api: Api) -> None:
    made = await api.ok("POST", "schedule", NIGHTLY)
    assert await api.ok("PUT", f"schedule/{made['uid']}", made) == made


async def test_one_night_as_home_assistant_changes_it(api: Api) -> None:
    uid = (await api.ok("POST", "schedule", NIGHTLY))["uid"]
    late = {**NIGHTLY, "summary": "Late", "start": "2026-12-25T20:00:00", "end": "2026-12-25T21:00:00"}
    changed = await api.ok("PUT", f"schedule/{uid}", late, occurrence="20261225T173000", range="this")
    assert changed["overrides"][0]["occurrence"] == "2026-12-25"
    await api.ok("DELETE", f"schedule/{uid}", occurrence="2026-12-26")
    nights = await api.nights()
    assert nights["2026-12-25"] == "Late"
    assert "2026-12-26" not in nights
    assert len(nights) == 39


async def test_this_and_all_that_follow(api: Api) -> None:
    uid = (await api.ok("POST", "schedule", NIGHTLY))["uid"]
    new = {
        **NIGHTLY,
        "summary": "After",
        "start": "2027-01-01T18:00:00",
        "end": "2027-01-01T20:00:00",
        "exdates": [],
    }
    follower = await api.ok("PUT", f"schedule/{uid}", new, occurrence="2027-01-01", range="future")
    assert follower["uid"] != uid
    nights = await api.nights()
    assert [day for day, title in nights.items() if title == "After"] == [
        f"2027-01-0{k}" for k in range(1, 7)
    ]
    await api.ok("DELETE", f"schedule/{uid}", occurrence="2026-12-10", range="future")
    assert len(await api.nights()) == 13 + 6
    await api.ok("DELETE", f"schedule/{follower['uid']}", range="all")
    assert len(await api.nights()) == 13


async def test_by_the_sun_needs_the_place(api: Api) -> None:
    body = {
        **NIGHTLY,
        "start": {"sun": "sunset", "offset": -15, "date": "2026-11-27"},
        "end": {"sun": "sunrise"},
    }
    status, answer = await api.call("POST", "schedule", body)
    assert (status, "yulelight place CITY" in answer["error"]) == (400, True)
    place = {"latitude": 52.5, "longitude": 13.4, "elevation": 34.0, "timezone": "Europe/Berlin"}
    assert await api.ok("PUT", "place", place) == place
    assert await api.ok("GET", "place") == place
    made = await api.ok("POST", "schedule", body)
    assert made["start"] == body["start"]
    assert made["end"] == {"sun": "sunrise", "offset": 0}
    first = (await api.ok("GET", "schedule/occurrences", **SEASON))["occurrences"][0]
    assert first["start"].startswith("2026-11-27T15:4")
    assert first["end"].startswith("2026-11-28T07:4")


async def test_a_calendar_goes_out_and_comes_in(api: Api) -> None:
    await api.ok("POST", "schedule", {**NIGHTLY, "end": {"duration": 90}})
    async with api.session.get("/api/v1/schedule.ics") as answer:
        assert answer.content_type == "text/calendar"
        text = await answer.text()
    assert "DURATION:PT1H30M" in text
    headers = {"Content-Type": "text/calendar"}
    more = text.replace("UID:", "UID:2")
    async with api.session.post("/api/v1/schedule/import", data=more.encode(), headers=headers) as answer:
        assert await answer.json() == {"imported": 1, "problems": []}
    async with api.session.post("/api/v1/schedule/import", data=b"nothing", headers=headers) as answer:
        assert answer.status == 400
    async with api.session.post("/api/v1/schedule/import", data=b"x" * 1_100_000, headers=headers) as answer:
        assert answer.status == 400
    assert len((await api.ok("GET", "schedule"))["events"]) == 2


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"start": "17:30"}, "start"),
        ({"start": {"sun": "moon", "date": "2026-11-27"}}, "sun"),
        ({"end": "2026-11-27T17:00:00"}, "ends after"),
        ({"end": {"duration": 0}}, "duration"),
        ({"rrule": "FREQ=SECONDLY"}, "FREQ"),
        ({"playlist": "../../etc/passwd"}, "playlist"),
        ({"playlist": "Carrols"}, "did you mean 'Carols'?"),
        ({"look": "clam"}, "did you mean 'calm'?"),
        ({"finish": "bang"}, "finish"),
        ({"shuffle": 1}, "shuffle"),
        ({"priority": 99}, "priority"),
        ({"exdates": ["Christmas"]}, "date"),
        ({"timezone": "../../etc/passwd"}, "time zone"),
        ({"volume": 1}, "unknown field"),
        ({"summary": "x" * 501}, "summary"),
    ],
)
async def test_what_cannot_be_is_refused(api: Api, change: dict[str, Any], says: str) -> None:
    status, answer = await api.call("POST", "schedule", {**NIGHTLY, **change})
    assert (status, says in answer["error"]) == (400, True), answer
    assert (await api.ok("GET", "schedule"))["events"] == []


async def test_a_show_whose_playlist_is_gone_can_still_be_changed(api: Api, tmp_path: Path) -> None:
    made = await api.ok("POST", "schedule", {**NIGHTLY, "playlist": "rock"})
    assert made["playlist"] == "Rock", "as the list is called"
    (tmp_path / "lists" / "Rock.m3u8").unlink()
    later = {**made, "end": "2026-11-27T23:00:00"}
    assert (await api.ok("PUT", f"schedule/{made['uid']}", later))["end"] == "2026-11-27T23:00:00"
    assert (await api.call("PUT", f"schedule/{made['uid']}", {**later, "playlist": "Pop"}))[0] == 400


async def test_an_odd_calendar_comes_in_as_far_as_it_goes(api: Api) -> None:
    """Two calendars in one, with faults, a series called off, and a playlist and a look that are not there."""
    text = (
        calendar(CAROLS, "UID:x\nSUMMARY:Party\nDTSTART;VALUE=DATE:20261224")
        + calendar(CAROLS.replace("carols@", "2@").replace("Carols", "Carrols") + "\nX-YULELIGHT-LOOK:clam")
        + b"\x1a"
    )
    headers = {"Content-Type": "text/calendar"}
    async with api.session.post("/api/v1/schedule/import", data=text, headers=headers) as answer:
        told = await answer.json()
    assert told["imported"] == 2
    assert [problem.partition(":")[0] for problem in told["problems"]] == ["Party", "Carrols", "Carrols"]
    off = calendar(CAROLS + "\nSTATUS:CANCELLED")
    async with api.session.post("/api/v1/schedule/import", data=off, headers=headers) as answer:
        assert await answer.json() == {"imported": 0, "problems": []}
    assert [event["summary"] for event in (await api.ok("GET", "schedule"))["events"]] == ["Carrols"]


async def test_what_is_not_there(api: Api) -> None:
    uid = (await api.ok("POST", "schedule", NIGHTLY))["uid"]
    assert (await api.call("DELETE", "schedule/other"))[0] == 404
    assert (await api.call("PUT", "schedule/other", NIGHTLY))[0] == 404
    assert (await api.call("DELETE", f"schedule/{uid}", occurrence="2026-12-24"))[0] == 404
    assert (await api.call("DELETE", f"schedule/{uid}", occurrence="soon"))[0] == 400
    assert (await api.call("DELETE", f"schedule/{uid}", range="some"))[0] == 400
    bad = [
        {"from": "x", "to": "y"},
        {"from": "2026-12-02", "to": "2026-12-01"},
        {"from": "2026-01-01", "to": "2999-01-01"},
    ]
    for query in bad:
        assert (await api.call("GET", "schedule/occurrences", **query))[0] == 400
    for place in (
        {"latitude": 1},
        {"latitude": 91, "longitude": 0},
        {"timezone": "Mars"},
        {"longitude": "east"},
    ):
        assert (await api.call("PUT", "place", place))[0] == 400


async def test_a_client_follows_the_schedule(api: Api) -> None:
    async with api.session.ws_connect("/api/v1/ws") as socket:
        await socket.receive_json()
        await socket.send_json({"id": 1, "type": "subscribe", "topic": "schedule"})
        assert (await socket.receive_json())["ok"]
        assert (await socket.receive_json())["events"] == []
        await api.ok("POST", "schedule", NIGHTLY)
        told = await socket.receive_json()
        assert (told["type"], told["events"][0]["summary"]) == ("schedule", "Nightly")
        await socket.send_json({"id": 2, "type": "get", "view": "schedule"})
        assert (await socket.receive_json())["result"]["next"]["occurrence"] == "2026-12-06"


async def test_what_people_write_about_a_show_is_kept(api: Api) -> None:
    note = "Bring cocoa; friends, too.\nDoors open at five."
    made = await api.ok("POST", "schedule", {**NIGHTLY, "description": note, "location": "Elm Street, 7"})
    assert (made["description"], made["location"]) == (note, "Elm Street, 7")
    # A client that knows nothing of it leaves it as it is; one that does changes it.
    changed = await api.ok("PUT", f"schedule/{made['uid']}", {**NIGHTLY, "summary": "Late"})
    assert (changed["description"], changed["location"]) == (note, "Elm Street, 7")
    found = (await api.ok("GET", "schedule/occurrences", **SEASON))["occurrences"]
    assert {(night["description"], night["location"]) for night in found} == {(note, "Elm Street, 7")}
    async with api.session.get("/api/v1/schedule.ics") as answer:
        lines = (await answer.text()).splitlines()
    assert "DESCRIPTION:Bring cocoa\\; friends\\, too.\\nDoors open at five." in lines
    assert "LOCATION:Elm Street\\, 7" in lines
    emptied = await api.ok("PUT", f"schedule/{made['uid']}", {**NIGHTLY, "description": "", "location": ""})
    assert (emptied["description"], emptied["location"]) == ("", "")
    status, _ = await api.call("POST", "schedule", {**NIGHTLY, "description": "x" * 4001})
    assert status == 400
