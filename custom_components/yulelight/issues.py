"""Repairs: what is wrong and what the user can do about it. They go away when it is mended."""

from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import issue_registry as ir

from .const import CONF_NATIVE_LIGHTS, DOMAIN
from .coordinator import YulelightConfigEntry

PROBLEMS = ("no_lights", "lights_twice", "node_lost", "model_missing")


def mqtt_shows_the_lights(hass: HomeAssistant, entry: YulelightConfigEntry) -> bool:
    """Whether the MQTT integration has the service's device with the eight lights."""
    device = ("mqtt", f"yulelight_{entry.unique_id}")
    registry = dr.async_get(hass)
    return any(
        registry.async_get_device_by_identifier(device, mqtt.entry_id) is not None
        for mqtt in hass.config_entries.async_entries("mqtt")
    )


@callback
def async_watch_issues(hass: HomeAssistant, entry: YulelightConfigEntry) -> None:
    """Look at every change, from now until the entry is unloaded."""
    coordinator = entry.runtime_data
    # What is said at the moment: an issue is written once, not on every update.
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
                    is_fixable=False,
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
    """Problems by key, with what their text needs."""
    house = entry.runtime_data.data
    native, mqtt = bool(entry.options.get(CONF_NATIVE_LIGHTS)), mqtt_shows_the_lights(hass, entry)
    found: dict[str, dict[str, str]] = {}
    if not native and not mqtt:
        found["no_lights"] = {}
    if native and mqtt:
        found["lights_twice"] = {}
    lost = [str(node["id"]) for node in house.nodes if not (node.get("status") or {}).get("online")]
    if lost:
        found["node_lost"] = {"nodes": ", ".join(sorted(lost))}
    if house.status.model and house.models and house.status.model not in house.models:
        found["model_missing"] = {"model": house.status.model}
    return found
