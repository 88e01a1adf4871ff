"""The smaller entities: what they show and what they tell the service."""

from typing import Any

import pytest
from custom_components.yulelight.const import CONF_NATIVE_LIGHTS
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.translation import async_get_translations
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.integration.found import registered, state_of
from tests.integration.stub import RECORDED, SONGS, StubService, eventually, node, occurrence


@pytest.mark.parametrize(
    ("action", "entity", "data", "command"),
    [
        ("switch.turn_off", "switch.our_house_armed", {}, {"command": "armed", "on": False}),
        ("switch.turn_on", "switch.our_house_blackout", {}, {"command": "blackout", "on": True}),
        ("switch.turn_on", "switch.our_house_all_on", {}, {"command": "all_on", "on": True}),
        (
            "number.set_value",
            "number.our_house_brightness",
            {"value": 40},
            {"command": "brightness", "level": 0.4},
        ),
        (
            "number.set_value",
            "number.our_house_audio_delay",
            {"value": -250},
            {"command": "delay", "seconds": -0.25},
        ),
        (
            "select.select_option",
            "select.our_house_look",
            {"option": "calm"},
            {"command": "look", "look": "calm"},
        ),
        (
            "select.select_option",
            "select.our_house_model",
            {"option": "dense"},
            {"command": "model", "model": "dense"},
        ),
        (
            "select.select_option",
            "select.our_house_colours",
            {"option": "frost"},
            {"command": "palette", "palette": "frost"},
        ),
        ("button.press", "button.our_house_identify", {}, {"command": "identify"}),
    ],
)
async def test_commands(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    service: StubService,
    action: str,
    entity: str,
    data: dict[str, Any],
    command: dict[str, Any],
) -> None:
    domain, name = action.split(".")
    await hass.services.async_call(domain, name, {"entity_id": entity, **data}, blocking=True)
    assert service.commands() == [command]
    service.refuse = "not now"
    with pytest.raises(HomeAssistantError, match="not now"):
        await hass.services.async_call(domain, name, {"entity_id": entity, **data}, blocking=True)


async def test_dials_follow_the_service(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService
) -> None:
    await service.say_status(
        blackout=True, armed=False, brightness=0.5, delay=0.12, look="calm", palette="song"
    )
    await eventually(lambda: state_of(hass, "switch.our_house_blackout").state == "on")
    assert state_of(hass, "switch.our_house_armed").state == "off"
    assert state_of(hass, "number.our_house_brightness").state == "50"
    assert state_of(hass, "number.our_house_audio_delay").state == "120"
    assert state_of(hass, "select.our_house_look").state == "calm"
    assert state_of(hass, "select.our_house_look").attributes["options"] == ["lively", "calm"]
    assert state_of(hass, "select.our_house_colours").state == "song"


async def test_a_service_without_palettes_has_no_colours_to_choose(
    hass: HomeAssistant, entry: MockConfigEntry, service: StubService
) -> None:
    del service.views["palettes"]
    del service.status["palette"]
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    colours = state_of(hass, "select.our_house_colours")
    assert (colours.state, colours.attributes["options"]) == (STATE_UNKNOWN, [])
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_rescan(hass: HomeAssistant, loaded: MockConfigEntry, service: StubService) -> None:
    await hass.services.async_call(
        "button", "press", {"entity_id": "button.our_house_look_for_new_songs"}, blocking=True
    )
    assert ("POST", "library", {"action": "rescan"}) in service.asked


async def test_sensors(hass: HomeAssistant, loaded: MockConfigEntry, service: StubService) -> None:
    assert state_of(hass, "sensor.our_house_song").state == STATE_UNKNOWN
    service.views["schedule"] = {
        **service.views["schedule"],
        "next": occurrence(
            uid="e1",
            summary="Every night",
            playlist="Christmas",
            start="2026-11-27T17:30:00+01:00",
            end="2026-11-27T22:00:00+01:00",
        ),
    }
    await service.tell(type="schedule")
    await service.say_status(
        state="playing", song=SONGS[0], playlist="Christmas", message="a song is missing"
    )
    await eventually(lambda: state_of(hass, "sensor.our_house_song").state == "Carol of the Bells")
    await eventually(
        lambda: state_of(hass, "sensor.our_house_next_show").state == "2026-11-27T16:30:00+00:00"
    )
    assert state_of(hass, "sensor.our_house_next_show").attributes["playlist"] == "Christmas"
    assert state_of(hass, "sensor.our_house_message").state == "a song is missing"


