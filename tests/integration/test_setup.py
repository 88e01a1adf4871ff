"""Set-up, loss and return of the service."""

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.integration.stub import StubService, eventually


async def test_everything_is_there(hass: HomeAssistant, loaded: MockConfigEntry, service: StubService) -> None:
    registry = er.async_get(hass)
    entities = er.async_entries_for_config_entry(registry, loaded.entry_id)
    assert {entity.entity_id for entity in entities} >= {"media_player.our_house", "calendar.our_house_schedule"}
    [device] = dr.async_entries_for_config_entry(dr.async_get(hass), loaded.entry_id)
    assert device.name == "Our house"
    assert service.topics >= {"status", "events", "channels"}
    assert "frames" not in service.topics
