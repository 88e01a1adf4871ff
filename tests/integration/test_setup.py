"""Set-up, loss and return of the service."""

import asyncio
import logging
from itertools import pairwise
from typing import Any

import pytest
from custom_components.yulelight import coordinator
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.integration.found import state_of
from tests.integration.stub import StubService, eventually

PLAYER = "media_player.our_house"


async def test_everything_is_there(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService
) -> None:
    entities = er.async_entries_for_config_entry(er.async_get(hass), loaded.entry_id)
    assert {entity.entity_id for entity in entities} >= {PLAYER, "calendar.our_house_schedule"}
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), loaded.entry_id)
    [device] = [device for device in devices if device.via_device_id is None]
    assert device.name == "Our house"
    assert device.sw_version == "0.1.0"
    assert service.topics >= {"status", "events", "channels"}
    assert "frames" not in service.topics


async def test_unloading_hangs_up(hass: HomeAssistant, loaded: MockConfigEntry, service: StubService) -> None:
    assert await hass.config_entries.async_unload(loaded.entry_id)
    assert loaded.state is ConfigEntryState.NOT_LOADED
    await eventually(lambda: all(socket.closed for socket in service.sockets))


@pytest.mark.parametrize(
    ("wrong", "state"),
    [
        ({"token": "another"}, ConfigEntryState.SETUP_ERROR),
        ({"api": {"min": 2, "max": 3}}, ConfigEntryState.SETUP_ERROR),
        ({"id": "cd34"}, ConfigEntryState.SETUP_ERROR),
        ({"refuse": "it burns"}, ConfigEntryState.SETUP_RETRY),
        ({"status": ["nonsense"]}, ConfigEntryState.SETUP_ERROR),
    ],
)
async def test_what_is_wrong_at_the_start(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    service: StubService,
    wrong: dict[str, Any],
    state: ConfigEntryState,
) -> None:
    for key, value in wrong.items():
        setattr(service, key, value)
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is state
    flows = [flow["context"]["source"] for flow in hass.config_entries.flow.async_progress()]
    assert flows == ([SOURCE_REAUTH] if "token" in wrong else [])
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_view_that_is_no_json(
    hass: HomeAssistant, entry: MockConfigEntry, service: StubService
) -> None:
    service.views["library"] = b"<html>"
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert state_of(hass, PLAYER).state == "idle"
    await hass.config_entries.async_unload(entry.entry_id)


# aiohttp sets its heartbeat's timer once more when it hears the other side's goodbye.
@pytest.mark.parametrize("expected_lingering_timers", [True])
async def test_a_message_that_makes_no_sense(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is connected anew, and goes on."""
    monkeypatch.setattr(coordinator, "FIRST_WAIT", 0.01)
    service.topics.clear()
    await service.tell(type="channel", channel=None, brightness="dark")
    await eventually(lambda: service.topics == set(coordinator.TOPICS))
    await service.say_status(armed=False)
    await eventually(lambda: state_of(hass, "switch.our_house_armed").state == "off")
    await hass.async_block_till_done()


async def test_the_token_is_taken_back(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService
) -> None:
    """The service hangs up and says why."""
    service.token = "new"
    await service.sockets[0].close(code=4401)
    await eventually(lambda: len(hass.config_entries.flow.async_progress()) == 1)
    [flow] = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_REAUTH
    assert state_of(hass, PLAYER).state == STATE_UNAVAILABLE


async def test_nobody_answers_at_the_start(
    hass: HomeAssistant, entry: MockConfigEntry, service: StubService
) -> None:
    await service.stop()
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    await hass.config_entries.async_unload(entry.entry_id)


async def test_the_service_goes_and_comes_back(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    service: StubService,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Unavailable meanwhile, and the log says both once."""
    monkeypatch.setattr(coordinator, "FIRST_WAIT", 0.01)
    monkeypatch.setattr(coordinator, "MAX_WAIT", 0.05)
    caplog.set_level(logging.INFO, "custom_components.yulelight")
    await service.stop()
    await eventually(lambda: state_of(hass, PLAYER).state == STATE_UNAVAILABLE)
    assert state_of(hass, "switch.our_house_armed").state == STATE_UNAVAILABLE
    service.status["armed"] = False
    await service.start()
    await eventually(lambda: state_of(hass, "switch.our_house_armed").state == "off")
    await hass.async_block_till_done()
    assert state_of(hass, PLAYER).state == "idle"
    said = [record.message for record in caplog.records if record.name == "custom_components.yulelight"]
    assert len([line for line in said if "cannot be reached" in line]) == 1
    assert len([line for line in said if "is back" in line]) == 1


async def test_the_token_is_changed_while_connected(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coordinator, "FIRST_WAIT", 0.01)
    await service.stop()
    service.token = "new"
    await service.start()
    await eventually(lambda: len(hass.config_entries.flow.async_progress()) == 1)
    [flow] = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_REAUTH


async def test_entities_write_only_what_changed(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService
) -> None:
    """A song of five minutes with its positions, sections and lights makes few states."""
    written: list[str] = []
    hass.bus.async_listen("state_changed", lambda event: written.append(event.data["entity_id"]))
    song = {"id": "s1", "title": "Carol", "artist": "", "duration": 300.0, "cover": False}
    for second in range(300):
        await service.say_status(state="playing", song=song, position=float(second), now=second * 1_000_000)
        for n in range(1, 9):
            await service.tell(type="channel", channel=n, on=True, brightness=255, effect="show")
    await service.say_status(state="idle", song=None, position=0.0)
    await eventually(lambda: state_of(hass, PLAYER).state == "idle")
    await hass.async_block_till_done()
    assert len(written) < 2000
    assert written.count("switch.our_house_armed") == 0


async def test_no_entity_changes_twice_in_a_second(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService
) -> None:
    """Somebody drags a slider: the first value is shown at once, the last one soon, few between."""
    shown: list[float] = []
    hass.bus.async_listen(
        "state_changed",
        lambda event: (
            shown.append(hass.loop.time())
            if event.data["entity_id"] == "number.our_house_brightness"
            else None
        ),
    )
    for level in range(100):
        await service.say_status(brightness=level / 100)
        await asyncio.sleep(0.005)
    await eventually(lambda: state_of(hass, "number.our_house_brightness").state == "99")
    await hass.async_block_till_done()
    assert all(after - before >= 0.99 for before, after in pairwise(shown))


async def test_channels_change_no_more_often_than_wanted(
    hass: HomeAssistant, entry: MockConfigEntry, service: StubService
) -> None:
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={"native_lights": True, "state_interval": 1})
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    written: list[str] = []
    hass.bus.async_listen("state_changed", lambda event: written.append(event.data["entity_id"]))
    for brightness in range(1, 200):
        for n in range(1, 9):
            await service.tell(type="channel", channel=n, on=True, brightness=brightness, effect="")
    await eventually(lambda: state_of(hass, "light.our_house_light_8").attributes.get("brightness") == 199)
    await hass.async_block_till_done()
    assert 8 <= len([name for name in written if name.startswith("light.")]) <= 60
    await hass.config_entries.async_unload(entry.entry_id)
