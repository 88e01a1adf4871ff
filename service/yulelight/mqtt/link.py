"""The connection to a broker that comes back: the only module that knows the MQTT client library."""

import asyncio
import logging
import math
import random
import secrets
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any, Self

import aiomqtt

from yulelight.actors import Backoff, Mailbox, MailboxClosed, Overflow
from yulelight.core.errors import NetworkError
from yulelight.mqtt.address import BrokerAddress
from yulelight.mqtt.tasks import cancel_all

Message = aiomqtt.Message
Will = aiomqtt.Will

_LOG = logging.getLogger(__name__)
_QUIET = logging.getLogger(f"{__name__}.client")
_QUIET.setLevel(logging.CRITICAL)

INCOMING = 256
"""Messages that may wait to be handled; of more, the oldest are dropped."""
_KEEPALIVE = 10
_TIMEOUT = 5.0
_BACKOFF = Backoff(initial=0.5, maximum=30.0)


class LinkError(NetworkError):
    """The broker cannot be reached, refuses us or was lost."""


class _Newest(asyncio.Queue[Message]):
    """A full queue drops its oldest message: a clock ping or a frame is worth nothing when it is old."""

    def put_nowait(self, item: Message) -> None:
        if self.full():
            self.get_nowait()
        super().put_nowait(item)


Answer = Callable[[], tuple[str, bytes]]
"""Topic and payload of what is said next."""
Reply = Callable[[str, bytes], Answer | None]
"""Is told topic and payload of a message as soon as it is read; None: it waits for its turn like all others."""


class _Prompt(aiomqtt.Client):
    """Writes what is published at once, as the library under it would without an event loop; and answers at once what
    ``reply`` answers.

    Otherwise each packet waits for two more passes of the loop: one to hear through a pipe that there is something to
    write, and one to hear that the socket takes it. Where it takes no more, that is what happens here, too.
    """

    reply: Reply | None = None

    def _on_message(self, client: Any, userdata: Any, message: Any) -> None:
        answer = self.reply(message.topic, message.payload) if self.reply else None
        if answer is None:
            super()._on_message(client, userdata, message)
        else:
            # The library under it publishes nothing while it hands over a message.
            self._loop.call_soon(self._say, client, answer)

    @staticmethod
    def _say(client: Any, answer: Answer) -> None:
        if client.is_connected():
            client.publish(*answer())

    def _on_socket_register_write(self, client: Any, userdata: Any, sock: Any) -> None:
        if client.is_connected() and _in_a_loop():  # it connects in a thread
            client.loop_write()
            if not client.want_write():
                return
        super()._on_socket_register_write(client, userdata, sock)


def _in_a_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


class Client:
    """What is said and heard on a connection; ``lost`` is done when it is over.

    The library says that a connection is over only to who waits for its messages, so somebody always does.
    """

    def __init__(self, client: aiomqtt.Client) -> None:
        self._client = client
        self._heard: Mailbox[Message] = Mailbox(INCOMING, Overflow.DROP_OLDEST)
        self._why: BaseException | None = None
        self.lost = asyncio.create_task(self._hear())

    async def publish(self, topic: str, payload: bytes, *, qos: int = 0, retain: bool = False) -> None:
        """With a ``qos`` of 1, waits until the broker has it."""
        await self._client.publish(topic, payload, qos=qos, retain=retain)

    async def subscribe(self, topic: str | list[tuple[str, int]], qos: int = 0) -> None:
        """To a topic, or to several, each with its own quality of service."""
        await self._client.subscribe(topic, qos=qos)

    @property
    def messages(self) -> "Client":
        """Iterate it: what arrives, the oldest first."""
        return self

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Message:
        try:
            return await self._heard.get()
        except MailboxClosed:
            error = self.error()
            raise error from error.__cause__

    def error(self) -> aiomqtt.MqttError:
        """What to raise when it is ``lost``."""
        error = aiomqtt.MqttError("connection lost")
        error.__cause__ = self._why
        return error

    async def _hear(self) -> None:
        try:
            async for message in self._client.messages:
                self._heard.offer(message)
        except aiomqtt.MqttError as error:
            self._why = error.__cause__
        finally:
            self._heard.close()


