"""Another service on its broker, whose lights are followed: an Input of frames instead of sound.

It is heard as a node hears it: by its frames and its clock. Each packet is judged as by a node's timeline, so what is
old or far ahead goes no further; what remains is bounded and passes this service's own limits.
"""

import asyncio
import math
import secrets
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

from yulelight.core.errors import NetworkError
from yulelight.core.messages import CHANNELS, Packet, Song
from yulelight.inputs.base import Heard, Notice, Over, Playing
from yulelight.lights.messages import LedFrames
from yulelight.mqtt import packet, payloads
from yulelight.mqtt.address import BrokerAddress
from yulelight.mqtt.clock import ClockFilter
from yulelight.mqtt.link import Client, Message, connect, keep_connected
from yulelight.mqtt.online import online_services
from yulelight.mqtt.pinger import Pinger
from yulelight.mqtt.tasks import cancel_all, run_all
from yulelight.mqtt.topics import Topics
from yulelight.outputs.timeline import Timeline
from yulelight.safety.frame import LightFrame

SILENT = 3.0
"""Seconds without a usable packet after which it counts as gone; it sends two a second."""
SEARCH = 5.0
"""Seconds in which a service has to be found where none is named."""
_TITLE = 200
_JUMP = 2.0
"""Seconds by which the position of what plays may differ from what is expected, without being told anew."""
_LONGEST = 86_400.0


class LeaderInput:
    """The service with the id ``service`` on the broker at ``address``; "" for the only one besides ``own``, which is
    the id of this service. ``song`` is shown until a title is known; ``clock`` in seconds.
    """

    def __init__(
        self, song: Song, address: BrokerAddress, service: str, *, own: str, clock: Callable[[], float]
    ) -> None:
        self.song = song
        self._address, self._service, self._own, self._clock = address, service, own, clock

    @asynccontextmanager
    async def open(self) -> AsyncIterator[AsyncIterator[Heard]]:
        """See Input."""
        if self._own and self._service == self._own:
            raise NetworkError("a service cannot follow itself; name the id of the other one")
        async with connect(self._address) as client:
            topics = Topics(self._service or await self._find(client))
            leader = Leader(self.song, topics, self._clock)
            background = asyncio.create_task(
                run_all(self._keep_time(leader, topics), _subscribe(client, leader, topics))
            )
            try:
                yield _heard(client, leader, self._clock)
            finally:
                await cancel_all(background)

    async def _find(self, client: Client) -> str:
        try:
            async with asyncio.timeout(SEARCH):
                found = await online_services(client, besides=self._own)
        except TimeoutError:
            raise NetworkError(f"no other Yulelight is online on the broker at {self._address}") from None
        if len(found) > 1:
            raise NetworkError(
                f"several services are on the broker at {self._address}: {', '.join(found)[:300]}; "
                "name one of them in the settings (service)"
            )
        return found[0]

    async def _keep_time(self, leader: "Leader", topics: Topics) -> None:
        """Over a connection of its own, as nodes do."""

        async def session(client: Client) -> None:
            await client.subscribe(topics.clock_pong(leader.id), qos=0)
            leader.pinger.begin()

            async def ask(payload: bytes) -> None:
                await client.publish(topics.clock_ping(leader.id), payload)

            await run_all(_listen(client, leader), leader.pinger.run(ask))

        await keep_connected(self._address, session, name="the broker of the service that is followed")


