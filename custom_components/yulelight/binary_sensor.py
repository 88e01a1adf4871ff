"""Each light node: is it there?"""

from typing import Any, override

from homeassistant.components.binary_sensor import BinarySensorDeviceClass, BinarySensorEntity
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .contract.client import Json
from .coordinator import YulelightConfigEntry, YulelightCoordinator
from .entity import YulelightEntity

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant, entry: YulelightConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """One for each node that there is, and for each that comes."""
    coordinator = entry.runtime_data
    known: set[str] = set()

    @callback
    def add_new() -> None:
        new = [node["id"] for node in coordinator.data.nodes if node["id"] not in known]
        known.update(new)
        async_add_entities(NodeSensor(coordinator, node) for node in new)

    add_new()
    entry.async_on_unload(coordinator.async_add_listener(add_new))


class NodeSensor(YulelightEntity, BinarySensorEntity):
    """On while the node is connected."""

    _attr_device_class = BinarySensorDeviceClass.CONNECTIVITY
    _attr_entity_category = EntityCategory.DIAGNOSTIC

    def __init__(self, coordinator: YulelightCoordinator, node: str) -> None:
        """``node`` is the node's id."""
        super().__init__(coordinator, f"node_{node}")
        self._attr_translation_key = "node"
        self._attr_translation_placeholders = {"node": node}
        self._node = node

    @property
    def _now(self) -> Json | None:
        return next((node for node in self.house.nodes if node["id"] == self._node), None)

    @override
    def shown(self) -> object:
        return self.is_on, self.extra_state_attributes

    @property
    @override
    def available(self) -> bool:
        return super().available and self._now is not None

    @property
    @override
    def is_on(self) -> bool:
        return bool(((self._now or {}).get("status") or {}).get("online"))

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        status = (self._now or {}).get("status") or {}
        return {key: status.get(key) for key in ("driver", "version", "channels")}