@asynccontextmanager
async def connect(
    address: BrokerAddress,
    will: Will | None = None,
    timeout: float = _TIMEOUT,
    *,
    keepalive: int = _KEEPALIVE,
    reply: Reply | None = None,
) -> AsyncIterator[Client]:
    """A connection for the length of the context. Raises LinkError when it cannot be made or is lost inside.

    ``timeout``: seconds that the broker has to acknowledge a subscription or a publication of QoS 1. ``keepalive``:
    seconds without a sign of life, and half as many more, after which the broker publishes the will. ``reply``: answers
    messages as they are read.
    """
    inner = _Prompt(
        address.socket or address.host,
        address.port,
        transport="unix" if address.socket else "tcp",
        username=address.username,
        password=address.password,
        tls_params=aiomqtt.TLSParameters() if address.tls else None,
        # A random identifier, so that nobody can push us from the broker by taking the same.
        identifier=f"yulelight-{secrets.token_hex(6)}",
        will=will,
        keepalive=keepalive,
        timeout=timeout,
        queue_type=_Newest,
        max_queued_incoming_messages=INCOMING,
        logger=_QUIET,
    )
    inner.reply = reply
    try:
        await _enter(inner)
        client = Client(inner)
        try:
            yield client
        finally:
            with suppress(TimeoutError):
                async with asyncio.timeout(_TIMEOUT):
                    await inner.__aexit__(None, None, None)
            await cancel_all(client.lost)
    except aiomqtt.MqttError as error:
        raise LinkError(_in_words(address, error)) from None


async def publish_last(client: Client, topic: str, payload: bytes) -> None:
    """Publish ``payload`` retained, and wait until it comes back to us.

    The embedded broker forgets what a client said just before it hung up, even if it has acknowledged it.
    """
    await client.subscribe(topic, qos=1)
    await client.publish(topic, payload, qos=1, retain=True)
    async for message in client.messages:
        if message.topic.value == topic and message.payload == payload:
            return


async def keep_connected(
    address: BrokerAddress,
    session: Callable[[Client], Coroutine[Any, Any, None]],
    *,
    will: Will | None = None,
    name: str = "the broker",
    backoff: Backoff = _BACKOFF,
    reply: Reply | None = None,
) -> None:
    """Run ``session`` on a connection; when it is lost, wait and do so again, until ``session`` returns.

    The waiting times are drawn from between half and all of what ``backoff`` says, and begin anew after each
    connection. A loss is logged once however many attempts follow, and so is the return.
    """
    delays = iter(backoff)
    complaint = ""
    while True:
        try:
            async with connect(address, will, timeout=math.inf, reply=reply) as client:
                if complaint:
                    _LOG.warning("%s at %s is back", name, address)
                delays, complaint = iter(backoff), ""
                await _until_lost(client, session(client))
                return
        except LinkError as error:
            if str(error) != complaint:
                complaint = str(error)
                _LOG.warning("%s; retrying until it answers", complaint)
        await asyncio.sleep(next(delays) * random.uniform(0.5, 1.0))


def _in_words(address: BrokerAddress, error: aiomqtt.MqttError) -> str:
    if isinstance(error, aiomqtt.exceptions.MqttConnectError):
        return (
            f"the MQTT broker at {address} refuses the connection ({_reason(error)}): check user and password "
            "(--broker mqtt://user:password@host:port)"
        )
    return (
        f"the MQTT broker at {address} is not reachable ({_reason(error)}): "
        "is it running there? `yulelight doctor` checks the way to it"
    )


def _reason(error: aiomqtt.MqttError) -> str:
    cause: BaseException = error.__cause__ or error
    text = str(cause).strip() or type(cause).__name__
    # "[Errno 111] Connection refused", "[code:135] Not authorized": the number tells people nothing.
    return text.partition("] ")[2] or text


async def _enter(client: aiomqtt.Client) -> None:
    try:
        async with asyncio.timeout(_TIMEOUT):
            await client.__aenter__()
    except TimeoutError:
        raise aiomqtt.MqttError("no answer") from None


async def _until_lost(client: Client, session: Coroutine[Any, Any, None]) -> None:
    task = asyncio.create_task(session)
    try:
        await asyncio.wait((task, client.lost), return_when=asyncio.FIRST_COMPLETED)
    finally:
        await cancel_all(task)
    if task.cancelled():
        raise client.error()
    task.result()
