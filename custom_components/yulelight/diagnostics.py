"""What helps to find a fault, without what is nobody's business."""

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
"""Fields whose values tell who lives there, what they hear or where they keep it."""
SHORTEST = 3
"""Shorter texts are not looked for elsewhere: they would take half of every word along."""


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: YulelightConfigEntry
) -> dict[str, Any]:
    """The entry and all that the service last told."""
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
    """As JSON has it: Home Assistant does not look for private fields inside tuples."""
    if isinstance(value, Mapping):
        return {key: _lists(item) for key, item in value.items()}
    return [_lists(item) for item in value] if isinstance(value, list | tuple) else value


def _private(entry: YulelightConfigEntry, house: House) -> Iterator[str]:
    """What must not stand anywhere, in whichever field or text."""
    found = [entry.unique_id, entry.title, entry.data[CONF_HOST], entry.data[CONF_TOKEN], house.info.name]
    found += [str(playlist["id"]) for playlist in house.playlists]
    found += [str(node["id"]) for node in house.nodes]
    yield from (str(word) for word in found if len(str(word or "")) >= SHORTEST)


def _without(value: Any, words: list[str]) -> Any:
    """``value`` with ``words`` blackened in all its texts."""
    if isinstance(value, str):
        for word in words:
            value = value.replace(word, REDACTED)
        return value
    if isinstance(value, Mapping):
        return {_without(key, words): _without(item, words) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_without(item, words) for item in value]
    return value
