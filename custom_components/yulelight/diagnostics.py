"""Diagnostics, without private data."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from homeassistant.components.diagnostics import REDACTED, async_redact_data
from homeassistant.const import CONF_HOST, CONF_NAME, CONF_TOKEN
from homeassistant.core import HomeAssistant

from .const import CONF_LIGHTS
from .coordinator import YulelightConfigEntry
from .models import House

PRIVATE = {
    *(CONF_HOST, CONF_TOKEN, CONF_NAME, CONF_LIGHTS, "title", "artist", "album", "playlist", "summary"),
    *(
        "description",
        "location",
        "unique_id",
        "id",
        "uid",
        "file",
        "rendering",
        "sound",
        "missing",
        "missing_music",
    ),
    *("message", "problem", "problems", "discovery_keys", "playlists"),
}
"""Fields with personal data, names of music and paths."""
SHORTEST = 3
"""Shorter values are not redacted in other texts, since they occur in many words."""


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: YulelightConfigEntry
) -> dict[str, Any]:
    """The entry and the latest data of the service."""
    coordinator = entry.runtime_data
    house = coordinator.data
    told = {
        "entry": async_redact_data(entry.as_dict(), PRIVATE),
        "connected": coordinator.last_update_success,
        "playlists": len(house.playlists),
        "house": async_redact_data(_lists(asdict(house)), PRIVATE),
    }
    words = sorted(set(_private(entry, house)), key=len, reverse=True)
    return {key: _without(value, words) for key, value in told.items()}


def _lists(value: Any) -> Any:
    """Convert tuples to lists, since Home Assistant does not redact inside tuples."""
    if isinstance(value, Mapping):
        return {key: _lists(item) for key, item in value.items()}
    return [_lists(item) for item in value] if isinstance(value, list | tuple) else value


def _private(entry: YulelightConfigEntry, house: House) -> Iterator[str]:
    """Values that must not occur in any field or text."""
    found = [entry.unique_id, entry.title, entry.data[CONF_HOST], entry.data[CONF_TOKEN], house.info.name]
    found += [str(playlist["id"]) for playlist in house.playlists]
    found += [str(node["id"]) for node in house.nodes]
    yield from (str(word) for word in found if len(str(word or "")) >= SHORTEST)


def _without(value: Any, words: list[str]) -> Any:
    """``value`` with ``words`` redacted in all its texts."""
    if isinstance(value, str):
        for word in words:
            value = value.replace(word, REDACTED)
        return value
    if isinstance(value, Mapping):
        return {_without(key, words): _without(item, words) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_without(item, words) for item in value]
    return value
