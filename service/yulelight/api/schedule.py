"""The routes of the calendar: read, change, export and import."""

import asyncio
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any, get_args

from aiohttp import web

from yulelight.api import schedule_wire
from yulelight.api.body import read_bytes, read_json
from yulelight.api.fields import Body, read, text
from yulelight.api.services import SCHEDULE, ScheduleService
from yulelight.core.errors import UsageError
from yulelight.schedule import edit, ics
from yulelight.schedule.ics import MAX_BYTES, Schedule
from yulelight.schedule.messages import (
    EditSchedule,
    GetCalendar,
    GetOccurrences,
    GetSchedule,
    SchedulerMessage,
    ScheduleView,
)
from yulelight.schedule.names import Names
from yulelight.schedule.occurrences import HouseTime
from yulelight.schedule.sandbox import check_in_sandbox
from yulelight.schedule.undo import Change, Changes, between, undone

MAX_OCCURRENCES = 1000
"""Maximum number of occurrences in one answer."""
SPAN = timedelta(days=800)
ASK_TIMEOUT = 10.0
"""Seconds, since a change waits for the disk."""
UNDO = "X-Undo"
"""The header with which a change tells the id to take it back by."""
CHANGES = web.AppKey("changes", Changes)


async def get_schedule(request: web.Request) -> web.Response:
    """GET /api/v1/schedule."""
    return web.json_response(await view(request.app[SCHEDULE]))


async def view(schedule: ScheduleService) -> dict[str, Any]:
    """The schedule as JSON."""
    return schedule_wire.schedule(await ask(schedule, GetSchedule()))


async def post_event(request: web.Request) -> web.Response:
    """POST /api/v1/schedule: add a show."""
    body, uid = await read_json(request), str(uuid.uuid4())
    names = await names_of(request.app[SCHEDULE])

    def change(old: Schedule, house_time: HouseTime) -> Schedule:
        return edit.add(old, names.checked(schedule_wire.entry(body, uid, house_time)))

    return await _changed(request, change, uid)


async def put_event(request: web.Request) -> web.Response:
    """PUT /api/v1/schedule/{uid}?occurrence=&range=."""
    body, uid, fresh = await read_json(request), request.match_info["uid"], str(uuid.uuid4())
    night, scope = _which(request)
    names = await names_of(request.app[SCHEDULE])

    def change(old: Schedule, house_time: HouseTime) -> Schedule:
        known = edit.find(old, uid)
        if scope == "this":
            plain = {key: value for key, value in body.items() if key not in {"rrule", "exdates"}}
            single = names.checked(schedule_wire.entry(plain, uid, house_time), known)
            return edit.update(old, uid, single, night, scope, fresh=fresh)
        new = schedule_wire.entry(
            body, uid, house_time, known if scope == "all" or not known.recurs else None
        )
        new = names.checked(new, known)
        return edit.update(old, uid, new, night, scope, fresh=fresh)

    return await _changed(request, change, fresh, uid)


async def delete_event(request: web.Request) -> web.Response:
    """DELETE /api/v1/schedule/{uid}?occurrence=&range=: answers with the changed schedule."""
    uid, (night, scope) = request.match_info["uid"], _which(request)
    found, undo = await _edit(request, lambda old, house_time: edit.remove(old, uid, night, scope))
    return web.json_response(schedule_wire.schedule(found), headers=undo)


async def get_occurrences(request: web.Request) -> web.Response:
    """GET /api/v1/schedule/occurrences?from=&to=."""
    schedule = request.app[SCHEDULE]
    found: ScheduleView = await ask(schedule, GetSchedule())
    texts = [request.query.get(name, "") for name in ("from", "to")]
    after, before = (schedule_wire.moment(text, found.house_time.zone) for text in texts)
    if not timedelta() < before - after <= SPAN:
        raise UsageError(f'"to" must come after "from", by at most {SPAN.days} days')
    values = await ask(schedule, GetOccurrences(after, before, MAX_OCCURRENCES))
    return web.json_response(schedule_wire.occurrences(values, found))


async def get_calendar(request: web.Request) -> web.Response:
    """GET /api/v1/schedule.ics."""
    text = await ask(request.app[SCHEDULE], GetCalendar())
    return web.Response(text=text, content_type="text/calendar", charset="utf-8")


