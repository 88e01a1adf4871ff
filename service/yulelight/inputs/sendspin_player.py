"""The client side of Sendspin, using aiosendspin: turns the servers' streams into the blocks of an input."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, suppress
from dataclasses import dataclass

from aiohttp import ClientError, web
from aiosendspin.client import AudioFormat, ClientListener, PairingSupport, SendspinClient
from aiosendspin.models.artwork import ArtworkChannel
from aiosendspin.models.core import DeviceInfo, ServerStatePayload
from aiosendspin.models.player import ClientHelloPlayerSupport, SupportedAudioFormat
from aiosendspin.models.types import ArtworkSource, AudioCodec, PictureFormat, PlayerCommand, Roles
from aiosendspin.noise.driver import HandshakeAbortedError

from yulelight import __version__
from yulelight.audio.packets import PacketDecoder
from yulelight.audio.pcm import PcmFormat, SampleFormat
from yulelight.core.errors import AudioError, NetworkError
from yulelight.core.messages import Song
from yulelight.inputs.base import Block, Clear, Heard, Notice, Playing
from yulelight.inputs.mdns import announced, find
from yulelight.inputs.sendspin_config import NEEDED, SERVER_PORT, SendspinConfig
from yulelight.inputs.sendspin_song import NowPlaying
from yulelight.inputs.sendspin_state import PlayerState

log = logging.getLogger(__name__)

PATH = "/sendspin"
AHEAD = 10
"""Seconds of sound that servers may send ahead, as raw samples at 44.1 kHz."""
CAPACITY = AHEAD * 44_100 * 4
"""Maximum bytes that a server may send ahead."""
LEAD = 500.0
"""Minimum milliseconds from sending the first sound to its playback."""
VISITORS = 8
"""Maximum servers that connect at the same time."""
GESTURES_APART = 600.0
"""Seconds between windows in which a pairing code may be tried five times."""
SOON = 0.05
"""Seconds between checks whether the clocks are synchronized."""
_WIDTHS: dict[int, SampleFormat] = {16: "s16le", 24: "s24le", 32: "s32le"}
MOST = 30_000
"""Maximum events that wait; ten seconds of the shortest pieces that servers send have a tenth of this."""
_ROLE = "player"
COVER_SIZE = 512
"""Pixels of a cover's sides."""
FORMATS = [
    SupportedAudioFormat(codec, 2, rate, 16)
    for codec, rate in (
        (AudioCodec.PCM, 44_100),
        (AudioCodec.PCM, 48_000),
        (AudioCodec.FLAC, 44_100),
        (AudioCodec.FLAC, 48_000),
    )
]


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Encoded sound as received; ``at`` in microseconds of the server's clock."""

    at: int
    data: bytes
    format: AudioFormat


@dataclass(frozen=True, slots=True)
class _Gone:
    """The server that the player connected to is gone."""


