"""Plays songs on a media player of Home Assistant, and reports its position to the service.

The lights follow the player. The player is only moved if the show jumps (a seek, or a song resumed in the middle).
"""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from homeassistant.components.media_player import (
    ATTR_MEDIA_CONTENT_ID,
    ATTR_MEDIA_CONTENT_TYPE,
    ATTR_MEDIA_POSITION,
    ATTR_MEDIA_POSITION_UPDATED_AT,
    ATTR_MEDIA_SEEK_POSITION,
    ATTR_MEDIA_VOLUME_LEVEL,
    SERVICE_PLAY_MEDIA,
    MediaPlayerEntityFeature,
    MediaPlayerState,
    MediaType,
)
from homeassistant.components.media_player import DOMAIN as MEDIA_PLAYER
from homeassistant.const import (
    ATTR_ENTITY_ID,
    ATTR_SUPPORTED_FEATURES,
    SERVICE_MEDIA_PAUSE,
    SERVICE_MEDIA_PLAY,
    SERVICE_MEDIA_SEEK,
    SERVICE_MEDIA_STOP,
    SERVICE_VOLUME_SET,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
)
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, State, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_track_state_change_event, async_track_time_interval
from homeassistant.helpers.start import async_at_started
from homeassistant.util import dt as dt_util

from .const import CONF_PLAYER, LOGGER
from .contract.client import YulelightError
from .coordinator import YulelightConfigEntry
from .media_source import media_id_of
from .models import House, position_at

PLAYING = (MediaPlayerState.PLAYING, MediaPlayerState.BUFFERING)
REPORTS = {
    "playing": "playing",
    "paused": "paused",
    "idle": "stopped",
    "off": "stopped",
    "standby": "stopped",
}
AWAY = (STATE_UNAVAILABLE, STATE_UNKNOWN)
REPORT_INTERVAL = timedelta(seconds=10)
"""Interval of reports while the player plays normally."""
MAX_DRIFT = 0.5
"""Seconds of difference from the last report from which the position is reported at once."""
JUMP = 2.0
"""Seconds; the service corrects smaller differences by itself."""
DEAF = timedelta(seconds=3)
"""Time after setting the volume in which the player may still report the old one."""
CALL_TIMEOUT = 15.0
LIVE = "live"
"""The service's id of the live stream."""


@callback
def async_setup_sound(hass: HomeAssistant, entry: YulelightConfigEntry) -> None:
    """Play on the player of the options until the entry is unloaded; without one, do nothing."""
    player = entry.options.get(CONF_PLAYER)
    if not player:
        return
    sound = Sound(hass, entry, str(player))
    entry.async_on_unload(sound.end)

    @callback
    def started(hass: HomeAssistant) -> None:
        sound.begin()

    entry.async_on_unload(async_at_started(hass, started))


def player_position(state: State, now: datetime) -> tuple[float, datetime] | None:
    """The player's position in seconds at ``now``, and the time of its report; None if it reports none."""
    position, said = (
        state.attributes.get(key) for key in (ATTR_MEDIA_POSITION, ATTR_MEDIA_POSITION_UPDATED_AT)
    )
    if not isinstance(position, int | float) or not isinstance(said, datetime):
        return None
    since = (now - said).total_seconds() if state.state == MediaPlayerState.PLAYING else 0.0
    return position + max(0.0, since), said


def wanted_of(house: House) -> tuple[str, str]:
    """The action required of the player (play, pause or stop), and its media: a song, a URL, or a stream."""
    status = house.status
    if status.sound and status.state in ("playing", "pre_show", "post_show", "live"):
        return "play", status.sound
    # A stream is not paused, since it would be delayed from then on.
    if status.state in ("paused", "loading") and status.sound != LIVE:
        return "pause", status.sound
    return "stop", ""


def volume_of(house: House) -> float:
    """The show's volume, 0 to 1, limited in quiet hours."""
    quiet = (house.schedule.get("quiet") or {}).get("volume", 1.0)
    return min(house.status.volume, float(quiet))