async def post_import(request: web.Request) -> web.Response:
    """POST /api/v1/schedule/import: adds a calendar's shows; those with the same uid are replaced."""
    if request.content_type != "text/calendar":
        raise web.HTTPUnsupportedMediaType(text="send a calendar with 'Content-Type: text/calendar'")
    data = await read_bytes(request, MAX_BYTES, f"a calendar has at most {MAX_BYTES // 1024} kB")
    found: ScheduleView = await ask(request.app[SCHEDULE], GetSchedule())
    try:
        await asyncio.to_thread(check_in_sandbox, data, str(found.house_time.zone))
    except TimeoutError as error:
        raise web.HTTPServiceUnavailable(text=str(error.strerror)) from None
    names = await names_of(request.app[SCHEDULE])
    problems: list[str] = []
    count = 0

    def change(old: Schedule, house_time: HouseTime) -> Schedule:
        nonlocal count
        new = ics.read(data, house_time.zone, old)
        problems.extend((*new.problems, *names.all_problems(new.entries)))
        count = len(new.entries)
        return edit.merge(old, new)

    _, undo = await _edit(request, change)
    return web.json_response({"imported": count, "problems": problems}, headers=undo)


async def post_undo(request: web.Request) -> web.Response:
    """POST /api/v1/schedule/undo: takes one change back; answers with the schedule after it."""
    changes, id = request.app[CHANGES], str(read(_Undo, await read_json(request)).undo)
    change = changes.find(id)
    found, undo = await _edit(request, lambda old, house_time: undone(old, change))
    changes.forget(id)
    return web.json_response(schedule_wire.schedule(found), headers=undo)


ROUTES = [
    web.get("/api/v1/schedule", get_schedule, name="get_schedule"),
    web.post("/api/v1/schedule", post_event, name="post_event"),
    web.get("/api/v1/schedule.ics", get_calendar, name="get_calendar"),
    web.get("/api/v1/schedule/occurrences", get_occurrences, name="get_occurrences"),
    web.post("/api/v1/schedule/import", post_import, name="import_schedule"),
    web.post("/api/v1/schedule/undo", post_undo, name="undo_schedule"),
    web.put("/api/v1/schedule/{uid}", put_event, name="put_event"),
    web.delete("/api/v1/schedule/{uid}", delete_event, name="delete_event"),
]


class _Undo(Body):
    undo: text(20)  # type: ignore[valid-type]


async def _changed(request: web.Request, change: Any, *uids: str) -> web.Response:
    """Answers with the first event of ``uids`` that exists."""
    found, undo = await _edit(request, change)
    entries = {entry.uid: entry for entry in found.entries}
    event = schedule_wire.event(next(entries[uid] for uid in uids if uid in entries))
    return web.json_response(event, headers=undo)


async def names_of(schedule: ScheduleService) -> Names:
    """What shows may name."""
    return await asyncio.to_thread(schedule.names)


async def _edit(
    request: web.Request, change: Callable[[Schedule, HouseTime], Schedule]
) -> tuple[ScheduleView, dict[str, str]]:
    """The schedule after ``change``, and the header that names the way back."""
    did = Change()

    def noted(old: Schedule, house_time: HouseTime) -> Schedule:
        nonlocal did
        new = change(old, house_time)
        did = between(old, new)
        return new

    try:
        found: ScheduleView = await ask(request.app[SCHEDULE], EditSchedule(noted))
    except edit.NoSuchEventError as error:
        raise web.HTTPNotFound(text=str(error)) from None
    return found, {UNDO: request.app[CHANGES].keep(did)}


async def ask(schedule: ScheduleService, message: SchedulerMessage) -> Any:
    """What the scheduler answers."""
    return await schedule.scheduler.ask(message, timeout=ASK_TIMEOUT)


def _which(request: web.Request) -> tuple[Any, edit.Scope]:
    text = request.query.get("occurrence", "")
    scope = request.query.get("range") or ("this" if text else "all")
    if scope not in get_args(edit.Scope):
        raise UsageError(f'"range" must be one of {", ".join(get_args(edit.Scope))}')
    return (schedule_wire.night(text) if text else None), scope  # type: ignore[return-value]