class _Microseconds:
    """The service's clock as the package expects it, so that play times are in the service's time."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock

    def now_us(self) -> int:
        return round(self._clock() * 1e6)


class Player:
    """Queues the package's events in order until ``heard`` yields them."""

    def __init__(
        self, song: Song, config: SendspinConfig, state: PlayerState, clock: Callable[[], float]
    ) -> None:
        self._song, self._config, self._clock = song, config, clock
        self._events: deque[_Chunk | Heard | _Gone] = deque()
        self._some = asyncio.Event()
        self._size = 0
        self._plays = NowPlaying(song)
        self._welcomed = 0
        self._visitors = 0
        self._gesture: float | None = None
        self.client = client = SendspinClient(
            state.identity,
            config.name,
            [Roles.PLAYER, Roles.METADATA, Roles.COLOR, Roles.ARTWORK],
            pairing_store=state.pairings,
            device_info=DeviceInfo(product_name="Yulelight", software_version=__version__),
            player_support=ClientHelloPlayerSupport(FORMATS, CAPACITY),
            artwork_channels=[
                ArtworkChannel(ArtworkSource.ALBUM, PictureFormat.JPEG, COVER_SIZE, COVER_SIZE)
            ],
            output_delay_ms=state.output_delay,
            required_lead_time_ms=LEAD,
            min_buffer_ms=LEAD,
            # Neither volume nor mute: the lights do not depend on the volume.
            state_supported_commands=[PlayerCommand.SET_OUTPUT_DELAY],
            pairing_support=PairingSupport(
                gesture_prompt=self._asked, pairing_code_display=self._code, offer_static_pairing_code=False
            ),
            clock=_Microseconds(clock),
        )
        client.add_audio_chunk_listener(self._chunk)
        client.add_stream_clear_listener(self._cleared)
        client.add_stream_end_listener(self._cleared)
        client.add_metadata_listener(self._metadata)
        client.add_color_listener(self._colour)
        client.add_artwork_listener(self._picture)
        client.add_group_update_listener(self._welcome)
        client.add_disconnect_listener(self._left)
        client.add_output_delay_listener(state.keep_output_delay)

    # --- events of the package -------------------------------------------------------------------------

    def _chunk(self, at: int, data: bytes, format: AudioFormat, send_ahead: int) -> None:
        if not data:
            return
        self._size += len(data)
        self._add(_Chunk(at, data, format))
        while self._size > 2 * CAPACITY or len(self._events) > MOST:  # a server that violates what was agreed
            self._forget_one()

    def _forget_one(self) -> None:
        chunk = next((event for event in self._events if isinstance(event, _Chunk)), None)
        if chunk is not None:
            self._events.remove(chunk)
            self._size -= len(chunk.data)

    def _cleared(self, roles: list[str] | None) -> None:
        if roles is None or any(role.partition("@")[0] == _ROLE for role in roles):
            self._forget()

    def _forget(self) -> None:
        kept = [event for event in self._events if not isinstance(event, _Chunk | Clear)]
        self._events.clear()
        self._size = 0
        self._events.extend(kept)
        self._add(Clear())

    def _metadata(self, state: ServerStatePayload | None) -> None:
        position = self.client.current_track_position()
        seconds = None if position is None else position / 1000
        self._tell(self._plays.metadata(state.metadata if state else None, seconds, self._clock()))

    def _colour(self, state: ServerStatePayload | None) -> None:
        self._tell(self._plays.colours(state.color if state else None, self._clock()))

    def _picture(self, _: int, data: bytes) -> None:
        self._tell(self._plays.cover(data, self._clock()))

    def _tell(self, news: Playing | None) -> None:
        if news is not None:
            self._add(news)

    def _welcome(self, _: object) -> None:
        self._welcomed += 1
        self._add(Notice(""))

    def _left(self) -> None:
        self._forget()
        self._add(Notice(f"the server is gone; {NEEDED} finds this player again by itself"))
        if self._config.server is not None:
            self._add(_Gone())

    async def _asked(self, waiting: bool) -> None:
        """A server wants to pair. The code can only be read in the house, so no confirmation is needed."""
        now = self._clock()
        if waiting and (self._gesture is None or now - self._gesture > GESTURES_APART):
            self._gesture = now
            self.client.open_pairing_window()

    async def _code(self, pairing_code: str | None, *, grouped: str | None) -> None:
        text = f"pairing code: {grouped}; type it in Music Assistant" if grouped else ""
        self._add(Notice(text, pairing_code=grouped or ""))

    def _add(self, event: "_Chunk | Heard | _Gone") -> None:
        if not isinstance(event, _Chunk):
            # Of each kind only the last counts, however many come before anybody reads them.
            for old in [each for each in self._events if type(each) is type(event)]:
                self._events.remove(old)
        self._events.append(event)
        self._some.set()

    # --- servers ---------------------------------------------------------------------------------------

    async def visited(self, socket: web.WebSocketResponse) -> None:
        """Handles a server's connection until the server closes it."""
        if self._visitors >= VISITORS:
            await socket.close()
            return
        self._visitors += 1
        before = self._welcomed
        try:
            await self.client.attach_websocket(socket)
        finally:
            self._visitors -= 1
        if self._welcomed == before and not self.client.connected:
            paired = "" if self._config.unpaired else ", and paired: this input is not open to others"
            self._add(
                Notice(f"a Sendspin server was here that could not connect; it must be {NEEDED}{paired}")
            )

    async def call(self, where: str) -> None:
        """Connects to the server at ``where`` (host:port). Raises NetworkError."""
        try:
            await self.client.connect(f"ws://{where}{PATH}")
        except (HandshakeAbortedError, RuntimeError, ValueError) as error:
            log.debug("handshake with %s: %s", where, error)
            raise NetworkError(
                f"the Sendspin server at {where} lets nobody in; it must be {NEEDED}"
            ) from None
        except (ClientError, OSError, TimeoutError):
            raise NetworkError(f"no Sendspin server answers at {where}; {NEEDED} has one") from None

    async def leave(self) -> None:
        """Closes the connection with a goodbye message, if it is still open."""
        with suppress(ClientError, OSError, RuntimeError, TimeoutError):
            await self.client.disconnect()

    # --- the input's side ------------------------------------------------------------------------------

    def note(self, text: str) -> None:
        """Reports a message for the user."""
        self._add(Notice(text))

    async def heard(self) -> AsyncGenerator[Heard]:
        """The received events in order. Raises NetworkError once a server that it connected to is gone."""
        packets: PacketDecoder | None = None
        read: AudioFormat | None = None
        while True:
            await self._some.wait()
            if not self._events:
                self._some.clear()
                continue
            if isinstance(self._events[0], _Chunk) and not self.client.is_time_synchronized():
                await asyncio.sleep(SOON)  # it was sent ahead
                continue
            match event := self._events.popleft():
                case _Chunk(at, data, format):
                    self._size -= len(data)
                    if format != read:
                        packets, read = _decoder(format), format
                    assert packets is not None
                    due = self.client.compute_play_time(at) / 1e6
                    samples, begin = await asyncio.to_thread(packets.push, data, due)
                    if len(samples):
                        yield Block(samples, begin)
                case _Gone():
                    raise NetworkError("the connection to the Sendspin server was lost; reconnecting")
                case Clear():
                    packets = read = None
                    yield event
                case _:
                    yield event


