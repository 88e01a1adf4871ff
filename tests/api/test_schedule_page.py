"""What the page's calendar asks of the API beyond the calendar itself: undo, tonight and cities."""

from pathlib import Path

import pytest

from tests.api.test_schedule import NIGHTLY, Api, api  # noqa: F401


async def undo_of(api: Api, method: str, path: str, body: object = None) -> str:  # noqa: F811
    async with api.session.request(method, f"/api/v1/{path}", json=body) as answer:
        assert answer.status == 200, await answer.text()
        return answer.headers["X-Undo"]


async def test_each_change_is_undone_by_its_id(api: Api) -> None:  # noqa: F811
    added = await undo_of(api, "POST", "schedule", NIGHTLY)
    (event,) = (await api.ok("GET", "schedule"))["events"]
    left = await undo_of(api, "DELETE", f"schedule/{event['uid']}?occurrence=2026-12-31")
    assert "2026-12-31" not in await api.nights()
    gone = await undo_of(api, "DELETE", f"schedule/{event['uid']}")
    assert await api.nights() == {}
    await api.ok("POST", "schedule/undo", {"undo": gone})
    assert "2026-12-31" not in await api.nights()
    back = await api.ok("POST", "schedule/undo", {"undo": left})
    assert back["events"] == [event]
    status, answer = await api.call("POST", "schedule/undo", {"undo": left})
    assert status == 409 and "no longer be undone" in answer["error"]
    await api.ok("POST", "schedule/undo", {"undo": added})
    assert (await api.ok("GET", "schedule"))["events"] == []


async def test_an_imported_calendar_is_undone_as_a_whole(api: Api, tmp_path: Path) -> None:  # noqa: F811
    await api.ok("POST", "schedule", NIGHTLY)
    async with api.session.get("/api/v1/schedule.ics") as answer:
        text = await answer.text()
    await api.ok("POST", "schedule", {**NIGHTLY, "summary": "Later"})
    before = (await api.ok("GET", "schedule"))["events"]
    headers = {"Content-Type": "text/calendar"}
    text = text.replace("Nightly", "Imported")
    async with api.session.post("/api/v1/schedule/import", data=text, headers=headers) as answer:
        assert answer.status == 200, await answer.text()
        undo = answer.headers["X-Undo"]
    assert (await api.ok("GET", "schedule"))["events"] != before
    after = await api.ok("POST", "schedule/undo", {"undo": undo})
    assert sorted(after["events"], key=lambda e: e["uid"]) == sorted(before, key=lambda e: e["uid"])


@pytest.mark.parametrize("body", [{}, {"undo": 1}, {"undo": ""}, {"undo": "1", "more": True}])
async def test_a_wrong_undo_is_told(api: Api, body: object) -> None:  # noqa: F811
    status, answer = await api.call("POST", "schedule/undo", body)
    assert (status == 400 and '"undo"' in answer["error"]) or "unknown field" in answer["error"]


async def test_tonight_is_told_with_its_reasons(api: Api) -> None:  # noqa: F811
    assert (await api.ok("GET", "schedule/tonight"))["showings"] == []
    made = await api.ok(
        "POST",
        "schedule",
        {**NIGHTLY, "start": "2020-01-01T00:01:00", "end": "2020-01-01T23:59:00", "rrule": "FREQ=DAILY"},
    )
    found = await api.ok("GET", "schedule/tonight")
    assert found["armed"] is True
    one = next(each for each in found["showings"] if each["occurrence"] == found["night"])
    assert (one["uid"], one["summary"], one["playlist"]) == (made["uid"], "Nightly", "Carols")
    await api.ok("DELETE", f"schedule/{made['uid']}", occurrence=found["night"])
    states = {
        each["occurrence"]: each["state"] for each in (await api.ok("GET", "schedule/tonight"))["showings"]
    }
    assert states[found["night"]] == "left_out"


@pytest.mark.parametrize(
    ("search", "first"),
    [
        ("munich", "Munich"),
        ("münch", "Munich"),
        ("KÖLN", "Köln"),
        ("new y", "New York City"),
        ("wien", "Vienna"),
    ],
)
async def test_cities_are_found_by_what_people_call_them(api: Api, search: str, first: str) -> None:  # noqa: F811
    cities = (await api.ok("GET", "place/cities", search=search))["cities"]
    assert cities[0]["name"] == first
    assert len(cities) <= 8 and all(-90 <= city["latitude"] <= 90 for city in cities)


async def test_no_letters_find_no_cities(api: Api) -> None:  # noqa: F811
    for search in ("", "   ", "zzzzzz", "%00"):
        assert (await api.ok("GET", "place/cities", search=search))["cities"] == []
