"""The show as a media player."""

from collections.abc import Sequence
from typing import Any
from unittest.mock import ANY

import pytest
from custom_components.yulelight import browse
from homeassistant.components.media_player import DOMAIN, BrowseError, BrowseMedia
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from tests.integration.found import state_of
from tests.integration.stub import COVER, SONGS, StubService, eventually

PLAYER = "media_player.our_house"


async def act(hass: HomeAssistant, action: str, **data: Any) -> Any:
    return await hass.services.async_call(DOMAIN, action, {ATTR_ENTITY_ID: PLAYER, **data}, blocking=True)


async def test_what_it_shows(hass: HomeAssistant, loaded: MockConfigEntry, service: StubService) -> None:
    assert state_of(hass, PLAYER).state == "idle"
    await service.say_status(
        state="playing",
        song=SONGS[0],
        position=12.5,
        playlist="Christmas",
        shuffle=True,
        repeat="all",
        volume=0.25,
    )
    await eventually(lambda: state_of(hass, PLAYER).state == "playing")
    shown = state_of(hass, PLAYER).attributes
    assert shown["media_title"] == "Carol of the Bells"
    assert shown["media_artist"] == "Trad."
    assert shown["media_album_name"] == "Bells"
    assert shown["media_duration"] == 183
    assert shown["media_position"] == 12
    assert shown["media_content_id"] == "song/s1"
    assert shown["media_playlist"] == "Christmas"
    assert shown["source"] == "Christmas"
    assert shown["source_list"] == ["Christmas", "Line-in"]
    assert shown["shuffle"] is True
    assert shown["repeat"] == "all"
    assert shown["volume_level"] == 0.25
    assert "entity_picture" in shown


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("loading", "buffering"),
        ("pre_show", "playing"),
        ("post_show", "playing"),
        ("live", "playing"),
        ("paused", "paused"),
        ("odd", "unknown"),
    ],
)
async def test_states(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService, state: str, shown: str
) -> None:
    await service.say_status(state=state, song=SONGS[1], repeat="odd")
    await eventually(lambda: state_of(hass, PLAYER).state == shown)


@pytest.mark.parametrize(
    ("action", "data", "command"),
    [
        ("media_play", {}, {"command": "play"}),
        ("media_pause", {}, {"command": "pause"}),
        ("media_stop", {}, {"command": "stop"}),
        ("media_next_track", {}, {"command": "next"}),
        ("media_previous_track", {}, {"command": "previous"}),
        ("media_seek", {"seek_position": 30.5}, {"command": "seek", "position": 30.5}),
        ("volume_set", {"volume_level": 0.3}, {"command": "volume", "level": 0.3}),
        ("volume_mute", {"is_volume_muted": True}, {"command": "volume", "level": 0.0}),
        ("turn_off", {}, {"command": "stop"}),
        ("volume_up", {}, {"command": "volume", "level": 0.6}),
        ("shuffle_set", {"shuffle": True}, {"command": "shuffle", "on": True}),
        ("repeat_set", {"repeat": "one"}, {"command": "repeat", "mode": "one"}),
        ("clear_playlist", {}, {"command": "queue_clear"}),
        ("select_source", {"source": "Christmas"}, {"command": "play", "playlist": "Christmas"}),
    ],
)
async def test_commands(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    service: StubService,
    action: str,
    data: dict[str, Any],
    command: dict[str, Any],
) -> None:
    await act(hass, action, **data)
    assert service.commands() == [command]


async def test_a_live_input_is_a_source(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService
) -> None:
    """It is one as soon as the service tells of it, and is the one while it is lit."""
    assert state_of(hass, PLAYER).attributes["source_list"] == ["Christmas", "Line-in"]
    await act(hass, "select_source", source="Line-in")
    assert service.asked[-1][:2] == ("POST", "inputs/Line-in/play")
    told = service.views["inputs"]["inputs"][0]
    other = {**told, "name": "Music Assistant", "state": "playing"}
    await service.say_status(state="live", playlist="")
    await service.tell(type="inputs", inputs=[told, other])
    await eventually(lambda: state_of(hass, PLAYER).attributes.get("source") == "Music Assistant")
    assert state_of(hass, PLAYER).attributes["source_list"] == ["Christmas", "Line-in", "Music Assistant"]


@pytest.mark.parametrize(
    ("media", "enqueue", "command"),
    [
        ("song/s1", None, {"song": "s1", "enqueue": "replace"}),
        ("station/r1", None, {"station": "r1", "enqueue": "replace"}),
        ("playlist/Christmas", "add", {"playlist": "Christmas", "enqueue": "add"}),
        ("Christmas", "next", {"playlist": "Christmas", "enqueue": "next"}),
        ("media-source://yulelight/ab12/song/s2", "play", {"song": "s2", "enqueue": "play"}),
        ("http://music.invalid/a.mp3", None, {"url": "http://music.invalid/a.mp3", "enqueue": "replace"}),
        ("carol", None, {"song": "s1", "enqueue": "replace"}),
    ],
)
async def test_play_media(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    service: StubService,
    media: str,
    enqueue: str | None,
    command: dict[str, Any],
) -> None:
    more = {"enqueue": enqueue} if enqueue else {}
    await act(hass, "play_media", media_content_type="music", media_content_id=media, **more)
    assert service.commands() == [{"command": "play", **command}]