@asynccontextmanager
async def playing(
    song: Song, config: SendspinConfig, clock: Callable[[], float]
) -> AsyncIterator[AsyncIterator[Heard]]:
    """The servers' sound, while the context is open. Raises NetworkError."""
    state = await PlayerState.open(config.folder, unpaired=config.unpaired)
    async with AsyncExitStack() as held:
        player = Player(song, config, state, clock)
        held.push_async_callback(player.leave)
        if config.server is None:
            await _listen(player, config, state, held)
        else:
            await player.call(await _server(config))
        yield await held.enter_async_context(aclosing(player.heard()))


async def _listen(player: Player, config: SendspinConfig, state: PlayerState, held: AsyncExitStack) -> None:
    id = state.identity.peer_id
    listener = ClientListener(
        id, player.visited, port=config.port, path=PATH, host=config.host, advertise_mdns=False
    )
    held.push_async_callback(listener.stop)
    try:
        await listener.start()
    except OSError as error:
        raise NetworkError(
            f"port {config.port} cannot be opened for Sendspin ({error.strerror}); "
            "is there another player on this machine? set port"
        ) from error
    held.push_async_callback(player.leave)  # the servers first: the listener waits for them
    player.note(f"no server has come yet; {NEEDED} finds this player by itself, as {config.name!r}")
    if config.announce:
        told = {"path": PATH, "name": config.name}
        await held.enter_async_context(announced("_sendspin._tcp", id, config.port, told, config.interfaces))


async def _server(config: SendspinConfig) -> str:
    assert config.server is not None
    if config.server != "auto":
        host, _, port = config.server.rpartition(":")
        return config.server if host and port.isdigit() else f"{config.server}:{SERVER_PORT}"
    found = await find("_sendspin-server._tcp", config.interfaces)
    if found is None:
        raise NetworkError(f"no Sendspin server is found on the network; {NEEDED} has one, or set server")
    return f"{found.host}:{found.port}"


def _decoder(format: AudioFormat) -> PacketDecoder:
    if format.codec is AudioCodec.FLAC:
        return PacketDecoder.flac((format.codec_header or b"")[8:42])
    pcm = format.pcm_format
    if pcm.bit_depth not in _WIDTHS:
        raise AudioError(f"the Sendspin server sends samples of {pcm.bit_depth} bits; set it to 16")
    return PacketDecoder.pcm(PcmFormat(pcm.sample_rate, pcm.channels, _WIDTHS[pcm.bit_depth]))
