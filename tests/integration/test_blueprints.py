"""The blueprints as automations of a real Home Assistant."""

import shutil
from datetime import UTC, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers.sun import get_astral_event_next
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from tests.integration.found import state_of
from tests.integration.stub import StubService, eventually

BLUEPRINTS = Path(__file__).parents[2] / "blueprints"
PLAYER = "media_player.our_house"
ANNA = "person.anna"


async def automation(hass: HomeAssistant, folder: Path, name: str, inputs: dict[str, Any]) -> None:
    """One made of a blueprint that the user imported."""
    shutil.copytree(BLUEPRINTS, folder / "blueprints")
    hass.config.config_dir = str(folder)
    made = {"alias": "Ours", "use_blueprint": {"path": f"yulelight/{name}.yaml", "input": inputs}}
    assert await async_setup_component(hass, "automation", {"automation": made})
    await hass.async_block_till_done()
    assert state_of(hass, "automation.ours").state == "on"


async def off(hass: HomeAssistant) -> None:
    """No automation waits for anything any more."""
    await hass.services.async_call("automation", "turn_off", {"entity_id": "automation.ours"}, blocking=True)


@pytest.mark.parametrize(
    ("before", "sun", "dark", "plays"),
    [
        ("not_home", "below_horizon", True, True),
        ("not_home", "above_horizon", True, False),
        ("not_home", "above_horizon", False, True),
        ("unknown", "below_horizon", True, False),
    ],
)
async def test_someone_arrives(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    service: StubService,
    tmp_path: Path,
    before: str,
    sun: str,
    dark: bool,
    plays: bool,
) -> None:
    hass.states.async_set(ANNA, before)
    hass.states.async_set("sun.sun", sun)
    inputs = {"person": [ANNA], "player": PLAYER, "song": "Carol of the Bells", "dark": dark}
    await automation(hass, tmp_path, "arrival", inputs)
    hass.states.async_set(ANNA, "home")
    await hass.async_block_till_done()
    if plays:
        await eventually(service.commands)
    assert [(command["command"], command["song"]) for command in service.commands()] == [
        ("play", "s1")
    ] * plays


@pytest.mark.parametrize("until", ["23:59:59", "00:30:00"])
async def test_an_evening(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService, tmp_path: Path, until: str
) -> None:
    """From sunset, the playlists one after the other; until a time, be it after midnight."""
    done: list[tuple[str, Any]] = []

    def note(field: str, call: ServiceCall) -> None:
        done.append((call.service, call.data.get(field)))

    for action, field in (("play_media", "media_content_id"), ("repeat_set", "repeat"), ("media_stop", "")):
        # Time that jumps would end the connection to the service, too.
        hass.services.async_register("media_player", action, partial(note, field))
    inputs = {"player": PLAYER, "playlists": ["Christmas", "Santa"], "offset": "00:00:00", "until": until}
    await automation(hass, tmp_path, "evening", inputs)
    sunset = get_astral_event_next(hass, "sunset")
    async_fire_time_changed(hass, sunset + timedelta(seconds=1))

    def begun() -> list[tuple[str, Any]]:
        # The jump to the next sunset may pass the end of this evening first.
        return [one for one in done if one[0] != "media_stop"]

    await eventually(lambda: len(begun()) == 3)
    assert begun() == [
        ("play_media", "playlist/Christmas"),
        ("play_media", "playlist/Santa"),
        ("repeat_set", "all"),
    ]
    hour, minute, second = map(int, until.split(":"))
    local = dt_util.now().replace(hour=hour, minute=minute, second=second, microsecond=0)
    end = local if local > dt_util.now() else local + timedelta(days=1)
    async_fire_time_changed(hass, end.astimezone(UTC) + timedelta(seconds=0.5))
    await eventually(lambda: ("media_stop", None) in done)
    await off(hass)


async def test_not_on_other_days(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService, tmp_path: Path
) -> None:
    days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    belongs = (dt_util.now() - timedelta(hours=12)).weekday()
    inputs = {
        "player": PLAYER,
        "playlists": ["Christmas"],
        "weekdays": [d for d in days if d != days[belongs]],
    }
    await automation(hass, tmp_path, "evening", inputs)
    async_fire_time_changed(hass, get_astral_event_next(hass, "sunset") + timedelta(seconds=1))
    await hass.async_block_till_done()
    assert service.commands() == []
    await off(hass)
