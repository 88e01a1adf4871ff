"""The dead man's switch of lights on a broker: run as ``python -m``, it tells them to go off (see outputs.deadman).

A last will is published when the connection ends, as after a kill. A service that hangs or was stopped keeps its
connections for seconds; this process does not wait for that.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

from yulelight.mqtt.address import BrokerAddress
from yulelight.mqtt.devices.connection import say_all
from yulelight.mqtt.devices.device import Message
from yulelight.outputs.deadman import Dark, serve

MODULE = "yulelight.mqtt.devices.deadman"
_TIMEOUT = 2.0


def pack(address: BrokerAddress, messages: Sequence[Message]) -> bytes:
    """The configuration of the process; it goes over a pipe, with the broker's password."""
    told = [(message.topic, message.payload.decode()) for message in messages]
    return json.dumps({"address": asdict(address), "messages": told}).encode()


def unpack(config: bytes) -> tuple[BrokerAddress, list[Message]]:
    """The inverse of ``pack``."""
    told = json.loads(config)
    messages = [Message(topic, payload.encode()) for topic, payload in told["messages"]]
    return BrokerAddress(**told["address"]), messages


def _load(config: bytes) -> Dark:
    address, messages = unpack(config)
    return lambda: asyncio.run(say_all(address, messages, _TIMEOUT))


if __name__ == "__main__":
    sys.exit(serve(_load))