class Sound:
    """Controls the media player with the entity id ``player``."""

    def __init__(self, hass: HomeAssistant, entry: YulelightConfigEntry, player: str) -> None:
        """Create it without controlling the player."""
        self._hass, self._entry, self._player = hass, entry, player
        self._coordinator = entry.runtime_data
        self._lock, self._telling = asyncio.Lock(), asyncio.Lock()
        self._house: House | None = None
        self._wanted = ("stop", "")
        self._done = ("stop", "")
        self._moved = False
        """Whether the show jumped, so that the player must seek."""
        self._song = ""
        """The last media sent to the player."""
        self._told = dt_util.utcnow()
        self._sounding = False
        """Whether the player has reported that it plays it."""
        self._seek = False
        """Whether to seek into the song as soon as it plays."""
        self._reported: tuple[str, float, datetime] | None = None
        self._report_due: dict[str, Any] = {}
        self._untold = 0
        """Reports being sent or waiting."""
        self._all_told = asyncio.Event()
        self._all_told.set()
        self._volume: float | None = None
        self._volume_told = self._told - DEAF

    @callback
    def begin(self) -> None:
        """Follow show and player from now on."""
        entry, hass = self._entry, self._hass
        entry.async_on_unload(self._coordinator.async_add_listener(self.look))
        entry.async_on_unload(async_track_state_change_event(hass, [self._player], self._changed))
        entry.async_on_unload(async_track_time_interval(hass, self._tick, REPORT_INTERVAL))
        state, (what, song) = self._state, wanted_of(self._coordinator.data)
        if state and what == "play" and state.state in PLAYING and song in self._content(state):
            # Home Assistant was restarted during a show, and the music continued.
            self._song, self._sounding, self._done = song, True, (what, song)
        if state:
            self._adopt_volume(state)
        self.look()

    async def end(self) -> None:
        """Stop the music, unless Home Assistant is only restarting."""
        if self._song and not self._hass.is_stopping:
            await self._call(SERVICE_MEDIA_STOP)
        self._song = ""

    @callback
    def look(self) -> None:
        """React to a possible change of the show."""
        if not self._coordinator.last_update_success:
            return
        before, house = self._house, self._coordinator.data
        self._house, self._wanted = house, wanted_of(house)
        if before and self._jumped(before, house):
            self._moved = True
        if self._wanted != self._done or self._moved:
            self._in_background(self._steer())
        # Only changes count: a show at full volume must not set a loudspeaker to full volume.
        if before and volume_of(before) != volume_of(house):
            self._in_background(self._set_volume(volume_of(house)))

    def _jumped(self, before: House, house: House) -> bool:
        sound = wanted_of(house)[1]
        if wanted_of(before)[1] != sound or sound == LIVE or before.heard == house.heard:
            return False
        return abs(house.status.position - position_at(before, house.heard)) > JUMP

    async def _steer(self) -> None:
        """Send one action after the other; outdated ones are skipped."""
        async with self._lock:
            # The show may be following the player; its state is final only after all reports have arrived.
            while self._untold:
                await self._all_told.wait()
            (what, song), moved = self._wanted, self._moved
            new = (what, song) != self._done
            if not (new or moved):
                return
            self._done, self._moved = (what, song), False
            state = self._state
            if state is None or state.state in AWAY:
                return  # ``_changed`` continues.
            now = state.state
            match what:
                case "play" if song == self._song and now in PLAYING:
                    await self._catch_up(state)
                case "play" if song == self._song and now == MediaPlayerState.PAUSED:
                    if new:  # Otherwise someone has paused the player itself.
                        self._seek = self._seek or moved
                        await self._call(SERVICE_MEDIA_PLAY)
                case "play":
                    await self._start(song)
                case "pause":
                    if now in PLAYING and self._song:
                        await self._call(SERVICE_MEDIA_PAUSE)
                    self._seek = self._seek or moved
                case _:
                    if self._song:
                        self._song, self._sounding = "", False
                        await self._call(SERVICE_MEDIA_STOP)

    async def _start(self, song: str) -> None:
        self._song, self._sounding, self._reported = song, False, None
        self._told = dt_util.utcnow()
        self._seek = song != LIVE and position_at(self._coordinator.data, self._told) > JUMP
        await self._call(
            SERVICE_PLAY_MEDIA,
            {
                ATTR_MEDIA_CONTENT_ID: media_id_of(self._coordinator, song),
                ATTR_MEDIA_CONTENT_TYPE: MediaType.MUSIC,
            },
            LOGGER.warning,
        )

    async def _catch_up(self, state: State) -> None:
        """Seek to the position of the show, if the player is elsewhere and supports it."""
        now = dt_util.utcnow()
        here, there = position_at(self._coordinator.data, now), player_position(state, now)
        self._seek = False
        elsewhere = there is None or abs(there[0] - here) > JUMP
        if elsewhere and state.attributes.get(ATTR_SUPPORTED_FEATURES, 0) & MediaPlayerEntityFeature.SEEK:
            self._told = now
            await self._call(SERVICE_MEDIA_SEEK, {ATTR_MEDIA_SEEK_POSITION: here})
        else:
            self._report(state)

    @callback
    def _changed(self, event: Event[EventStateChangedData]) -> None:
        """React to a change of the player."""
        old, new = event.data["old_state"], event.data["new_state"]
        if new is None or new.state in AWAY:
            return
        if old is None or old.state in AWAY:
            self._done = ("", "")  # It is available again and needs its media.
            self._song = ""
            self.look()
        self._adopt_volume(new)
        resumed = old and old.state == MediaPlayerState.PAUSED and new.state == MediaPlayerState.PLAYING
        if resumed and self._wanted[0] == "pause" == self._done[0] and self._is_ours(new):
            self._in_background(self._command("resume"))
        if self._report(new) and self._seek:
            self._in_background(self._catch_up(new))

    @callback
    def _tick(self, now: datetime) -> None:
        if (state := self._state) and state.state == MediaPlayerState.PLAYING:
            self._report(state, always=True)

    def _report(self, state: State, always: bool = False) -> bool:
        """Report the player's position if it has changed; returns whether it plays its media."""
        now = dt_util.utcnow()
        what, place = REPORTS.get(state.state), player_position(state, now)
        if what is None or self._song in ("", LIVE) or not self._is_ours(state):
            return False
        if what == "playing":
            # Reports from before the last action refer to another song or position.
            if place is None or place[1] < self._told - timedelta(seconds=0.5):
                return False
            self._sounding = True
            if self._seek:
                return True
        elif not self._sounding:
            return False
        position = place[0] if place and what != "stopped" else position_at(self._coordinator.data, now)
        if what == "stopped":
            self._sounding = False
        if always or self._is_news(what, position, now):
            self._reported = (what, position, now)
            self._report_due = {"position": round(max(0.0, position), 3), "state": what, "song": self._song}
            self._untold += 1
            self._all_told.clear()
            self._in_background(self._tell(self._report_due))
        return True

    def _is_news(self, what: str, position: float, now: datetime) -> bool:
        if self._reported is None or self._reported[0] != what:
            return True
        expected = self._reported[1] + (
            (now - self._reported[2]).total_seconds() if what == "playing" else 0.0
        )
        return abs(position - expected) > MAX_DRIFT

    def _is_ours(self, state: State) -> bool:
        """Whether the player plays our media, and not something else, such as a doorbell."""
        content = self._content(state)
        return not content or self._song in content

    def _adopt_volume(self, state: State) -> None:
        """Adopt the player's volume for the show, so that nothing is suddenly loud."""
        level = state.attributes.get(ATTR_MEDIA_VOLUME_LEVEL)
        if not isinstance(level, int | float) or dt_util.utcnow() - self._volume_told < DEAF:
            return
        if self._volume is None or abs(level - self._volume) > 0.005:
            self._volume = float(level)
            if abs(volume_of(self._coordinator.data) - level) > 0.005:
                self._in_background(self._command("volume", level=self._volume))

    async def _set_volume(self, level: float) -> None:
        if self._volume is not None and abs(level - self._volume) > 0.005:
            self._volume, self._volume_told = level, dt_util.utcnow()
            await self._call(SERVICE_VOLUME_SET, {ATTR_MEDIA_VOLUME_LEVEL: level})

    @property
    def _state(self) -> State | None:
        return self._hass.states.get(self._player)

    @staticmethod
    def _content(state: State) -> str:
        return str(state.attributes.get(ATTR_MEDIA_CONTENT_ID) or "")

    async def _call(self, action: str, data: dict[str, Any] | None = None, log: Any = LOGGER.debug) -> None:
        try:
            async with asyncio.timeout(CALL_TIMEOUT):
                await self._hass.services.async_call(
                    MEDIA_PLAYER, action, {ATTR_ENTITY_ID: self._player, **(data or {})}, blocking=True
                )
        except (HomeAssistantError, TimeoutError, ValueError) as error:
            log("%s did not take %s: %s", self._player, action, str(error) or "no answer")

    async def _command(self, name: str, **fields: Any) -> None:
        try:
            await self._coordinator.async_command(name, **fields)
        except YulelightError as error:
            LOGGER.debug("the service refused %s: %s", name, error)

    async def _tell(self, report: dict[str, Any]) -> None:
        """Send one report after the other; only the newest one waits."""
        try:
            async with self._telling:
                if report is self._report_due:
                    await self._coordinator.async_report(report)
        except YulelightError as error:
            LOGGER.debug("the service did not accept %s: %s", report, error)
        finally:
            self._untold -= 1
            if not self._untold:
                self._all_told.set()

    def _in_background(self, work: Any) -> None:
        self._entry.async_create_background_task(self._hass, work, f"{self._player} sounds")