async def test_noisy_sensors_are_off_at_first(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    for name in ("songs", "prepared_songs", "sections_of_the_song"):
        assert (
            registered(hass, f"sensor.our_house_{name}").disabled_by is er.RegistryEntryDisabler.INTEGRATION
        )


PORCH, ROOF = "binary_sensor.light_node_porch", "binary_sensor.light_node_roof"


async def test_nodes_come_and_go(hass: HomeAssistant, loaded: MockConfigEntry, service: StubService) -> None:
    assert state_of(hass, f"{PORCH}_connection").state == "on"
    assert state_of(hass, f"{PORCH}_health").state == "off"
    gone = node(id="porch", status={"online": False}, online=False, healthy=False, problem="is not there")
    service.views["nodes"] = {"nodes": [gone, node(id="roof")]}
    await service.tell(type="nodes")
    await eventually(lambda: hass.states.get(f"{ROOF}_connection") is not None)
    await hass.async_block_till_done()
    assert state_of(hass, f"{PORCH}_connection").state == "off"
    assert state_of(hass, f"{PORCH}_health").state == "on"
    assert state_of(hass, f"{PORCH}_health").attributes["problem"] == "is not there"
    devices = dr.async_get(hass)
    [main] = [
        d for d in dr.async_entries_for_config_entry(devices, loaded.entry_id) if d.via_device_id is None
    ]
    names = {d.name: d for d in dr.async_entries_for_config_entry(devices, loaded.entry_id)}
    assert set(names) == {"Our house", "Light node porch", "Light node roof"}
    roof = names["Light node roof"]
    assert (roof.via_device_id, roof.sw_version) == (main.id, "0.1.0")
    # A node that was forgotten takes its device along.
    await service.tell(type="nodes", nodes=[node(id="roof")])
    await eventually(lambda: hass.states.get(f"{PORCH}_connection") is None)
    left = {d.name for d in dr.async_entries_for_config_entry(devices, loaded.entry_id)}
    assert left == {"Our house", "Light node roof"}
    await service.tell(type="nodes", nodes=[node(id="porch"), node(id="roof")])
    await eventually(lambda: hass.states.get(f"{PORCH}_connection") is not None)


async def test_nodes_stay_while_the_service_is_away(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService
) -> None:
    await service.stop()
    await eventually(lambda: state_of(hass, f"{PORCH}_connection").state == STATE_UNAVAILABLE)
    assert len(dr.async_entries_for_config_entry(dr.async_get(hass), loaded.entry_id)) == 2


async def test_one_light_for_all(hass: HomeAssistant, loaded: MockConfigEntry, service: StubService) -> None:
    light = "light.our_house_all_lights"

    async def act(action: str, **data: Any) -> None:
        await hass.services.async_call("light", action, {"entity_id": light, **data}, blocking=True)

    assert state_of(hass, light).state == "off"
    await service.tell(type="channel", channel=3, on=True, brightness=99, effect="show")
    await eventually(lambda: state_of(hass, light).state == "on")
    shown = state_of(hass, light).attributes
    assert (shown["brightness"], shown["effect"]) == (99, "show")
    await act("turn_on", brightness=50)
    asked = service.commands("channel")
    assert sorted(asked, key=lambda body: body["channel"]) == [
        {"channel": n, "on": True, "brightness": 50} for n in range(1, 9)
    ]
    await act("turn_on", effect="show")
    assert {body["channel"] for body in service.commands("release")} == set(range(1, 9))
    await act("turn_off")
    assert [body["on"] for body in service.commands("channel")[8:]] == [False] * 8


async def test_the_update_has_a_link(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    shown = state_of(hass, "update.our_house_service").attributes
    assert shown["release_url"].startswith("https://") and shown["release_url"].endswith("/releases")


async def test_looks_and_palettes_have_names(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService
) -> None:
    """Every one that the service brings; the user's own looks are called what the user calls them."""
    palettes = [each["name"] for each in RECORDED["palettes"]["palettes"]]
    for language in ("en", "de"):
        texts = await async_get_translations(hass, language, "entity", {"yulelight"})
        for key, choices in (("look", RECORDED["looks"]["looks"]), ("palette", palettes)):
            names = [texts[f"component.yulelight.entity.select.{key}.state.{choice}"] for choice in choices]
            assert len(set(names)) == len(choices)
            assert not set(names) & set(choices)


async def test_events(hass: HomeAssistant, loaded: MockConfigEntry, service: StubService) -> None:
    event = "event.our_house_show"
    assert state_of(hass, event).state == STATE_UNKNOWN
    await service.tell(type="event", kind="started", song=SONGS[0], detail="")
    await eventually(lambda: state_of(hass, event).attributes.get("event_type") == "started")
    assert state_of(hass, event).attributes["song"] == "Carol of the Bells"
    await service.tell(type="event", kind="something new", song=None, detail="")
    await service.tell(type="event", kind="section_changed", song=SONGS[0], detail="3")
    await eventually(lambda: state_of(hass, event).attributes["section"] == 3)
    await service.tell(type="event", kind="failed", song=None, detail="no such file")
    await eventually(lambda: state_of(hass, event).attributes["event_type"] == "failed")
    assert state_of(hass, event).attributes["detail"] == "no such file"


async def test_update(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    state = state_of(hass, "update.our_house_service")
    assert state.state == "off"
    assert state.attributes["installed_version"] == "0.1.0"


async def test_lights_of_a_home_without_a_broker(
    hass: HomeAssistant, entry: MockConfigEntry, service: StubService
) -> None:
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={CONF_NATIVE_LIGHTS: True})
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    light = "light.our_house_light_3"
    assert state_of(hass, light).state == "off"
    for data in ({"brightness": 128}, {}, {"effect": "show"}):
        await hass.services.async_call("light", "turn_on", {"entity_id": light, **data}, blocking=True)
    await hass.services.async_call("light", "turn_off", {"entity_id": light}, blocking=True)
    assert service.commands("channel") == [
        {"channel": 3, "on": True, "brightness": 128},
        {"channel": 3, "on": True},
        {"channel": 3, "on": False},
    ]
    assert service.commands("release") == [{"channel": 3}]
    await service.tell(type="channel", channel=3, on=True, brightness=77, effect="show")
    await eventually(lambda: state_of(hass, light).state == "on")
    assert state_of(hass, light).attributes["brightness"] == 77
    assert state_of(hass, light).attributes["effect"] == "show"
    await hass.config_entries.async_unload(entry.entry_id)
