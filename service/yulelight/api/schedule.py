"""The routes of the calendar: read it, change it, take it elsewhere and back."""

import asyncio
import uuid
from datetime import timedelta
from typing import Any, get_args

from aiohttp import web

from yulelight.api import schedule_wire
from yulelight.api.body import BODY_TIMEOUT, read_json
from yulelight.api.services import SCHEDULE, ScheduleService
from yulelight.core.errors import UsageError
from yulelight.schedule import edit
from yulelight.schedule.ics import MAX_BYTES, Schedule, read
from yulelight.schedule.messages import (
    EditSchedule,
    GetCalendar,
    GetOccurrences,
    GetSchedule,
    SchedulerMessage,
    ScheduleView,
    SetPlace,
)
from yulelight.schedule.names import Names
from yulelight.schedule.occurrences import Sky
from yulelight.schedule.sandbox import check_in_sandbox

MAX_OCCURRENCES = 1000
"""Occurrences in one answer."""
SPAN = timedelta(days=800)
ASK_TIMEOUT = 10.0
"""Seconds; a change waits for the disk."""


async def get_schedule(request: web.Request) -> web.Response:
    """GET /api/v1/schedule."""
    return web.json_response(await view(request.app[SCHEDULE]))


async def view(schedule: ScheduleService) -> dict[str, Any]:
    """The schedule as JSON."""
    return schedule_wire.schedule(await _ask(schedule, GetSchedule()))


async def post_event(request: web.Request) -> web.Response:
    """POST /api/v1/schedule: one more show."""
    body, uid = await read_json(request), str(uuid.uuid4())
    names = await _names(request)

    def change(old: Schedule, sky: Sky) -> Schedule:
        return edit.add(old, names.checked(schedule_wire.entry(body, uid, sky)))

    return await _changed(request, change, uid)


async def put_event(request: web.Request) -> web.Response:
    """PUT /api/v1/schedule/{uid}?occurrence=&range=."""
    body, uid, fresh = await read_json(request), request.match_info["uid"], str(uuid.uuid4())
    night, scope = _which(request)
    names = await _names(request)

    def change(old: Schedule, sky: Sky) -> Schedule:
        known = edit.find(old, uid)
        if scope == "this":
            plain = {key: value for key, value in body.items() if key not in {"rrule", "exdates"}}
            single = names.checked(schedule_wire.entry(plain, uid, sky), known)
            return edit.update(old, uid, single, night, scope, fresh=fresh)
        new = schedule_wire.entry(body, uid, sky, known if scope == "all" or not known.recurs else None)
        new = names.checked(new, known)
        return edit.update(old, uid, new, night, scope, fresh=fresh)

    return await _changed(request, change, fresh, uid)


async def delete_event(request: web.Request) -> web.Response:
    """DELETE /api/v1/schedule/{uid}?occurrence=&range=: answers with the schedule after it."""
    uid, (night, scope) = request.match_info["uid"], _which(request)
    found = await _edit(request, lambda old, sky: edit.remove(old, uid, night, scope))
    return web.json_response(schedule_wire.schedule(found))


async def get_occurrences(request: web.Request) -> web.Response:
    """GET /api/v1/schedule/occurrences?from=&to=."""
    schedule = request.app[SCHEDULE]
    found: ScheduleView = await _ask(schedule, GetSchedule())
    texts = [request.query.get(name, "") for name in ("from", "to")]
    after, before = (schedule_wire.moment(text, found.sky.zone) for text in texts)
    if not timedelta() < before - after <= SPAN:
        raise UsageError(f'"to" must come after "from", by at most {SPAN.days} days')
    values = await _ask(schedule, GetOccurrences(after, before, MAX_OCCURRENCES))
    return web.json_response(schedule_wire.occurrences(values, found))


async def get_calendar(request: web.Request) -> web.Response:
    """GET /api/v1/schedule.ics."""
    text = await _ask(request.app[SCHEDULE], GetCalendar())
    return web.Response(text=text, content_type="text/calendar", charset="utf-8")


