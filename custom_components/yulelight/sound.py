"""Songs sound on a media player of Home Assistant: it is told what to play, and tells the service where it is.

The lights follow the player. Only a jump of the show (a seek, or a song that goes on in its middle) moves the player.
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
"""Between two reports of a player that simply plays."""
MAX_DRIFT = 0.5
"""Seconds by which a player may be elsewhere than it was said to be before that is reported at once."""
JUMP = 2.0
"""Seconds; the service lets the lights catch up with less by themselves."""
DEAF = timedelta(seconds=3)
"""What a player says of its volume so soon after it was told one may be of before."""
CALL_TIMEOUT = 15.0
LIVE = "live"
"""What the service calls the stream that it passes on."""


@callback
def async_setup_sound(hass: HomeAssistant, entry: YulelightConfigEntry) -> None:
    """Let the player of the options sound until the entry is unloaded; without one do nothing."""
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
    """Seconds into what the player plays at ``now``, and when it said so; None when it does not say."""
    position, said = (
        state.attributes.get(key) for key in (ATTR_MEDIA_POSITION, ATTR_MEDIA_POSITION_UPDATED_AT)
    )
    if not isinstance(position, int | float) or not isinstance(said, datetime):
        return None
    since = (now - said).total_seconds() if state.state == MediaPlayerState.PLAYING else 0.0
    return position + max(0.0, since), said


def wanted_of(house: House) -> tuple[str, str]:
    """What the player shall do (play, pause or stop), and with what: a song, something from the web, or a stream."""
    status = house.status
    if status.sound and status.state in ("playing", "pre_show", "post_show", "live"):
        return "play", status.sound
    # A stream goes on unheard: to pause it would be to hear it late ever after.
    if status.state in ("paused", "loading") and status.sound != LIVE:
        return "pause", status.sound
    return "stop", ""


def volume_of(house: House) -> float:
    """0 to 1: the show's volume, in quiet hours at most theirs."""
    quiet = (house.schedule.get("quiet") or {}).get("volume", 1.0)
    return min(house.status.volume, float(quiet))


class Sound:
    """``player`` is the entity id of the media player that sounds."""

    def __init__(self, hass: HomeAssistant, entry: YulelightConfigEntry, player: str) -> None:
        """Tells nobody anything yet."""
        self._hass, self._entry, self._player = hass, entry, player
        self._coordinator = entry.runtime_data
        self._lock, self._telling = asyncio.Lock(), asyncio.Lock()
        self._house: House | None = None
        self._wanted = ("stop", "")
        self._done = ("stop", "")
        self._moved = False
        """The show jumped: the player has to, too."""
        self._song = ""
        """What the player was last told to play."""
        self._told = dt_util.utcnow()
        self._sounding = False
        """Whether it was heard to play what it was told."""
        self._seek = False
        """It begins in the middle of the song as soon as it plays."""
        self._reported: tuple[str, float, datetime] | None = None
        self._report_due: dict[str, Any] = {}
        self._untold = 0
        """Reports that are on their way, or wait."""
        self._all_told = asyncio.Event()
        self._all_told.set()
        self._volume: float | None = None
        self._volume_told = self._told - DEAF

    @callback
    def begin(self) -> None:
        """Look at show and player from now on."""
        entry, hass = self._entry, self._hass
        entry.async_on_unload(self._coordinator.async_add_listener(self.look))
        entry.async_on_unload(async_track_state_change_event(hass, [self._player], self._changed))
        entry.async_on_unload(async_track_time_interval(hass, self._tick, REPORT_INTERVAL))
        state, (what, song) = self._state, wanted_of(self._coordinator.data)
        if state and what == "play" and state.state in PLAYING and song in self._content(state):
            # Home Assistant was started again in mid-show, and the music went on.
            self._song, self._sounding, self._done = song, True, (what, song)
        if state:
            self._adopt_volume(state)
        self.look()

    async def end(self) -> None:
        """The music stops, unless Home Assistant only starts again."""
        if self._song and not self._hass.is_stopping:
            await self._call(SERVICE_MEDIA_STOP)
        self._song = ""

    @callback
    def look(self) -> None:
        """The show may have changed."""
        if not self._coordinator.last_update_success:
            return
        before, house = self._house, self._coordinator.data
        self._house, self._wanted = house, wanted_of(house)
        if before and self._jumped(before, house):
            self._moved = True
        if self._wanted != self._done or self._moved:
            self._in_background(self._steer())
        # Only a dial that is turned counts: a show at full volume must not make a loudspeaker as loud.
        if before and volume_of(before) != volume_of(house):
            self._in_background(self._set_volume(volume_of(house)))

    def _jumped(self, before: House, house: House) -> bool:
        sound = wanted_of(house)[1]
        if wanted_of(before)[1] != sound or sound == LIVE or before.heard == house.heard:
            return False
        return abs(house.status.position - position_at(before, house.heard)) > JUMP

    async def _steer(self) -> None:
        """One order after the other; what is out of date by then is not given."""
        async with self._lock:
            # The show may just be following the player: what it wants is known only when it heard of all.
            while self._untold:
                await self._all_told.wait()
            (what, song), moved = self._wanted, self._moved
            new = (what, song) != self._done
            if not (new or moved):
                return
            self._done, self._moved = (what, song), False
            state = self._state
            if state is None or state.state in AWAY:
                return  # ``_changed`` comes back to it.
            now = state.state
            match what:
                case "play" if song == self._song and now in PLAYING:
                    await self._catch_up(state)
                case "play" if song == self._song and now == MediaPlayerState.PAUSED:
                    if new:  # Else somebody has paused it at the player itself.
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
        """Seek where the show is, if the player is elsewhere and can."""
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
        """The player did something."""
        old, new = event.data["old_state"], event.data["new_state"]
        if new is None or new.state in AWAY:
            return
        if old is None or old.state in AWAY:
            self._done = ("", "")  # It is here again, and has to be told.
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
        """Tell the service where the player is, if that is news; whether it plays what it was told."""
        now = dt_util.utcnow()
        what, place = REPORTS.get(state.state), player_position(state, now)
        if what is None or self._song in ("", LIVE) or not self._is_ours(state):
            return False
        if what == "playing":
            # What it says of before it was told is about another song, or another place.
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
        """Not when it says that it plays something else, such as a doorbell."""
        content = self._content(state)
        return not content or self._song in content

    def _adopt_volume(self, state: State) -> None:
        """The player's own knob is the show's volume, so that nothing is ever suddenly loud."""
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
        """One report after the other; only the newest waits."""
        try:
            async with self._telling:
                if report is self._report_due:
                    await self._coordinator.async_report(report)
        except YulelightError as error:
            LOGGER.debug("the service did not take %s: %s", report, error)
        finally:
            self._untold -= 1
            if not self._untold:
                self._all_told.set()

    def _in_background(self, work: Any) -> None:
        self._entry.async_create_background_task(self._hass, work, f"{self._player} sounds")