class Leader:
    """What is known of the other service; ``take`` says what a message means for the lights."""

    def __init__(self, song: Song, topics: Topics, clock: Callable[[], float]) -> None:
        self.id = f"follower-{secrets.token_hex(6)}"
        self.sync = ClockFilter()
        self.pinger = Pinger(self.sync, self._us)
        self.online: bool | None = None
        self.usable = clock()
        """When the last usable packet came."""
        self.problem = ""
        """Why packets are not usable."""
        self._song, self._topics, self._clock = song, topics, clock
        self._timeline = Timeline()
        self._good = False
        self._leads = False
        self._told: tuple[str, str] | None = None
        self._began = 0.0

    def _us(self) -> int:
        return round(self._clock() * 1e6)

    def take(self, message: Message) -> Iterator[Heard]:
        """What ``message`` means. Raises nothing."""
        topic = message.topic.value
        try:
            if topic == self._topics.frames:
                yield from self._packet(packet.decode(message.payload))
            elif topic == self._topics.clock_pong(self.id):
                self.pinger.heard(payloads.Pong.parse(message.payload), self._us())
            elif topic == self._topics.status:
                yield from self._status(message.payload)
            elif topic == self._topics.show_state:
                yield from self._show(payloads.from_json(message.payload))
        except (packet.PacketError, payloads.PayloadError) as error:
            self.problem = str(error)

    def _packet(self, heard: Packet) -> Iterator[Heard]:
        if not self.pinger.synced.is_set():
            return
        now = self._us()
        news = self._timeline.insert(heard, self.sync.to_service(now))
        self._timeline.clear()
        if not news:
            return
        self.usable = now / 1e6
        if not self._good:
            self._good, self.problem = True, ""
            yield Notice("")
        if self._leads:
            yield LedFrames(
                tuple(map(_frame, heard.levels, heard.switched)),
                self.sync.to_local(heard.at) / 1e6,
                heard.interval / 1e6,
            )

    def _status(self, payload: bytes) -> Iterator[Heard]:
        self.online = payload == payloads.ONLINE
        self.usable = self._clock()
        if self.online:
            self.pinger.hurry()
            return
        self._good = False
        yield Notice(f"the service {self._topics.service_id} is offline")
        yield from self._ends()

    def _show(self, told: dict[str, Any]) -> Iterator[Heard]:
        state = told.get("state")
        # One that follows somebody itself is not followed: two could lead each other for ever.
        if not isinstance(state, str) or state == "idle" or told.get("led") is True:
            yield from self._ends()
        elif self._leads or state != "loading":
            self._leads = True
            yield from self._plays(told)

    def _ends(self) -> Iterator[Heard]:
        self._told = None
        if self._leads:
            self._leads = False
            yield Over()

    def _plays(self, told: dict[str, Any]) -> Iterator[Heard]:
        title, artist = _text(told.get("song")), _text(told.get("artist"))
        position, now = _seconds(told.get("position")), self._clock()
        if self._told == (title, artist) and abs(now - position - self._began) < _JUMP:
            return
        self._told, self._began = (title, artist), now - position
        song = Song("", title or self._song.title, artist, duration=_seconds(told.get("duration")))
        yield Playing(song, position=position, at=now)


async def _heard(client: Client, leader: Leader, clock: Callable[[], float]) -> AsyncIterator[Heard]:
    yield Notice("waiting for the clock of the other service")
    messages = aiter(client.messages)
    while True:
        waits = None if leader.online is False else leader.usable + SILENT - clock()
        try:
            async with asyncio.timeout(None if waits is None else max(0.0, waits)):
                message = await anext(messages)
        except TimeoutError:
            why = f": {leader.problem}" if leader.problem else ""
            raise NetworkError(f"the other service sends nothing that can be shown{why}") from None
        for each in leader.take(message):
            yield each


async def _listen(client: Client, leader: Leader) -> None:
    async for message in client.messages:
        for _ in leader.take(message):
            pass


async def _subscribe(client: Client, leader: Leader, topics: Topics) -> None:
    await client.subscribe([(topics.status, 1), (topics.show_state, 0)])
    # Frames are useless until the other clock is known.
    await leader.pinger.synced.wait()
    await client.subscribe(topics.frames, qos=0)


def _frame(levels: bytes, switched: tuple[bool, ...]) -> LightFrame:
    """A frame of this house: missing channels are dark."""
    missing = CHANNELS - len(levels)
    return levels[:CHANNELS] + bytes(max(0, missing)), (*switched[:CHANNELS], *(False,) * missing)


def _text(value: object) -> str:
    """A title from elsewhere, as it can be shown."""
    text = value[: 2 * _TITLE] if isinstance(value, str) else ""
    return "".join(c for c in text if c.isprintable())[:_TITLE]


def _seconds(value: object) -> float:
    number = float(value) if isinstance(value, int | float) and abs(value) <= _LONGEST else 0.0
    return max(0.0, number) if math.isfinite(number) else 0.0
