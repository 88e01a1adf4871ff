"""The service's schedule as a calendar: made, changed and deleted on Home Assistant's own calendar page."""

from datetime import date, datetime, timedelta
from typing import Any, override

from homeassistant.components.calendar import (
    EVENT_DESCRIPTION,
    EVENT_END,
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
from .coordinator import YulelightConfigEntry, YulelightCoordinator
from .entity import YulelightEntity, in_words
from .models import Json

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant, entry: YulelightConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """One calendar."""
    async_add_entities([YulelightCalendar(entry.runtime_data)])


class YulelightCalendar(YulelightEntity, CalendarEntity):
    """An event names its playlist in its title; a line "look: calm" in its description names a look."""

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
        await self.coordinator.client.request("POST", "schedule", self._body(kwargs))

    @in_words
    async def async_update_event(
        self,
        uid: str,
        event: dict[str, Any],
        recurrence_id: str | None = None,
        recurrence_range: str | None = None,
    ) -> None:
        """Change one show, this and all later ones, or the whole series."""
        await self.coordinator.client.request(
            "PUT", f"schedule/{uid}", self._body(event), _which(recurrence_id, recurrence_range)
        )

    @in_words
    async def async_delete_event(
        self, uid: str, recurrence_id: str | None = None, recurrence_range: str | None = None
    ) -> None:
        """Leave one show out, this and all later ones, or the whole series."""
        await self.coordinator.client.request(
            "DELETE", f"schedule/{uid}", None, _which(recurrence_id, recurrence_range)
        )

    def _body(self, event: dict[str, Any]) -> dict[str, Any]:
        start, end = event[EVENT_START], event[EVENT_END]
        if not isinstance(start, datetime) or not isinstance(end, datetime):
            raise ServiceValidationError(translation_domain=DOMAIN, translation_key="needs_time")
        summary = str(event.get(EVENT_SUMMARY) or "")
        said = _said(str(event.get(EVENT_DESCRIPTION) or ""))
        playlist = said.get("playlist") or self._playlist(summary)
        body: dict[str, Any] = {
            "summary": summary,
            "playlist": playlist,
            "look": said.get("look"),
            "start": _local(start),
            "end": _local(end),
        }
        if event.get(EVENT_RRULE):
            body["rrule"] = str(event[EVENT_RRULE])
        return body

    def _playlist(self, summary: str) -> str:
        """The playlist that the title names: the same, or the longest that occurs in it."""
        wanted = summary.casefold()
        names = sorted((str(item["id"]) for item in self.house.playlists), key=len, reverse=True)
        for name in names:
            if name.casefold() in wanted:
                return name
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_playlist_named",
            translation_placeholders={"summary": summary, "playlists": ", ".join(sorted(names)) or "-"},
        )


def _said(description: str) -> dict[str, str]:
    """Lines such as "look: calm"."""
    pairs = (line.partition(":") for line in description.splitlines())
    return {key.strip().casefold(): value.strip() for key, _, value in pairs if value.strip()}


def _local(moment: datetime) -> str:
    """As the service reads it: the clock on the wall."""
    return dt_util.as_local(moment).replace(tzinfo=None).isoformat(timespec="seconds")


def _which(recurrence_id: str | None, recurrence_range: str | None) -> dict[str, str | int]:
    if not recurrence_id:
        return {"range": "all"}
    return {"occurrence": recurrence_id, "range": "future" if recurrence_range else "this"}


def _event(body: Json) -> CalendarEvent:
    start, end = _moment(body["start"]), _moment(body["end"])
    if end <= start:
        end = start + timedelta(minutes=1)
    lines = [f"{key}: {body[key]}" for key in ("playlist", "look") if body.get(key)]
    return CalendarEvent(
        start=start,
        end=end,
        summary=str(body.get("summary") or body.get("playlist") or ""),
        description="\n".join(lines) or None,
        uid=body.get("uid"),
        recurrence_id=body.get("occurrence"),
        rrule=body.get("rrule") or None,
    )


def _moment(text: str) -> datetime:
    parsed = dt_util.parse_datetime(text)
    if parsed is None:
        parsed = datetime.combine(date.fromisoformat(text), datetime.min.time())
    return dt_util.as_local(parsed)
