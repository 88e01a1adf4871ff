"""The service's schedule as a calendar, which can be edited on Home Assistant's calendar page."""

from datetime import date, datetime, timedelta, tzinfo
from typing import Any, override

from homeassistant.components.calendar import (
    EVENT_DESCRIPTION,
    EVENT_END,
    EVENT_LOCATION,
    EVENT_RRULE,
    EVENT_START,
    EVENT_SUMMARY,
    CalendarEntity,
    CalendarEntityFeature,
    CalendarEvent,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .contract.client import Json
from .coordinator import YulelightConfigEntry, YulelightCoordinator
from .entity import YulelightEntity, check_look, in_words

PARALLEL_UPDATES = 0

SAID = ("playlist", "look")
"""Keys in lines of a description that set properties of the show."""


async def async_setup_entry(
    hass: HomeAssistant, entry: YulelightConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """One calendar."""
    async_add_entities([YulelightCalendar(entry.runtime_data)])


class YulelightCalendar(YulelightEntity, CalendarEntity):
    """The title of an event is its playlist; a line "look: calm" in the description sets the look."""

    _attr_supported_features = (
        CalendarEntityFeature.CREATE_EVENT
        | CalendarEntityFeature.UPDATE_EVENT
        | CalendarEntityFeature.DELETE_EVENT
    )

    def __init__(self, coordinator: YulelightCoordinator) -> None:
        """Shows the schedule."""
        super().__init__(coordinator, "schedule")

    @override
    def shown(self) -> object:
        return self.house.schedule

    @property
    @override
    def event(self) -> CalendarEvent | None:
        """The show that is on, or the next one."""
        shown = self.house.schedule.get("now") or self.house.schedule.get("next")
        return _event(shown) if shown else None

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        return await self._occurrences(start_date, end_date)

    @in_words
    async def _occurrences(self, start: datetime, end: datetime) -> list[CalendarEvent]:
        body = await self.coordinator.client.get(
            "schedule/occurrences",
            **{"from": dt_util.as_utc(start).isoformat(), "to": dt_util.as_utc(end).isoformat()},
        )
        return [_event(occurrence) for occurrence in body["occurrences"]]

    @in_words
    async def async_create_event(self, **kwargs: Any) -> None:
        """Add a show or a series of shows."""
        await self.coordinator.client.request("POST", "schedule", await self._body(kwargs))

    @in_words
    async def async_update_event(
        self,
        uid: str,
        event: dict[str, Any],
        recurrence_id: str | None = None,
        recurrence_range: str | None = None,
    ) -> None:
        """Change one show, this and all later ones, or the whole series."""
        # The known schedule may be slightly outdated.
        schedule: Json = await self.coordinator.client.get("schedule")
        known = next((known for known in schedule["events"] if known["uid"] == uid), None)
        body = await self._body(event, known)
        if known:
            body["timezone"] = known.get("timezone")
            if before := await self._before(known, recurrence_id):
                body = _kept(body, event, known, before)
        await self.coordinator.client.request(
            "PUT", f"schedule/{uid}", body, _which(recurrence_id, recurrence_range)
        )

    @in_words
    async def async_delete_event(
        self, uid: str, recurrence_id: str | None = None, recurrence_range: str | None = None
    ) -> None:
        """Delete one show, this and all later ones, or the whole series."""
        await self.coordinator.client.request(
            "DELETE", f"schedule/{uid}", None, _which(recurrence_id, recurrence_range)
        )

    async def _before(self, known: Json, recurrence_id: str | None) -> Json | None:
        """The occurrence as the user saw it before changing it; None if it no longer exists."""
        start = known["start"]
        day = _day(recurrence_id or (start if isinstance(start, str) else start["date"]))
        span = {"from": (day - timedelta(days=2)).isoformat(), "to": (day + timedelta(days=3)).isoformat()}
        body = await self.coordinator.client.get("schedule/occurrences", **span)
        return next(
            (
                found
                for found in body["occurrences"]
                if found["uid"] == known["uid"] and _day(found["occurrence"]) == day
            ),
            None,
        )

    async def _body(self, event: dict[str, Any], known: Json | None = None) -> dict[str, Any]:
        start, end = event[EVENT_START], event[EVENT_END]
        if not isinstance(start, datetime) or not isinstance(end, datetime):
            raise ServiceValidationError(translation_domain=DOMAIN, translation_key="needs_time")
        summary = str(event.get(EVENT_SUMMARY) or "")
        said, note = _said(str(event.get(EVENT_DESCRIPTION) or ""))
        check_look(self.coordinator, said.get("look"))
        zone = (known or {}).get("timezone") or self.house.schedule.get("timezone")
        clock = await dt_util.async_get_time_zone(str(zone)) if zone else None
        playlist = said.get("playlist") or self._playlist(summary, str(known["playlist"]) if known else "")
        body: dict[str, Any] = {
            "summary": summary,
            "playlist": playlist,
            "look": said.get("look"),
            "description": note,
            "start": _local(start, clock),
            "end": _local(end, clock),
        }
        if EVENT_LOCATION in event:
            body["location"] = str(event[EVENT_LOCATION] or "")
        if event.get(EVENT_RRULE):
            body["rrule"] = str(event[EVENT_RRULE])
        return body

    def _playlist(self, summary: str, before: str) -> str:
        """The playlist in the title: an exact match, or the longest that occurs in it; otherwise the previous one."""
        wanted = summary.casefold()
        names = sorted((str(item["id"]) for item in self.house.playlists), key=len, reverse=True)
        for name in names:
            if name.casefold() in wanted:
                return name
        if before:
            return before
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_playlist_named",
            translation_placeholders={"summary": summary, "playlists": ", ".join(sorted(names)) or "-"},
        )


def _said(description: str) -> tuple[dict[str, str], str]:
    """Split lines such as "look: calm" from the rest of the text."""
    said: dict[str, str] = {}
    rest = []
    for line in description.splitlines():
        key, _, value = line.partition(":")
        key = key.strip().casefold()
        if key in SAID and value.strip():
            said[key] = value.strip()
        else:
            rest.append(line)
    return said, "\n".join(rest).strip()


def _local(moment: datetime, clock: tzinfo | None) -> str:
    """Convert to local time of the service, which may differ from Home Assistant's time zone."""
    there = dt_util.as_local(moment).astimezone(clock or dt_util.get_default_time_zone())
    return there.replace(tzinfo=None).isoformat(timespec="seconds")


def _kept(body: dict[str, Any], event: dict[str, Any], known: Json, before: Json) -> dict[str, Any]:
    """``body`` with properties unknown to calendars; unchanged times keep following the sun."""
    night = _day(before["occurrence"]).isoformat()
    single: Json = next((one for one in known.get("overrides", ()) if one["occurrence"] == night), {})
    spec = {**known, **single}
    same_start, same_end = (
        abs(dt_util.as_local(event[key]) - _moment(before[name])) < timedelta(minutes=1)
        for key, name in ((EVENT_START, "start"), (EVENT_END, "end"))
    )
    kept: dict[str, Any] = {
        key: spec[key] for key in ("finish", "shuffle", "repeat", "priority") if key in spec
    }
    if same_start and not isinstance(spec["start"], str):
        kept["start"] = {**spec["start"], "date": night}
    if same_end and not isinstance(spec["end"], str) and ("sun" in spec["end"] or same_start):
        kept["end"] = spec["end"]
    return {**body, **kept}


def _day(night: str) -> date:
    """The date of ``2026-12-24``, ``20261224T173000`` and the like."""
    return date.fromisoformat(night[:10] if night[4] == "-" else night[:8])


def _which(recurrence_id: str | None, recurrence_range: str | None) -> dict[str, str | int]:
    if not recurrence_id:
        return {"range": "all"}
    return {"occurrence": recurrence_id, "range": "future" if recurrence_range else "this"}


def _event(body: Json) -> CalendarEvent:
    start, end = _moment(body["start"]), _moment(body["end"])
    if end <= start:
        end = start + timedelta(minutes=1)
    lines = [f"{key}: {body[key]}" for key in SAID if body.get(key)]
    note = str(body.get("description") or "")
    lines += ["", note] if lines and note else [note] if note else []
    return CalendarEvent(
        start=start,
        end=end,
        summary=str(body.get("summary") or body.get("playlist") or ""),
        description="\n".join(lines) or None,
        location=str(body.get("location") or "") or None,
        uid=body.get("uid"),
        # For a single show, Home Assistant must not ask which occurrence to change.
        recurrence_id=body.get("occurrence") if body.get("rrule") else None,
        rrule=body.get("rrule") or None,
    )


def _moment(text: str) -> datetime:
    parsed = dt_util.parse_datetime(text)
    if parsed is None:
        parsed = datetime.combine(date.fromisoformat(text), datetime.min.time())
    return dt_util.as_local(parsed)
