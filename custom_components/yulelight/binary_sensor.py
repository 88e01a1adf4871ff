"""Each light node is a device with sensors for its connection and its health."""

from typing import Any, override

from homeassistant.components.binary_sensor import BinarySensorDeviceClass, BinarySensorEntity
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import DOMAIN
from .contract.client import Json
from .coordinator import YulelightConfigEntry, YulelightCoordinator
from .entity import YulelightEntity, device_of

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant, entry: YulelightConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add two sensors for each present and future node; remove the devices of nodes that were removed."""
    coordinator = entry.runtime_data
    known: set[str] = set()
    # It must exist before the devices of its nodes, which refer to it.
    service = dr.async_get(hass).async_get_or_create(config_entry_id=entry.entry_id, **device_of(coordinator))

    @callback
    def look() -> None:
        if not coordinator.last_update_success:
            return
        here = {str(node["id"]) for node in coordinator.data.nodes}
        new, gone = here - known, known - here
        known.update(new)
        known.difference_update(gone)
        async_add_entities(
            made(coordinator, service.id, node) for node in sorted(new) for made in (NodeSensor, NodeProblem)
        )
        _remove_others(hass, entry, here)

    look()
    entry.async_on_unload(coordinator.async_add_listener(look))


@callback
def _remove_others(hass: HomeAssistant, entry: YulelightConfigEntry, here: set[str]) -> None:
    registry = dr.async_get(hass)
    wanted = {identifier_of(entry.runtime_data, node) for node in here} | {(DOMAIN, str(entry.unique_id))}
    for device in dr.async_entries_for_config_entry(registry, entry.entry_id):
        if not device.identifiers & wanted:
            registry.async_remove_device(device.id)


def identifier_of(coordinator: YulelightCoordinator, node: str) -> tuple[str, str]:
    """The identifier of a node's device."""
    return DOMAIN, f"{coordinator.data.info.id}_node_{node}"


class NodeEntity(YulelightEntity, BinarySensorEntity):
    """Base class of a node's sensors."""

    _attr_entity_category = EntityCategory.DIAGNOSTIC

    def __init__(
        self, coordinator: YulelightCoordinator, service: str, node: str, key: str, translation: str
    ) -> None:
        """``node``: the node's id; ``service``: that of the service's device."""
        super().__init__(coordinator, key)
        self._attr_translation_key = translation
        self._node = node
        status = self._status
        self._attr_device_info = DeviceInfo(
            identifiers={identifier_of(coordinator, node)},
            translation_key="node",
            translation_placeholders={"node": node},
            manufacturer="Yulelight",
            model=f"Light node ({status.get('driver') or 'unknown driver'})",
            sw_version=status.get("version") or None,
            via_device_id=service,
        )

    @property
    def _now(self) -> Json | None:
        return next((node for node in self.house.nodes if node["id"] == self._node), None)

    @property
    def _status(self) -> Json:
        return (self._now or {}).get("status") or {}

    @override
    def shown(self) -> object:
        return self.is_on, self.extra_state_attributes

    @property
    @override
    def available(self) -> bool:
        return super().available and self._now is not None


class NodeSensor(NodeEntity):
    """On while the node is connected."""

    _attr_device_class = BinarySensorDeviceClass.CONNECTIVITY

    def __init__(self, coordinator: YulelightCoordinator, service: str, node: str) -> None:
        """``node`` is the node's id."""
        super().__init__(coordinator, service, node, f"node_{node}", "node")

    @property
    @override
    def is_on(self) -> bool:
        return bool(self._status.get("online"))

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        return {key: self._status.get(key) for key in ("driver", "version", "channels")}


class NodeProblem(NodeEntity):
    """On while the node has a problem, which is an attribute."""

    _attr_device_class = BinarySensorDeviceClass.PROBLEM

    def __init__(self, coordinator: YulelightCoordinator, service: str, node: str) -> None:
        """``node`` is the node's id."""
        super().__init__(coordinator, service, node, f"node_{node}_problem", "node_problem")

    @property
    @override
    def is_on(self) -> bool:
        return not (self._now or {}).get("healthy", True)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        health = (self._now or {}).get("health") or {}
        return {
            "problem": (self._now or {}).get("problem") or None,
            # Rounded, because the exact value changes all the time.
            "error_p99_us": round(health.get("error_p99_us", 0), -3),
        }
