"""What helps to find a fault, without what is nobody's business."""

from dataclasses import asdict
from typing import Any

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.const import CONF_HOST, CONF_TOKEN
from homeassistant.core import HomeAssistant

from .coordinator import YulelightConfigEntry

PRIVATE = {CONF_HOST, CONF_TOKEN, "title", "artist", "album", "playlist", "summary", "unique_id", "file"}


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: YulelightConfigEntry
) -> dict[str, Any]:
    """The entry and all that the service last told."""
    coordinator = entry.runtime_data
    return {
        "entry": async_redact_data(entry.as_dict(), PRIVATE),
        "connected": coordinator.last_update_success,
        "house": async_redact_data(asdict(coordinator.data), PRIVATE),
    }
