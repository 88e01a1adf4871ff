"""Holds the data of the service. Everything is pushed over one WebSocket; nothing is polled."""

import asyncio
import contextlib
import random
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_HOST, CONF_PORT, CONF_TOKEN, Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryError, ConfigEntryNotReady
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.loader import async_get_integration
from homeassistant.util import dt as dt_util
from yarl import URL

from .const import CONF_STATE_INTERVAL, DEFAULT_STATE_INTERVAL, DOMAIN, LOGGER
from .contract.client import (
    CannotConnectError,
    Connection,
    InvalidAuthError,
    Json,
    NotYulelightError,
    UnsupportedError,
    YulelightClient,
    YulelightError,
)
from .contract.models import Channel, Frame, Info, ShowEvent, Status
from .models import House

if TYPE_CHECKING:
    from .resume import ResumePrevious

type YulelightConfigEntry = ConfigEntry[YulelightCoordinator]

VIEWS = (
    "library",
    "playlists",
    "schedule",
    "nodes",
    "looks",
    "palettes",
    "models",
    "outputs",
    "inputs",
)
TOPICS = ("status", "channels", "events", "library", "playlists", "schedule", "nodes", "inputs", "looks")
"""Topics subscribed for the whole connection; frames are subscribed only while they are displayed."""
READ_WAIT = 0.2
"""Seconds for which further changes of a view are collected."""
FIRST_WAIT = 1.0
MAX_WAIT = 15.0
"""Maximum seconds between two attempts to reach a service that does not announce itself."""


