"""Base class of all entities: device, availability, and translated errors."""

import asyncio
import functools
from collections.abc import Callable, Coroutine
from typing import Any, override

from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .const import DOMAIN, LOGGER
from .contract.client import YulelightError
from .coordinator import YulelightCoordinator
from .models import House

TOLD = {"cannot_connect": "not_connected", "invalid_auth": "invalid_auth"}
"""Translation keys for errors without a message of the service; others are ``not_understood``."""
MIN_INTERVAL = 1.0
"""Minimum seconds between two states of an entity."""


class YulelightEntity(CoordinatorEntity[YulelightCoordinator]):
    """An entity of the show. ``key`` determines its unique id and its translation key."""

    _attr_has_entity_name = True

    def __init__(self, coordinator: YulelightCoordinator, key: str) -> None:
        """Create the entity for the data of the coordinator."""
        super().__init__(coordinator)
        info = coordinator.data.info
        self._attr_unique_id = f"{info.id}_{key}"
        self._attr_translation_key = key
        self._attr_device_info = device_of(coordinator)
        self._shown: tuple[bool, object] = (False, None)
        self._written = -MIN_INTERVAL
        self._due: asyncio.TimerHandle | None = None

    @property
    def house(self) -> House:
        """The latest data of the service."""
        return self.coordinator.data

    def shown(self) -> object:
        """Everything that the entity's state depends on; a state is only written if it changes."""
        return self.coordinator.data

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Write a changed state at once, but at most once in ``MIN_INTERVAL``, except when availability changes."""
        now = (self.available, self.shown())
        if now == self._shown:
            return
        wait = self._written + MIN_INTERVAL - self.hass.loop.time()
        if wait > 0 and now[0] == self._shown[0]:
            if self._due is None:
                self._due = self.hass.loop.call_later(wait, self._write_late)
            return
        self._shown, self._written = now, self.hass.loop.time()
        super()._handle_coordinator_update()

    @callback
    def _write_late(self) -> None:
        self._due = None
        self._handle_coordinator_update()

    @override
    async def async_will_remove_from_hass(self) -> None:
        if self._due is not None:
            self._due.cancel()
        await super().async_will_remove_from_hass()


def device_of(coordinator: YulelightCoordinator) -> DeviceInfo:
    """The device of the service."""
    info = coordinator.data.info
    return DeviceInfo(
        identifiers={(DOMAIN, info.id)},
        # The MQTT device has the same connection, so Home Assistant links the two.
        connections={(DOMAIN, info.id)},
        name=info.name,
        manufacturer="Yulelight",
        model="Show service",
        sw_version=info.version,
        entry_type=DeviceEntryType.SERVICE,
        configuration_url=str(coordinator.client.url),
    )


def in_words[**P, R](action: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, Coroutine[Any, Any, R]]:
    """Decorator that converts errors of the service to translated errors for the user."""

    @functools.wraps(action)
    async def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return await action(*args, **kwargs)
        except YulelightError as error:
            raise as_home_assistant_error(error) from error

    return told


def check_look(coordinator: YulelightCoordinator, look: str | None) -> None:
    """Raise ServiceValidationError for an unknown look."""
    looks = coordinator.data.looks
    if look and looks and look not in looks:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_look",
            translation_placeholders={"look": look, "looks": ", ".join(looks)},
        )


def as_home_assistant_error(
    error: YulelightError, kind: type[HomeAssistantError] = HomeAssistantError
) -> HomeAssistantError:
    """The same for code outside entities; ``kind`` is the exception that Home Assistant expects."""
    LOGGER.debug("%s: %s", type(error).__name__, error)
    if error.reason == YulelightError.reason:  # The service's own message.
        return kind(
            translation_domain=DOMAIN,
            translation_key="refused",
            translation_placeholders={"reason": str(error)},
        )
    return kind(translation_domain=DOMAIN, translation_key=TOLD.get(error.reason, "not_understood"))
