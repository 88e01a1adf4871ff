"""Repair issues: problems and their solutions. They are removed when the problem is solved."""

from awesomeversion import AwesomeVersion, AwesomeVersionException
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import issue_registry as ir

from .const import CONF_NATIVE_LIGHTS, CONF_PLAYER, DOMAIN
from .coordinator import YulelightConfigEntry
from .lights import mqtt_shows_the_lights
from .models import House

PROBLEMS = (
    "no_broker",
    "no_lights",
    "node_lost",
    "node_dark",
    "clock_off",
    "model_missing",
    "music_missing",
    "sound_elsewhere",
    "service_old",
    "integration_old",
)
FIXABLE = ("no_broker", "no_lights", "node_lost", "model_missing")
"""Issues with a repair flow, see repairs.py."""
MAX_ERROR_US = 20_000
"""Microseconds; larger timing errors of light are visible."""


@callback
def async_watch_issues(hass: HomeAssistant, entry: YulelightConfigEntry) -> None:
    """Check for problems on every change until the entry is unloaded."""
    coordinator = entry.runtime_data
    # The present issues, so that each is created once and not on every update.
    said: dict[str, dict[str, str]] = {}

    @callback
    def look() -> None:
        found = _problems(hass, entry)
        for problem in PROBLEMS:
            if problem in found and said.get(problem) != found[problem]:
                said[problem] = found[problem]
                ir.async_create_issue(
                    hass,
                    DOMAIN,
                    f"{problem}_{entry.entry_id}",
                    is_fixable=problem in FIXABLE,
                    data={"entry_id": entry.entry_id, "problem": problem},
                    severity=ir.IssueSeverity.WARNING,
                    translation_key=problem,
                    translation_placeholders={"name": entry.title, **found[problem]},
                )
            elif problem not in found and said.pop(problem, None) is not None:
                ir.async_delete_issue(hass, DOMAIN, f"{problem}_{entry.entry_id}")

    @callback
    def look_at_devices(event: Event[dr.EventDeviceRegistryUpdatedData]) -> None:
        look()

    @callback
    def forget() -> None:
        for problem in said:
            ir.async_delete_issue(hass, DOMAIN, f"{problem}_{entry.entry_id}")

    look()
    entry.async_on_unload(coordinator.async_add_listener(look))
    entry.async_on_unload(hass.bus.async_listen(dr.EVENT_DEVICE_REGISTRY_UPDATED, look_at_devices))
    entry.async_on_unload(forget)


def _problems(hass: HomeAssistant, entry: YulelightConfigEntry) -> dict[str, dict[str, str]]:
    """Problems by key, with the placeholders of their texts."""
    house = entry.runtime_data.data
    return {
        **_lights(hass, entry),
        **_nodes(house),
        **_sound(entry),
        **_version(house, entry.runtime_data.newest),
        **_model(house),
        **_music(house),
    }


def _lights(hass: HomeAssistant, entry: YulelightConfigEntry) -> dict[str, dict[str, str]]:
    if entry.options.get(CONF_NATIVE_LIGHTS) or mqtt_shows_the_lights(hass, entry):
        return {}
    return {"no_lights" if hass.config_entries.async_entries("mqtt") else "no_broker": {}}


def lost_nodes(house: House) -> list[str]:
    """Ids of the nodes that do not report."""
    return (
        _nodes(house).get("node_lost", {}).get("nodes", "").split(", ")
        if "node_lost" in _nodes(house)
        else []
    )


def _nodes(house: House) -> dict[str, dict[str, str]]:
    found: dict[str, list[str]] = {}
    for node in house.nodes:
        status, health = node.get("status") or {}, node.get("health") or {}
        off = max(health.get("error_p99_us", 0), health.get("uncertainty_us", 0))
        if not status.get("online"):
            found.setdefault("node_lost", []).append(node["id"])
        elif not health.get("driver_works", True):
            found.setdefault("node_dark", []).append(node["id"])
        elif off > MAX_ERROR_US and node.get("healthy") is False:
            found.setdefault("clock_off", []).append(f"{node['id']} ({off / 1000:.0f} ms)")
        elif node.get("healthy") is False:
            found.setdefault("node_lost", []).append(
                node["id"]
            )  # It is connected to its broker but does not report.
    told = {"service": house.info.id}
    return {problem: {**told, "nodes": ", ".join(sorted(names))} for problem, names in found.items()}


def _sound(entry: YulelightConfigEntry) -> dict[str, dict[str, str]]:
    """A player is configured, but the service's own sound card plays, too."""
    player, outputs = entry.options.get(CONF_PLAYER), entry.runtime_data.data.outputs
    if not player or not outputs or outputs[0].get("remote") or outputs[0].get("problem"):
        return {}
    return {"sound_elsewhere": {"player": str(player)}}


def _version(house: House, newest: str) -> dict[str, dict[str, str]]:
    """Service and integration are released together."""
    try:
        service, integration = AwesomeVersion(house.info.version), AwesomeVersion(newest)
        problem = (
            "service_old" if service < integration else "integration_old" if service > integration else ""
        )
    except AwesomeVersionException:
        return {}
    return {problem: {"service": str(service), "integration": str(integration)}} if problem else {}


def _model(house: House) -> dict[str, dict[str, str]]:
    model = house.status.model
    return {"model_missing": {"model": model}} if model and house.models and model not in house.models else {}


def _music(house: House) -> dict[str, dict[str, str]]:
    missing = house.status.missing_music
    return {"music_missing": {"places": ", ".join(missing)}} if missing else {}
