"""Every entity as Home Assistant keeps and shows it. `--snapshot-update` takes the pictures anew."""

from typing import Any

import custom_components.yulelight as integration
import pytest
from custom_components.yulelight.const import CONF_NATIVE_LIGHTS
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity import Entity
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion
from syrupy.filters import props

from tests.integration.found import state_of
from tests.integration.stub import SONGS, StubService, eventually, occurrence, status

PLATFORMS = sorted(str(platform) for platform in integration.PLATFORMS)
PASSING = props("media_position_updated_at", "access_token", "entity_picture")
"""What is different each time."""
SHOWN = ("unique_id", "translation_key", "entity_category", "original_name", "disabled_by", "capabilities")
"""Of the registry: what does not change from one version of Home Assistant to the next."""
NEXT = occurrence(
    uid="e1",
    occurrence="2126-11-27",
    summary="Every night",
    playlist="Christmas",
    look="calm",
    start="2126-11-27T17:30:00+01:00",
    end="2126-11-27T22:00:00+01:00",
)


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_entities(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    service: StubService,
    snapshot: SnapshotAssertion,
    monkeypatch: pytest.MonkeyPatch,
    platform: str,
) -> None:
    monkeypatch.setattr(integration, "PLATFORMS", (platform,))
    monkeypatch.setattr(Entity, "entity_registry_enabled_default", True)
    service.status = status(state="playing", song=SONGS[0], playlist="Christmas", sections=[0.0, 20.0])
    service.views["schedule"] = {**service.views["schedule"], "next": NEXT}
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={CONF_NATIVE_LIGHTS: True})
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    if platform == "event":
        await service.tell(type="event", kind="section_changed", song=SONGS[0], detail="2")
        await eventually(lambda: state_of(hass, "event.our_house_show").state != "unknown")
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    assert {entity.domain for entity in entities} == {platform}
    for entity in sorted(entities, key=lambda entity: entity.entity_id):
        kept: dict[str, Any] = {name: getattr(entity, name) for name in SHOWN}
        assert kept == snapshot(name=f"{entity.entity_id}-entry")
        state = state_of(hass, entity.entity_id)
        value = "a moment" if platform == "event" else state.state
        shown = {"state": value, "attributes": dict(state.attributes)}
        assert shown == snapshot(name=f"{entity.entity_id}-state", exclude=PASSING)
    await hass.config_entries.async_unload(entry.entry_id)