async def test_play_another_sources_media(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService, tmp_path: Any
) -> None:
    (tmp_path / "bell.mp3").write_bytes(b"no music")
    hass.config.media_dirs = {"local": str(tmp_path)}
    hass.config.internal_url = "http://127.0.0.1:8123"
    await async_setup_component(hass, "media_source", {})
    await act(
        hass,
        "play_media",
        media_content_type="music",
        media_content_id="media-source://media_source/local/bell.mp3",
        announce=True,
    )
    [command] = service.commands()
    assert command == {"command": "announce", "url": ANY}
    assert command["url"].startswith("http://127.0.0.1:8123/media/local/bell.mp3?authSig=")


async def test_what_cannot_be_played(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService
) -> None:
    service.views["songs"] = {"songs": [], "total": 0}
    with pytest.raises(ServiceValidationError, match="no song or playlist that matches"):
        await act(hass, "play_media", media_content_type="music", media_content_id="nothing like it")
    with pytest.raises(ServiceValidationError, match="cannot be announced"):
        await act(
            hass,
            "play_media",
            media_content_type="playlist",
            media_content_id="playlist/Christmas",
            announce=True,
        )
    with pytest.raises(ServiceValidationError, match="no playlist and no input Summer"):
        await act(hass, "select_source", source="Summer")
    service.refuse = "nothing is paused"
    with pytest.raises(HomeAssistantError, match="nothing is paused"):
        await act(hass, "media_pause")
    assert service.commands() == [{"command": "pause"}]


async def test_browse(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService, hass_ws_client: WebSocketGenerator
) -> None:
    await async_setup_component(hass, "media_source", {})
    client = await hass_ws_client()

    async def open_(**where: str) -> dict[str, Any]:
        await client.send_json_auto_id({"type": "media_player/browse_media", "entity_id": PLAYER, **where})
        answer = await client.receive_json()
        assert answer["success"], answer
        result: dict[str, Any] = answer["result"]
        return result

    root = await open_()
    assert [child["title"] for child in root["children"]][:3] == [
        "Playlists",
        "Radio stations",
        "Songs",
    ]
    [noel] = (await open_(media_content_type="", media_content_id="stations"))["children"]
    assert (noel["title"], noel["can_play"]) == ("Radio Noel", True)
    assert noel["media_content_id"] == "station/" + service.views["stations"]["stations"][0]["id"]
    playlists = await open_(media_content_type="", media_content_id="playlists")
    [christmas] = playlists["children"]
    assert christmas["media_content_id"] == "playlist/Christmas"
    assert christmas["can_play"] is True
    songs = await open_(media_content_type="playlist", media_content_id="playlist/Christmas")
    assert [song["title"] for song in songs["children"]] == ["Trad. - Carol of the Bells", "Deck the Halls"]
    songs = await open_(media_content_type="", media_content_id="songs")
    assert songs["children"][0]["thumbnail"]
    assert songs["children"][1]["thumbnail"] is None
    for bad in ("nothing", "song/s1", "playlist/"):
        await client.send_json_auto_id(
            {
                "type": "media_player/browse_media",
                "entity_id": PLAYER,
                "media_content_type": "",
                "media_content_id": bad,
            }
        )
        assert not (await client.receive_json())["success"]
    service.refuse = "it burns"
    await client.send_json_auto_id(
        {
            "type": "media_player/browse_media",
            "entity_id": PLAYER,
            "media_content_type": "",
            "media_content_id": "songs",
        }
    )
    assert not (await client.receive_json())["success"]


async def test_search(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService, hass_ws_client: WebSocketGenerator
) -> None:
    client = await hass_ws_client()
    ask = {"type": "media_player/search_media", "entity_id": PLAYER, "search_query": "christ"}
    await client.send_json_auto_id(ask)
    answer = await client.receive_json()
    found = answer["result"]["result"]
    assert found[0]["media_content_id"] == "playlist/Christmas"
    assert ("GET", "songs", {"limit": "500", "search": "christ"}) in service.asked
    # A phone's keyboard writes accents and capitals as it likes.
    await client.send_json_auto_id(ask | {"search_query": "CHRÌST"})
    answer = await client.receive_json()
    assert answer["result"]["result"][0]["media_content_id"] == "playlist/Christmas"
    await client.send_json_auto_id(ask | {"search_query": "noel"})
    answer = await client.receive_json()
    assert answer["result"]["result"][0]["title"] == "Radio Noel"
    service.refuse = "it burns"
    await client.send_json_auto_id(ask)
    assert not (await client.receive_json())["success"]


