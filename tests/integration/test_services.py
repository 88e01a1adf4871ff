"""The actions."""

from typing import Any

import probatio as vol
import pytest
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.integration.stub import SONGS, StubService, status


async def act(hass: HomeAssistant, action: str, answer: bool = False, **data: Any) -> Any:
    return await hass.services.async_call("yulelight", action, data, blocking=True, return_response=answer)


@pytest.mark.parametrize(
    ("data", "command"),
    [
        ({}, {}),
        ({"song": "s1"}, {"song": "s1"}),
        ({"song": "carol"}, {"song": "s1"}),
        ({"playlist": "Christmas", "look": "calm"}, {"playlist": "Christmas", "look": "calm"}),
        (
            {"media": "media-source://yulelight/ab12/song/s2", "channels": ["2", "1", "2"]},
            {"song": "s2", "channels": [1, 2]},
        ),
    ],
)
async def test_play_show(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    service: StubService,
    data: dict[str, Any],
    command: dict[str, Any],
) -> None:
    service.status = status(state="loading", song=SONGS[0], playlist="Christmas")
    answer = await act(hass, "play_show", answer=True, **data)
    assert service.commands() == [{"command": "play", **command}]
    assert answer == {
        "state": "loading",
        "song": "Carol of the Bells",
        "playlist": "Christmas",
        "look": "lively",
    }


async def test_play_show_of_two_things(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    with pytest.raises(vol.Invalid):
        await act(hass, "play_show", song="a", playlist="b")
    with pytest.raises(vol.Invalid):
        await act(hass, "play_show", channels=[9])


async def test_stop_and_look(hass: HomeAssistant, loaded: MockConfigEntry, service: StubService) -> None:
    await act(hass, "set_look", look="calm", config_entry_id=loaded.entry_id)
    await act(hass, "stop_show")
    assert service.commands() == [{"command": "look", "look": "calm"}, {"command": "stop"}]


async def test_render(hass: HomeAssistant, loaded: MockConfigEntry, service: StubService) -> None:
    assert await act(hass, "render", answer=True, song="Carol") == {
        "song": "Carol of the Bells",
        "rendered": True,
    }
    assert ("POST", "songs/s1/render", {}) in service.asked


async def test_get_playlists(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    assert await act(hass, "get_playlists", answer=True) == {
        "playlists": [{"id": "Christmas", "songs": 2, "duration": 303.5, "missing": 0}]
    }


@pytest.mark.parametrize("title", ["What Child Is This?", "100% Noël #1", "AC/DC", "../status"])
async def test_any_title_is_only_a_title(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService, title: str
) -> None:
    await act(hass, "render", song=title)
    [(_, _, query)] = [asked for asked in service.asked if asked[:2] == ("GET", "songs")]
    assert query["search"] == title


async def test_get_schedule(hass: HomeAssistant, loaded: MockConfigEntry, service: StubService) -> None:
    shows = [{"uid": "e1", "start": "2026-11-27T17:30:00+01:00"}]
    service.views["schedule/occurrences"] = {"occurrences": shows}
    assert await act(hass, "get_schedule", answer=True, days=3) == {"shows": shows}


@pytest.mark.parametrize(
    ("action", "data", "answer"),
    [
        ("play_show", {}, False),
        ("stop_show", {}, False),
        ("render", {"song": "s1"}, False),
        ("get_schedule", {}, True),
    ],
)
async def test_what_the_service_refuses(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    service: StubService,
    action: str,
    data: dict[str, Any],
    answer: bool,
) -> None:
    service.refuse = "the moon is wrong"
    with pytest.raises(HomeAssistantError, match="the moon is wrong"):
        await act(hass, action, answer=answer, **data)


async def test_which_service(hass: HomeAssistant, loaded: MockConfigEntry, service: StubService) -> None:
    wrong: tuple[dict[str, Any], ...] = (
        {"config_entry_id": "another"},
        {"entity_id": "light.lamp"},
        {"device_id": "none"},
    )
    for nobody in wrong:
        with pytest.raises(ServiceValidationError, match="not a Yulelight service"):
            await act(hass, "stop_show", **nobody)
    async with StubService() as second:
        second.id = "cd34"
        entry = MockConfigEntry(
            domain="yulelight",
            title="Shed",
            unique_id="cd34",
            data={"host": "127.0.0.1", "port": second.port, "token": second.token},
        )
        entry.add_to_hass(hass)
        assert await hass.config_entries.async_setup(entry.entry_id)
        devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
        [device] = [device for device in devices if device.via_device_id is None]
        for target in (
            {"config_entry_id": entry.entry_id},
            {"entity_id": "media_player.our_house_2"},
            {"device_id": device.id},
        ):
            await act(hass, "stop_show", **target)
        assert second.commands() == 3 * [{"command": "stop"}]
        assert service.commands() == []
        await act(hass, "stop_show")
        assert service.commands() == [{"command": "stop"}], "the one that was set up first"
        both = ["media_player.our_house", "media_player.our_house_2"]
        with pytest.raises(ServiceValidationError, match="several"):
            await act(hass, "stop_show", entity_id=both)
        assert await hass.config_entries.async_unload(loaded.entry_id)
        with pytest.raises(ServiceValidationError, match="connected"):
            await act(hass, "stop_show")
        await hass.config_entries.async_unload(entry.entry_id)


@pytest.mark.parametrize("action", ["set_look", "play_show"])
async def test_a_look_that_is_not_there(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService, action: str
) -> None:
    with pytest.raises(ServiceValidationError, match=r"no look frantic.*lively, calm"):
        await act(hass, action, look="frantic")
    assert service.commands() == []


async def test_what_went_wrong_on_the_way_is_said_in_words(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService
) -> None:
    await service.stop()
    with pytest.raises(HomeAssistantError) as caught:
        await act(hass, "render", song="s1")
    assert (
        str(caught.value) == "The Yulelight service does not answer. The connection is retried automatically"
    )
