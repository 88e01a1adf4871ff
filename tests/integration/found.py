"""Entities that have to be there."""

from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er


def state_of(hass: HomeAssistant, entity: str) -> State:
    state = hass.states.get(entity)
    assert state is not None, f"there is no {entity}"
    return state


def registered(hass: HomeAssistant, entity: str) -> er.RegistryEntry:
    found = er.async_get(hass).async_get(entity)
    assert found is not None, f"{entity} is not registered"
    return found
