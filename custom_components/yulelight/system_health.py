"""A line for each service on the system health page."""

from typing import Any

from homeassistant.components import system_health
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN


@callback
def async_register(hass: HomeAssistant, register: system_health.SystemHealthRegistration) -> None:
    """Register the system health information."""
    register.async_register_info(_health)


async def _health(hass: HomeAssistant) -> dict[str, Any]:
    health: dict[str, Any] = {}
    for entry in hass.config_entries.async_entries(DOMAIN):
        if entry.state is not ConfigEntryState.LOADED:
            health[entry.title] = "not connected"
            continue
        coordinator = entry.runtime_data
        online = sum(bool((node.get("status") or {}).get("online")) for node in coordinator.data.nodes)
        health[f"{entry.title}: can reach the service"] = system_health.async_check_can_reach_url(
            hass, str(coordinator.client.url / "health")
        )
        health[f"{entry.title}: version"] = coordinator.data.info.version
        health[f"{entry.title}: light nodes online"] = f"{online} of {len(coordinator.data.nodes)}"
    return health
