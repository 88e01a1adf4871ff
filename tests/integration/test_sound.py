"""Sound on a media player of the house: it plays what the show plays, and the show hears where it is."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from custom_components.yulelight import media_source as source
from custom_components.yulelight import sound as sound_module
from custom_components.yulelight.const import CONF_PLAYER
from custom_components.yulelight.contract.models import Info, Status, Versions
from custom_components.yulelight.models import House, position_at
from homeassistant.components import media_source
from homeassistant.components.media_player import (
    DOMAIN,
    MediaPlayerEntity,
    MediaPlayerState,
)
from homeassistant.components.media_player import (
    MediaPlayerEntityFeature as Feature,
)
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed
from yarl import URL

from tests.integration.found import state_of
from tests.integration.stub import SONGS, StubService, eventually, status

SPEAKER = "media_player.speaker"


class Speaker(MediaPlayerEntity):
    """Plays at once whatever it is told, and says where it is when the test wants."""

    _attr_name = "Speaker"
    _attr_should_poll = False
    _attr_supported_features = (
        Feature.PLAY_MEDIA | Feature.PLAY | Feature.PAUSE | Feature.STOP | Feature.SEEK | Feature.VOLUME_SET
    )

    def __init__(self) -> None:
        self.told: list[tuple[Any, ...]] = []
        self.broken = False
        self._attr_state = MediaPlayerState.IDLE
        self._attr_volume_level = 0.3

    def say(self, state: MediaPlayerState | None, position: float | None = None, **more: Any) -> None:
        self._attr_state = state
        if position is not None:
            self._attr_media_position = position  # type: ignore[assignment]
            self._attr_media_position_updated_at = dt_util.utcnow()
        for key, value in more.items():
            setattr(self, f"_attr_{key}", value)
        self.async_write_ha_state()

    async def async_play_media(self, media_type: str, media_id: str, **kwargs: Any) -> None:
        if self.broken:
            raise HomeAssistantError("the cone is torn")
        found = await media_source.async_resolve_media(self.hass, media_id, self.entity_id)
        self.told.append(("play", found.url, found.mime_type))
        self.say(MediaPlayerState.PLAYING, 0.0, media_content_id=found.url)

    async def async_media_play(self) -> None:
        self.told.append(("resume",))
        self.say(MediaPlayerState.PLAYING, self._attr_media_position)

    async def async_media_pause(self) -> None:
        self.told.append(("pause",))
        self.say(MediaPlayerState.PAUSED)

    async def async_media_stop(self) -> None:
        self.told.append(("stop",))
        self.say(MediaPlayerState.IDLE, media_content_id=None)

    async def async_media_seek(self, position: float) -> None:
        self.told.append(("seek", round(position)))
        self.say(self._attr_state, position)

    async def async_set_volume_level(self, volume: float) -> None:
        self.told.append(("volume", volume))
        self.say(self._attr_state, volume_level=volume)


@pytest.fixture
async def speaker(hass: HomeAssistant, service: StubService) -> Speaker:
    hass.config.internal_url = "http://127.0.0.1:8123"
    service.views["songs/s2/link"] = {"path": "/api/v1/audio/s2.mp3?sig=def", "content_type": "audio/mpeg"}
    assert await async_setup_component(hass, DOMAIN, {})
    assert await async_setup_component(hass, "media_source", {})
    made = Speaker()
    # By its name: the key's constant lies in another module from one version to the next.
    await hass.data[DOMAIN].async_add_entities([made])
    await hass.async_block_till_done()
    assert state_of(hass, SPEAKER).state == "idle"
    return made


@pytest.fixture
async def sounding(
    hass: HomeAssistant, entry: MockConfigEntry, service: StubService, speaker: Speaker
) -> AsyncIterator[MockConfigEntry]:
    """The entry, with the speaker as the player that sounds."""
    service.status["volume"] = 0.3
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={CONF_PLAYER: SPEAKER})
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    yield entry
    await hass.config_entries.async_unload(entry.entry_id)


def reports(service: StubService) -> list[dict[str, Any]]:
    return [body for method, path, body in service.asked if (method, path) == ("POST", "playback")]


def first(service: StubService) -> str:
    return f"http://127.0.0.1:{service.port}/api/v1/audio/s1.ogg?sig=abc"


async def test_a_song_from_begin_to_end(
    hass: HomeAssistant, sounding: MockConfigEntry, service: StubService, speaker: Speaker
) -> None:
    assert speaker.told == []
    await service.say_status(state="playing", song=SONGS[0], position=0.0)
    await eventually(lambda: speaker.told)
    assert speaker.told == [("play", first(service), "audio/ogg")]
    await eventually(lambda: reports(service))
    [report] = reports(service)
    assert (report["state"], report["song"]) == ("playing", "s1")
    assert 0 <= report["position"] < 5

    await service.say_status(state="paused", position=20.0)
    await eventually(lambda: ("pause",) in speaker.told)
    await eventually(lambda: reports(service)[-1]["state"] == "paused")
    await service.say_status(state="playing", position=20.0)
    await eventually(lambda: ("resume",) in speaker.told)

    await service.say_status(state="playing", song=SONGS[1], position=0.0)
    await eventually(lambda: any(what == "play" and "s2.mp3" in more[0] for what, *more in speaker.told))
    await eventually(lambda: reports(service)[-1]["song"] == "s2")
    await service.say_status(state="idle", song=None, position=0.0)
    await eventually(lambda: speaker.told[-1] == ("stop",))


async def test_a_seek_moves_the_player(
    hass: HomeAssistant, sounding: MockConfigEntry, service: StubService, speaker: Speaker
) -> None:
    await service.say_status(state="playing", song=SONGS[0], position=0.0)
    await eventually(lambda: speaker.told and reports(service))
    await service.say_status(position=100.0)
    await eventually(lambda: ("seek", 100) in speaker.told)
    # The player was moved by hand: the show follows, and that is no reason to move the player.
    speaker.say(MediaPlayerState.PLAYING, 30.0)
    await eventually(lambda: 29 < reports(service)[-1]["position"] < 35)
    told = list(speaker.told)
    await service.say_status(position=reports(service)[-1]["position"])
    await service.say_status(message="something else")
    await hass.async_block_till_done()
    assert speaker.told == told
    # A song that begins anew is played anew once its player is done with it.
    speaker.say(MediaPlayerState.IDLE)
    await service.say_status(position=0.0)
    await eventually(lambda: len([what for what in speaker.told if what[0] == "play"]) == 2)


async def test_a_song_that_goes_on_in_its_middle(
    hass: HomeAssistant, sounding: MockConfigEntry, service: StubService, speaker: Speaker
) -> None:
    await service.say_status(state="playing", song=SONGS[0], position=60.0)
    await eventually(lambda: ("seek", 60) in speaker.told)
    await eventually(lambda: reports(service) and reports(service)[-1]["position"] >= 60)
    assert all(report["position"] >= 60 for report in reports(service))
    # Paused, moved meanwhile, and going on there.
    await service.say_status(state="paused", position=61.0)
    await eventually(lambda: ("pause",) in speaker.told)
    await service.say_status(state="paused", position=120.0)
    await service.say_status(state="playing", position=120.0)
    await eventually(lambda: ("seek", 120) in speaker.told)


async def test_hands_on_the_player(
    hass: HomeAssistant, sounding: MockConfigEntry, service: StubService, speaker: Speaker
) -> None:
    await service.say_status(state="playing", song=SONGS[0], position=0.0)
    await eventually(lambda: reports(service))
    speaker.say(MediaPlayerState.PAUSED, 5.0)
    await eventually(lambda: reports(service)[-1] == {"state": "paused", "position": 5.0, "song": "s1"})
    # A doorbell takes the player: that is not the song.
    count = len(reports(service))
    speaker.say(MediaPlayerState.PLAYING, 1.0, media_content_id="http://door.invalid/bell.mp3")
    await hass.async_block_till_done()
    assert len(reports(service)) == count
    speaker.say(MediaPlayerState.PLAYING, 6.0, media_content_id=first(service))
    await eventually(lambda: reports(service)[-1]["state"] == "playing")
    speaker.say(MediaPlayerState.IDLE)
    await eventually(lambda: reports(service)[-1]["state"] == "stopped")

    # Paused over Yulelight, continued at the player.
    await service.say_status(state="paused", position=6.0)
    await eventually(lambda: state_of(hass, "media_player.our_house").state == "paused")
    speaker.say(MediaPlayerState.PAUSED, 6.0)
    await hass.async_block_till_done()
    speaker.say(MediaPlayerState.PLAYING, 6.0)
    await eventually(lambda: {"command": "resume"} in service.commands())


async def test_a_pause_at_the_player_right_after_a_jump_there(
    hass: HomeAssistant, sounding: MockConfigEntry, service: StubService, speaker: Speaker
) -> None:
    """The show tells of the jump when the player is paused already: it must not start it again."""
    await service.say_status(state="playing", song=SONGS[0], position=60.0)
    await eventually(lambda: reports(service) and reports(service)[-1]["position"] >= 60)
    for place in (20.0, 80.0, 40.0):
        speaker.say(MediaPlayerState.PLAYING, place)
        await eventually(lambda: abs(service.status["position"] - place) < 5)  # noqa: B023
        speaker.say(MediaPlayerState.PAUSED, place)
        await eventually(lambda: state_of(hass, "media_player.our_house").state == "paused")
        await hass.async_block_till_done()
        assert ("resume",) not in speaker.told
        speaker.say(MediaPlayerState.PLAYING, place)
        await eventually(lambda: {"command": "resume"} in service.commands())
        await service.say_status(state="playing")
        await eventually(lambda: state_of(hass, "media_player.our_house").state == "playing")
        speaker.told.clear()
        service.asked.clear()


async def test_paused_and_played_faster_than_the_show_hears(
    hass: HomeAssistant, sounding: MockConfigEntry, service: StubService, speaker: Speaker
) -> None:
    """What is heard of the pause comes late: the player is not paused once more."""
    await service.say_status(state="playing", song=SONGS[0], position=0.0)
    await eventually(lambda: reports(service))
    told = list(speaker.told)
    for position in (10.0, 20.0, 30.0, 40.0):
        speaker.say(MediaPlayerState.PAUSED, position)
        speaker.say(MediaPlayerState.PLAYING, position)
        await eventually(lambda: service.status["position"] >= position)  # noqa: B023
        await eventually(lambda: state_of(hass, "media_player.our_house").state == "playing")
    assert speaker.told == told


async def test_reports_come_now_and_then(
    hass: HomeAssistant, sounding: MockConfigEntry, service: StubService, speaker: Speaker
) -> None:
    await service.say_status(state="playing", song=SONGS[0], position=0.0)
    await eventually(lambda: reports(service))
    count = len(reports(service))
    for _ in range(20):  # A player that chatters, where it is expected to be.
        speaker.say(MediaPlayerState.PLAYING, reports(service)[-1]["position"], media_title=str(_))
    await hass.async_block_till_done()
    assert len(reports(service)) <= count + 1
    count = len(reports(service))
    async_fire_time_changed(hass, datetime.now(UTC) + timedelta(seconds=11))
    await eventually(lambda: len(reports(service)) == count + 1)


async def test_volume(
    hass: HomeAssistant, sounding: MockConfigEntry, service: StubService, speaker: Speaker, monkeypatch: Any
) -> None:
    await service.say_status(volume=0.5)
    await eventually(lambda: ("volume", 0.5) in speaker.told)
    monkeypatch.setattr(sound_module, "DEAF", timedelta(0))
    speaker.say(MediaPlayerState.IDLE, volume_level=0.2)
    await eventually(lambda: {"command": "volume", "level": 0.2} in service.commands())
    await service.say_status(volume=0.2)
    service.views["schedule"] = {**service.views["schedule"], "quiet": {"volume": 0.1, "brightness": 1.0}}
    await service.tell(type="schedule")
    await eventually(lambda: ("volume", 0.1) in speaker.told)


async def test_the_dial_is_the_players_from_the_start(
    hass: HomeAssistant, entry: MockConfigEntry, service: StubService, speaker: Speaker
) -> None:
    """A show at full volume must not make the loudspeaker as loud."""
    service.status["volume"] = 1.0
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={CONF_PLAYER: SPEAKER})
    assert await hass.config_entries.async_setup(entry.entry_id)
    await eventually(lambda: {"command": "volume", "level": 0.3} in service.commands())
    assert speaker.told == []
    await hass.config_entries.async_unload(entry.entry_id)


async def test_the_music_goes_on_when_home_assistant_is_started_again(
    hass: HomeAssistant, entry: MockConfigEntry, service: StubService, speaker: Speaker
) -> None:
    speaker.say(MediaPlayerState.PLAYING, 50.0, media_content_id=first(service))
    service.status = status(state="playing", song=SONGS[0], position=50.0, volume=0.3)
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={CONF_PLAYER: SPEAKER})
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert speaker.told == []
    await hass.config_entries.async_unload(entry.entry_id)
    assert speaker.told == [("stop",)]


async def test_a_player_that_comes_late(
    hass: HomeAssistant, sounding: MockConfigEntry, service: StubService, speaker: Speaker
) -> None:
    hass.states.async_set(SPEAKER, STATE_UNAVAILABLE)
    await service.say_status(state="playing", song=SONGS[0], position=40.0)
    await hass.async_block_till_done()
    assert speaker.told == []
    speaker.say(MediaPlayerState.IDLE)
    await eventually(lambda: ("seek", 40) in speaker.told or ("seek", 41) in speaker.told)


async def test_what_the_player_cannot_play(
    hass: HomeAssistant,
    sounding: MockConfigEntry,
    service: StubService,
    speaker: Speaker,
    caplog: pytest.LogCaptureFixture,
) -> None:
    speaker.broken = True
    await service.say_status(state="playing", song=SONGS[0], position=0.0)
    await eventually(lambda: "the cone is torn" in caplog.text)
    assert reports(service) == []
    speaker.broken = False
    await service.say_status(state="playing", song=SONGS[1], position=0.0)
    await eventually(lambda: reports(service))
    caplog.set_level("DEBUG", "custom_components.yulelight")
    service.refuse = "the moon is wrong"
    speaker.say(MediaPlayerState.PAUSED, 1.0, volume_level=0.9)
    await eventually(lambda: caplog.text.count("the moon is wrong") >= 2)


def test_where_a_show_is() -> None:
    now = datetime(2026, 12, 24, 18, tzinfo=UTC)
    house = House(
        Info("a", "A", "1", Versions(1, 1)), Status(state="playing", moving=True, position=10.0), heard=now
    )
    assert position_at(house, now + timedelta(seconds=5)) == 15.0
    assert position_at(house, now - timedelta(seconds=5)) == 10.0
    assert sound_module.wanted_of(house) == ("stop", "")


@pytest.mark.parametrize(
    ("url", "internal", "shown"),
    [
        ("http://127.0.0.1:8770", "http://192.168.1.5:8123", "http://192.168.1.5:8770"),
        ("http://localhost:8770", "http://192.168.1.5:8123", "http://192.168.1.5:8770"),
        ("http://local-yulelight:8770", "http://192.168.1.5:8123", "http://192.168.1.5:8770"),
        ("http://192.168.1.9:8770", "http://192.168.1.5:8123", "http://192.168.1.9:8770"),
        ("http://house.local:8770", "http://192.168.1.5:8123", "http://house.local:8770"),
        ("http://[fd00::9]:8770", "http://192.168.1.5:8123", "http://[fd00::9]:8770"),
        ("http://localhost:8770", None, "http://localhost:8770"),
    ],
)
async def test_the_address_for_players(
    hass: HomeAssistant, url: str, internal: str | None, shown: str
) -> None:
    hass.config.internal_url = internal
    assert source.reachable(hass, URL(url)) == URL(shown)


async def test_what_comes_from_the_web(
    hass: HomeAssistant, sounding: MockConfigEntry, service: StubService, speaker: Speaker
) -> None:
    """The service lends the very file that it plays: position, seeking and reports are as a song's of the library."""
    link = {"path": "/api/v1/audio/web-1f.mp3?sig=web", "content_type": "audio/mpeg"}
    service.views["songs/web-1f/link"] = link
    web = {"id": "", "title": "From the web", "duration": 200.0}
    await service.say_status(state="loading", song=web, sound="web-1f", position=0.0)
    await service.say_status(state="playing", song=web, sound="web-1f", position=0.0)
    await eventually(lambda: speaker.told)
    assert speaker.told == [("play", f"http://127.0.0.1:{service.port}{link['path']}", "audio/mpeg")]
    await eventually(lambda: reports(service))
    assert reports(service)[-1]["song"] == "web-1f"
    await service.say_status(position=90.0)
    await eventually(lambda: ("seek", 90) in speaker.told)
    await service.say_status(state="idle", song=None, sound="", position=0.0)
    await eventually(lambda: speaker.told[-1] == ("stop",))


async def test_a_stream(
    hass: HomeAssistant, sounding: MockConfigEntry, service: StubService, speaker: Speaker
) -> None:
    """It has no places to seek or to report; when it was paused it is opened anew, to be heard as it is now."""
    service.views["songs/live/link"] = {"path": "/api/v1/audio/live.mp3?sig=x", "content_type": "audio/mpeg"}
    stream = {"id": "", "title": "From the kitchen", "duration": 0.0}
    await service.say_status(state="live", song=stream, sound="live", position=0.0)
    await eventually(lambda: [what[0] for what in speaker.told] == ["play"])
    assert "live.mp3" in speaker.told[0][1]
    await service.say_status(position=60.0)
    await service.say_status(state="paused", position=61.0)
    await eventually(lambda: speaker.told[-1] == ("stop",))
    await service.say_status(state="live", position=70.0)
    await eventually(lambda: [what[0] for what in speaker.told] == ["play", "stop", "play"])
    await service.say_status(state="idle", song=None, sound="", position=0.0)
    await eventually(lambda: speaker.told[-1] == ("stop",))
    assert reports(service) == []