async def post_import(request: web.Request) -> web.Response:
    """POST /api/v1/schedule/import: adds a calendar's shows; those of the same uid are replaced."""
    if request.content_type != "text/calendar":
        raise web.HTTPUnsupportedMediaType(text="send a calendar with 'Content-Type: text/calendar'")
    data = await _read_data(request)
    found: ScheduleView = await _ask(request.app[SCHEDULE], GetSchedule())
    try:
        await asyncio.to_thread(check_in_sandbox, data, str(found.sky.zone))
    except TimeoutError as error:
        raise web.HTTPServiceUnavailable(text=str(error.strerror)) from None
    names = await _names(request)
    problems: list[str] = []
    count = 0

    def change(old: Schedule, sky: Sky) -> Schedule:
        nonlocal count
        new = read(data, sky.zone, old)
        problems.extend((*new.problems, *names.all_problems(new.entries)))
        count = len(new.entries)
        return edit.merge(old, new)

    await _edit(request, change)
    return web.json_response({"imported": count, "problems": problems})


async def get_place(request: web.Request) -> web.Response:
    """GET /api/v1/place."""
    found: ScheduleView = await _ask(request.app[SCHEDULE], GetSchedule())
    return web.json_response(schedule_wire.place_of(found.place))


async def put_place(request: web.Request) -> web.Response:
    """PUT /api/v1/place: answers with the place that holds, which the settings may have fixed."""
    place = schedule_wire.place(await read_json(request))
    return web.json_response(schedule_wire.place_of(await _ask(request.app[SCHEDULE], SetPlace(place))))


ROUTES = [
    web.get("/api/v1/schedule", get_schedule, name="get_schedule"),
    web.post("/api/v1/schedule", post_event, name="post_event"),
    web.get("/api/v1/schedule.ics", get_calendar, name="get_calendar"),
    web.get("/api/v1/schedule/occurrences", get_occurrences, name="get_occurrences"),
    web.post("/api/v1/schedule/import", post_import, name="import_schedule"),
    web.put("/api/v1/schedule/{uid}", put_event, name="put_event"),
    web.delete("/api/v1/schedule/{uid}", delete_event, name="delete_event"),
    web.get("/api/v1/place", get_place, name="get_place"),
    web.put("/api/v1/place", put_place, name="put_place"),
]


async def _changed(request: web.Request, change: Any, *uids: str) -> web.Response:
    """Answers with the event that has the first of ``uids`` that is there."""
    found = await _edit(request, change)
    entries = {entry.uid: entry for entry in found.entries}
    return web.json_response(schedule_wire.event(next(entries[uid] for uid in uids if uid in entries)))


async def _names(request: web.Request) -> Names:
    return await asyncio.to_thread(request.app[SCHEDULE].names)


async def _edit(request: web.Request, change: Any) -> ScheduleView:
    try:
        found: ScheduleView = await _ask(request.app[SCHEDULE], EditSchedule(change))
    except edit.NoSuchEventError as error:
        raise web.HTTPNotFound(text=str(error)) from None
    return found


async def _ask(schedule: ScheduleService, message: SchedulerMessage) -> Any:
    return await schedule.scheduler.ask(message, timeout=ASK_TIMEOUT)


def _which(request: web.Request) -> tuple[Any, edit.Scope]:
    text = request.query.get("occurrence", "")
    scope = request.query.get("range") or ("this" if text else "all")
    if scope not in get_args(edit.Scope):
        raise UsageError(f'"range" must be one of {", ".join(get_args(edit.Scope))}')
    return (schedule_wire.night(text) if text else None), scope  # type: ignore[return-value]


async def _read_data(request: web.Request) -> bytes:
    data = bytearray()
    try:
        async with asyncio.timeout(BODY_TIMEOUT):
            async for chunk in request.content.iter_any():
                data += chunk
                if len(data) > MAX_BYTES:
                    raise UsageError(f"a calendar has at most {MAX_BYTES // 1024} kB")
    except TimeoutError:
        raise web.HTTPRequestTimeout(text=f"the body did not come within {BODY_TIMEOUT:g} s") from None
    return bytes(data)
