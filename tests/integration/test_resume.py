"""``restore``: what played before a show goes on after it."""

import asyncio
from typing import Any

import pytest
from custom_components.yulelight import resume
from custom_components.yulelight.const import DOMAIN
from custom_components.yulelight.contract.models import Info, Status, Versions
from custom_components.yulelight.models import House
from custom_components.yulelight.resume import commands_for, is_playing
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.integration.found import state_of
from tests.integration.stub import SONGS, StubService, eventually, status

PLAYER = "media_player.our_house"


async def play(hass: HomeAssistant, **data: Any) -> None:
    await hass.services.async_call("yulelight", "play_show", {"restore": True, **data}, blocking=True)


async def before(hass: HomeAssistant, service: StubService, **changes: Any) -> None:
    """Something plays already."""
    await service.say_status(state="playing", song=SONGS[1], position=42.0, **changes)
    await eventually(lambda: state_of(hass, PLAYER).state == "playing")


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
        {"command": "play", "song": "s2", "position": pytest.approx(42.0, abs=30.0), "repeat": "off"},
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
    await eventually(lambda: state_of(hass, PLAYER).state == "idle")
    assert len(service.commands()) == 1
    assert loaded.runtime_data.resume.commands == []


RESUMED = {"command": "play", "playlist": "Christmas", "resume": True}
AFTER = [
    ({"state": "idle", "song": None, "playlist": ""}, [RESUMED]),
    ({"state": "playing", "song": SONGS[1], "playlist": "Other"}, []),
]
"""How the show is found after an absence, and what is played then."""


@pytest.mark.parametrize(("found", "played"), AFTER)
async def test_the_service_was_away(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    service: StubService,
    monkeypatch: pytest.MonkeyPatch,
    found: dict[str, Any],
    played: list[dict[str, Any]],
) -> None:
    """Ended, by whatever: what played before goes on. Another show plays: that is what somebody wants."""
    monkeypatch.setattr(resume, "SETTLE", 0.05)
    await before(hass, service, playlist="Christmas")
    await play(hass, song="s1")
    await happens(service, "started")
    await happens(service, "finished", detail="interrupted")  # The service says so when it stops.
    await service.stop()
    await eventually(lambda: state_of(hass, PLAYER).state == "unavailable")
    service.status |= found
    await service.start()
    await eventually(lambda: loaded.runtime_data.resume.commands == [])
    await eventually(lambda: service.commands()[1:] == played)


async def test_home_assistant_was_away(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    service: StubService,
    hass_storage: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The show still plays after the restart, and its end is awaited; another restart, and it is over."""
    monkeypatch.setattr(resume, "SETTLE", 0.05)
    key = f"{DOMAIN}.{loaded.entry_id}.comeback"
    await before(hass, service, playlist="Christmas")
    await play(hass, song="s1")
    await happens(service, "started")
    await service.say_status(song=SONGS[0], playlist="")
    assert hass_storage[key]["data"]["guest"] == {"song": "s1"}
    assert await hass.config_entries.async_reload(loaded.entry_id)
    await asyncio.sleep(0.3)
    assert len(service.commands()) == 1
    assert loaded.runtime_data.resume.commands
    service.status |= {"state": "idle", "song": None}
    assert await hass.config_entries.async_reload(loaded.entry_id)
    await eventually(lambda: service.commands()[1:] == [RESUMED])
    await eventually(lambda: key not in hass_storage)


async def test_what_is_too_old_stays_away(
    hass: HomeAssistant, entry: MockConfigEntry, service: StubService, hass_storage: dict[str, Any]
) -> None:
    key = f"{DOMAIN}.{entry.entry_id}.comeback"
    old = {"at": "2026-01-01T00:00:00+00:00", "orders": [{"playlist": "Christmas"}], "guest": {}}
    hass_storage[key] = {"version": 1, "minor_version": 1, "key": key, "data": old}
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert key not in hass_storage
    assert entry.runtime_data.resume.commands == []
    assert await hass.config_entries.async_remove(entry.entry_id)


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
    assert loaded.runtime_data.resume.commands == []
    service.refuse = ""
    await play(hass, media={"media_content_id": "song/s1", "media_content_type": "music"})
    service.refuse = "the moon is wrong"
    await happens(service, "started", "finished")
    await eventually(lambda: "what played before the show: the moon is wrong" in caplog.text)


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
    house = House(
        Info("a", "A", "1", Versions(1, 1)), Status.from_dict(status(**changes)), heard=dt_util.utcnow()
    )
    assert len(commands_for(house, guest)) == count


@pytest.mark.parametrize(
    ("changes", "guest", "same"),
    [
        ({"playlist": "A", "song": SONGS[0]}, {"playlist": "A"}, True),
        ({"playlist": "B", "song": SONGS[0]}, {"playlist": "A"}, False),
        ({"song": SONGS[0]}, {"song": "s1", "look": "calm"}, True),
        ({"song": SONGS[1]}, {"song": "s1"}, False),
        ({"song": {"id": "", "title": "From the web"}}, {"url": "http://x/y"}, True),
        ({"song": SONGS[1]}, {"url": "http://x/y"}, False),
        ({"song": SONGS[1]}, {"look": "calm"}, True),
    ],
)
def test_who_plays(changes: dict[str, Any], guest: dict[str, Any], same: bool) -> None:
    assert is_playing(Status.from_dict(status(state="playing", **changes)), guest) is same