async def test_covers(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService, hass_client: ClientSessionGenerator
) -> None:
    await service.say_status(state="playing", song=SONGS[0])
    await eventually(lambda: state_of(hass, PLAYER).state == "playing")
    client = await hass_client()
    response = await client.get(state_of(hass, PLAYER).attributes["entity_picture"])
    assert await response.read() == COVER
    assert response.content_type == "image/png"
    response = await client.get(f"/api/media_player_proxy/{PLAYER}/browse_media/music/song%2Fs1")
    assert await response.read() == COVER
    service.refuse = "it burns"
    response = await client.get(f"/api/media_player_proxy/{PLAYER}/browse_media/music/song%2Fs2")
    assert response.status >= 400


def children_of(page: BrowseMedia) -> Sequence[BrowseMedia]:
    assert page.children is not None
    return page.children


async def test_many_songs_have_pages(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.views["songs"] = {"songs": SONGS, "total": 3}
    browser = browse.Browser(loaded.runtime_data, lambda song: None)
    first = await browser.open("songs")
    assert [(child.title, child.media_content_id) for child in children_of(first)][2:] == [
        ("Songs from 3", "songs/2")
    ]
    service.views["songs"] = {"songs": SONGS[:1], "total": 3}
    second = await browser.open("songs/2")
    assert [child.title for child in children_of(second)] == ["Trad. - Carol of the Bells"]
    assert ("GET", "songs", {"limit": "500", "offset": "2"}) in service.asked


def test_a_song_that_cannot_be_played_is_not_offered_for_playing() -> None:
    song = {"id": "s9", "title": "Torn tape", "artist": "", "problem": "it is damaged; try another copy"}
    assert not browse.of_song(song, None).can_play
    assert browse.of_song(song | {"problem": ""}, None).can_play


async def test_other_players_find_the_songs(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService
) -> None:
    from homeassistant.components import media_source

    await async_setup_component(hass, "media_source", {})
    hass.config.internal_url = "http://127.0.0.1:8123"
    root = await media_source.async_browse_media(hass, "media-source://yulelight")
    assert [child.title for child in children_of(root)] == ["Playlists", "Songs"]
    songs = await media_source.async_browse_media(hass, children_of(root)[1].media_content_id)
    assert [song.can_play for song in children_of(songs)] == [True, True]
    resolved = await media_source.async_resolve_media(hass, children_of(songs)[0].media_content_id, None)
    assert resolved.url == f"http://127.0.0.1:{service.port}/api/v1/audio/s1.ogg?sig=abc"
    assert resolved.mime_type == "audio/ogg"
    with pytest.raises(media_source.Unresolvable, match="Only songs"):
        await media_source.async_resolve_media(hass, "media-source://yulelight/ab12/playlist/Christmas", None)
    with pytest.raises(media_source.Unresolvable, match="not connected"):
        await media_source.async_resolve_media(hass, "media-source://yulelight/zz/song/s1", None)
    with pytest.raises(media_source.Unresolvable):
        await media_source.async_resolve_media(hass, "media-source://yulelight/ab12/song/gone", None)
    with pytest.raises(BrowseError, match="not connected"):
        await media_source.async_browse_media(hass, "media-source://yulelight/zz/songs")


async def test_two_houses_in_the_media_browser(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService
) -> None:
    from homeassistant.components import media_source

    await async_setup_component(hass, "media_source", {})
    async with StubService() as other:
        other.id = "cd34"
        neighbour = MockConfigEntry(
            domain="yulelight",
            title="The barn",
            unique_id="cd34",
            data={"host": "127.0.0.1", "port": other.port, "token": other.token},
        )
        neighbour.add_to_hass(hass)
        assert await hass.config_entries.async_setup(neighbour.entry_id)
        root = await media_source.async_browse_media(hass, "media-source://yulelight")
        assert [child.title for child in children_of(root)] == ["Our house", "The barn"]
        house = await media_source.async_browse_media(hass, children_of(root)[1].media_content_id)
        assert [child.title for child in children_of(house)] == ["Playlists", "Songs"]
        await hass.config_entries.async_unload(neighbour.entry_id)


async def test_as_loud_again_as_before(
    hass: HomeAssistant, loaded: MockConfigEntry, service: StubService
) -> None:
    await service.say_status(volume=0.35)
    await eventually(lambda: state_of(hass, PLAYER).attributes.get("volume_level") == 0.35)
    await act(hass, "volume_mute", is_volume_muted=True)
    await service.say_status(volume=0.0)
    await eventually(lambda: state_of(hass, PLAYER).attributes.get("is_volume_muted") is True)
    await act(hass, "volume_mute", is_volume_muted=False)
    assert service.commands()[-1] == {"command": "volume", "level": 0.35}