class YulelightCoordinator(DataUpdateCoordinator[House]):
    """Holds the latest data of the service. Raises the exceptions of config entry setup, see ``async_start``."""

    config_entry: YulelightConfigEntry

    def __init__(self, hass: HomeAssistant, entry: YulelightConfigEntry) -> None:
        """Create it without connecting."""
        super().__init__(hass, LOGGER, config_entry=entry, name=entry.title, update_interval=None)
        self.client = YulelightClient(
            async_get_clientsession(hass),
            URL.build(scheme="http", host=entry.data[CONF_HOST], port=entry.data[CONF_PORT]),
            entry.data[CONF_TOKEN],
        )
        self.platforms: Sequence[Platform] = ()
        """Platforms that were set up."""
        self.newest = ""
        """The integration's version, which is also the newest known version of the service."""
        self.resume: ResumePrevious | None = None
        """Resumes the previous playback after a show."""
        self._connection: Connection | None = None
        self._ready: asyncio.Future[None] = hass.loop.create_future()
        self._event_listeners: list[Callable[[ShowEvent], None]] = []
        self._frame_listeners: list[Callable[[Json], None]] = []
        self._reading: dict[str, asyncio.Task[None]] = {}
        self._stale: set[str] = set()
        self._channels: dict[int, Channel] = {}
        self._flushing: asyncio.TimerHandle | None = None
        self._flushed = 0.0
        self._interval = float(entry.options.get(CONF_STATE_INTERVAL, DEFAULT_STATE_INTERVAL))
        self._said: str = ""
        self._announced = asyncio.Event()

    async def async_start(self) -> None:
        """Connect and stay connected; returns when all data has been received.

        Raises ConfigEntryNotReady, ConfigEntryAuthFailed or ConfigEntryError.
        """
        self.newest = str((await async_get_integration(self.hass, DOMAIN)).version or "")
        self.config_entry.async_on_unload(self._forget)
        self.config_entry.async_create_background_task(self.hass, self._run(), f"{DOMAIN} {self.name}")
        try:
            await self._ready
        except InvalidAuthError as error:
            raise ConfigEntryAuthFailed(translation_domain=DOMAIN, translation_key="invalid_auth") from error
        except UnsupportedError as error:
            raise ConfigEntryError(
                translation_domain=DOMAIN,
                translation_key="unsupported_version",
                translation_placeholders={"version": str(error)},
            ) from error
        except NotYulelightError as error:
            raise ConfigEntryError(translation_domain=DOMAIN, translation_key="other_service") from error
        except YulelightError as error:
            raise ConfigEntryNotReady(
                translation_domain=DOMAIN,
                translation_key="cannot_connect",
                translation_placeholders={"host": self.client.url.host or ""},
            ) from error

    async def async_command(self, name: str, **fields: Any) -> None:
        """Send a command to the service. Raises YulelightError with the service's message."""
        status = await self._request("control", command=name, **fields)
        self._set(status=Status.from_dict(status), heard=dt_util.utcnow())

    async def async_report(self, playback: Json) -> None:
        """Report the position of a player and update the status. Raises YulelightError."""
        status = Status.from_dict(await self.client.request("POST", "playback", playback))
        if status.now > self.data.status.now:  # A newer status may have been pushed in the meantime.
            self._set(status=status, heard=dt_util.utcnow())

    async def async_channel(self, channel: int, on: bool, brightness: int | None = None) -> None:
        """Take a channel over. Raises YulelightError."""
        fields = {} if brightness is None else {"brightness": brightness}
        await self._request("channel", channel=channel, on=on, **fields)

    async def async_release(self, channel: int) -> None:
        """Give a channel back to the show. Raises YulelightError."""
        await self._request("release", channel=channel)

    @callback
    def async_wake(self) -> None:
        """The service has announced itself: reconnect now."""
        self._announced.set()

    @callback
    def async_on_event(self, listener: Callable[[ShowEvent], None]) -> Callable[[], None]:
        """Call ``listener`` with every show event; returns what ends that."""
        self._event_listeners.append(listener)
        return lambda: self._event_listeners.remove(listener)

    @callback
    def async_on_frames(self, listener: Callable[[Json], None]) -> Callable[[], None]:
        """Call ``listener`` with the service's ``frames`` messages, at most 20 a second; returns what ends that."""
        self._frame_listeners.append(listener)
        if len(self._frame_listeners) == 1:
            self.in_background(self._subscribe("subscribe"))

        def leave() -> None:
            self._frame_listeners.remove(listener)
            if not self._frame_listeners:
                self.in_background(self._subscribe("unsubscribe"))

        return leave

    async def _request(self, kind: str, **fields: Any) -> Any:
        if self._connection is None:
            raise CannotConnectError("the service is not connected")
        return await self._connection.request(kind, **fields)

    async def _run(self) -> None:
        wait = FIRST_WAIT
        while True:
            try:
                await self._session()
                wait = FIRST_WAIT
            except InvalidAuthError as error:
                if not self._ready.done():
                    self._ready.set_exception(error)
                else:
                    self._lost(error)
                    self.config_entry.async_start_reauth(self.hass)
                return
            except YulelightError as error:
                if not self._ready.done():
                    self._ready.set_exception(error)
                    return
                if self.last_update_success:
                    wait = FIRST_WAIT  # It was connected until now.
                self._lost(error)
            wait = FIRST_WAIT if await self._pause(wait * random.uniform(0.8, 1.2)) else wait * 2
            wait = min(wait, MAX_WAIT)

    async def _pause(self, seconds: float) -> bool:
        """Wait before the next attempt; True if the service announced itself in the meantime."""
        self._announced.clear()
        try:
            async with asyncio.timeout(seconds):
                return await self._announced.wait()
        except TimeoutError:
            return False

    async def _session(self) -> None:
        """Run one connection from start to end."""
        info = await self.client.info()
        if info.id != self.config_entry.unique_id:
            raise NotYulelightError(f"the service {info.name} answers at this address")
        async with self.client.connect() as connection:
            listening = asyncio.create_task(connection.listen(self._hear))
            try:
                await self._begin(connection, info, listening)
                await listening
            finally:
                self._connection = None
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)
        raise CannotConnectError("the connection was lost")

    async def _begin(self, connection: Connection, info: Info, listening: asyncio.Task[None]) -> None:
        """Subscribe and read everything; the first message of each subscription covers changes in between."""
        try:
            house = await self._read_all(info)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise UnsupportedError(info.version) from error
        self._connection = connection
        self.data = house
        for topic in TOPICS:
            if listening.done():
                await listening
            with contextlib.suppress(YulelightError):  # Older services may not have the topic.
                await connection.request("subscribe", topic=topic)
        if self._frame_listeners:
            await connection.request("subscribe", topic="frames")
        if self._said:
            LOGGER.info("%s is back", self.name)
            self._said = ""
        self.async_set_updated_data(self.data)
        if not self._ready.done():
            self._ready.set_result(None)

    async def _read_all(self, info: Info) -> House:
        status, channels = await asyncio.gather(self.client.get("status"), self.client.get("channels"))
        house = House(
            info,
            Status.from_dict(status),
            dt_util.utcnow(),
            {item["channel"]: Channel.from_dict(item) for item in channels["channels"]},
        )
        for view in VIEWS:
            with contextlib.suppress(YulelightError):  # Older services may not have the view.
                house = _with(house, view, await self.client.get(view))
        return house

    @callback
    def _hear(self, message: Json) -> None:
        match message.get("type"):
            case "status":
                self._set(status=Status.from_dict(message), heard=dt_util.utcnow())
            case "channel":
                channel = Channel.from_dict(message)
                self._channels[channel.channel] = channel
                self._flush_soon()
            case "event":
                event = ShowEvent.from_dict(message)
                for listener in list(self._event_listeners):
                    listener(event)
            case "frames":
                for hear in list(self._frame_listeners):
                    hear(message)
            case "nodes" | "inputs" | "looks" as view if view in message:
                self._set_house(_with(self.data, view, message))
            case "library" | "playlists" | "schedule" | "nodes" as view:
                self._read_again(view)

    @callback
    def _flush_soon(self) -> None:
        """Publish channels at most as often as the user wants, and changes that arrive together at once."""
        if self._flushing is None:
            wait = max(0.0, self._flushed + self._interval - self.hass.loop.time())
            self._flushing = self.hass.loop.call_later(wait, self._flush)

    @callback
    def _forget(self) -> None:
        if self._flushing is not None:
            self._flushing.cancel()

    @callback
    def _flush(self) -> None:
        self._flushing, self._flushed = None, self.hass.loop.time()
        self._set(channels={**self.data.channels, **self._channels})
        self._channels.clear()

    def _read_again(self, view: str) -> None:
        """Read a view after a change: one request at a time, and once more if it changed in the meantime."""
        self._stale.add(view)
        task = self._reading.get(view)
        if task is not None and not task.done():
            return

        async def read() -> None:
            while view in self._stale:
                await asyncio.sleep(READ_WAIT)
                self._stale.discard(view)
                with contextlib.suppress(YulelightError):
                    self._set_house(_with(self.data, view, await self.client.get(view)))

        self._reading[view] = self.in_background(read())

    def _set(self, **changes: Any) -> None:
        self._set_house(replace(self.data, **changes))

    def _set_house(self, house: House) -> None:
        if house != self.data:
            self.data = house
            if self._ready.done():
                self.async_set_updated_data(house)

    def _lost(self, error: YulelightError) -> None:
        if not self._said:
            LOGGER.info("%s cannot be reached: %s", self.name, error)
        self._said = str(error) or "lost"
        self.last_exception = error
        self.last_update_success = False
        self.async_update_listeners()

    def in_background(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run ``work`` as a background task, at most until the entry is unloaded."""
        return self.config_entry.async_create_background_task(self.hass, work, f"{DOMAIN} {self.name}")

    async def _subscribe(self, kind: str) -> None:
        with contextlib.suppress(YulelightError):
            await self._request(kind, topic="frames")

    @override
    async def _async_update_data(self) -> House:
        """Handle a manually requested update."""
        return self.data


def frames_of(message: Json) -> list[Frame]:
    """The frames of a ``frames`` message, oldest first."""
    return [Frame(f["at"], tuple(f["levels"]), tuple(f["switched"])) for f in message["frames"]]


def _with(house: House, view: str, body: Mapping[str, Any]) -> House:
    match view:
        case "playlists":
            return replace(house, playlists=tuple(body["playlists"]))
        case "nodes":
            return replace(house, nodes=tuple(body["nodes"]))
        case "inputs":
            return replace(house, inputs=tuple(body["inputs"]))
        case "looks":
            return replace(house, looks=tuple(body["looks"]))
        case "palettes":
            return replace(house, palettes=tuple(palette["name"] for palette in body["palettes"]))
        case "models":
            return replace(house, models=tuple(model["name"] for model in body["models"]))
        case "library":
            return replace(house, library=body)
        case "outputs":
            return replace(house, outputs=tuple(body["outputs"]))
    return replace(house, schedule=body)
