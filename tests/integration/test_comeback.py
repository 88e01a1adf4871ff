"""``restore``: what played before a show goes on after it."""

from typing import Any

import pytest
from custom_components.yulelight.comeback import orders
from custom_components.yulelight.models import Status
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.integration.stub import SONGS, StubService, eventually, status

PLAYER = "media_player.our_house"


async def play(hass: HomeAssistant, **data: Any) -> None:
    await hass.services.async_call("yulelight", "play_show", {"restore": True, **data}, blocking=True)


async def before(hass: HomeAssistant, service: StubService, **changes: Any) -> None:
    """Something plays already."""
    await service.say_status(state="playing", song=SONGS[1], position=42.0, **changes)
    await eventually(lambda: hass.states.get(PLAYER).state == "playing")


async def happens(service: StubService, *kinds: str, detail: str = "finished") -> None:
    for kind in kinds:
        await service.tell(type="event", kind=kind, song=None, detail=detail if kind == "finished" else "")


async def test_a_playlist_goes_on(hass: HomeAssistant, loaded: MockConfigEntry, service: StubService) -> None:
    await before(hass, service, playlist="Christmas")
    await play(hass, song="s1", look="calm")
    await happens(service, "started", "song_changed", "finished")
    await eventually(lambda: len(service.commands()) == 2)
    assert service.commands() == [
        {"command": "play", "song": "s1", "look": "calm"},
        {"command": "play", "playlist": "Christmas", "resume": True},
    ]


async def test_a_song_and_its_queue_go_on(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService
) -> None:
    await before(hass, service, queue=[SONGS[0]])
    await play(hass, playlist="Christmas")
    await happens(service, "started", "finished")
    await eventually(lambda: len(service.commands()) == 3)
    assert service.commands()[1:] == [
        {"command": "play", "song": "s2", "position": 42.0, "repeat": "off"},
        {"command": "play", "song": "s1", "enqueue": "add"},
    ]


async def test_a_guests_guest(hass: HomeAssistant, loaded: MockConfigEntry, service: StubService) -> None:
    """The second show interrupts the first; what comes back is what the first one interrupted."""
    await before(hass, service, playlist="Christmas")
    await play(hass, song="s1")
    await happens(service, "started")
    await service.say_status(playlist="", song=SONGS[0])
    await play(hass, song="s2")
    await happens(service, "started", "finished")
    await eventually(lambda: len(service.commands()) == 3)
    assert service.commands()[-1] == {"command": "play", "playlist": "Christmas", "resume": True}


@pytest.mark.parametrize(
    ("kinds", "detail"),
    [(("started", "finished"), "stopped"), (("started", "started", "finished"), "finished")],
)
async def test_hands_win(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService, kinds: tuple[str, ...], detail: str
) -> None:
    await before(hass, service, playlist="Christmas")
    await play(hass, song="s1")
    await happens(service, *kinds, detail=detail)
    await service.say_status(state="idle")
    await eventually(lambda: hass.states.get(PLAYER).state == "idle")
    assert len(service.commands()) == 1
    assert loaded.runtime_data.comeback is None


async def test_a_lost_connection_forgets_it(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService
) -> None:
    await before(hass, service, playlist="Christmas")
    await play(hass, song="s1")
    assert loaded.runtime_data.comeback is not None
    await service.stop()
    await eventually(lambda: loaded.runtime_data.comeback is None)


async def test_what_is_refused(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    service: StubService,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await before(hass, service, playlist="Christmas")
    service.refuse = "the moon is wrong"
    with pytest.raises(HomeAssistantError):
        await play(hass, media="song/s1")
    assert loaded.runtime_data.comeback is None
    service.refuse = ""
    await play(hass, media={"media_content_id": "song/s1", "media_content_type": "music"})
    service.refuse = "the moon is wrong"
    await happens(service, "started", "finished")
    await eventually(lambda: "does not go on: the moon is wrong" in caplog.text)


@pytest.mark.parametrize(
    ("changes", "guest", "count"),
    [
        ({"state": "idle"}, {"song": "s1"}, 0),
        ({"state": "paused", "playlist": "A", "song": SONGS[0]}, {"song": "s1"}, 0),
        ({"state": "playing", "playlist": "A", "song": SONGS[0]}, {"playlist": "A"}, 1),
        ({"state": "playing", "song": {"id": "", "title": "A stream"}}, {"song": "s1"}, 0),
        ({"state": "pre_show", "playlist": "A"}, {"song": "s1"}, 1),
    ],
)
def test_what_comes_back(changes: dict[str, Any], guest: dict[str, Any], count: int) -> None:
    assert len(orders(Status.parse(status(**changes)), guest)) == count
