"""`yulelight node`: a light node in the foreground, until it is told to stop."""

import logging
import re
import socket
from dataclasses import replace
from pathlib import Path

from yulelight.errors import UsageError
from yulelight.identity import load_or_make
from yulelight.mqtt.address import BrokerAddress
from yulelight.node.discover import find_service
from yulelight.node.drivers import Driver
from yulelight.node.drivers.simulated import SimulatedDriver
from yulelight.node.node import LightNode
from yulelight.serve import stop_signal, until
from yulelight.settings import data_home

log = logging.getLogger(__name__)

BROKER_USER = "yulelight"
"""The user that the embedded broker knows."""
LOOPBACK = ("127.0.0.1", "::1", "localhost")


async def run_node(
    *,
    driver: str,
    broker: str | None,
    password: str | None,
    service: str | None,
    node_id: str | None,
    data: Path | None,
    interfaces: list[str],
) -> None:
    """Runs until SIGINT or SIGTERM. Raises UsageError or NetworkError when it is not clear what to do."""
    stop = stop_signal()
    chosen = make_driver(driver)
    if broker:
        address = BrokerAddress.parse(broker)
    else:
        found = await find_service(interfaces=interfaces or None, service=service)
        log.info("found %s at %s", found.name, found.host)
        address = BrokerAddress(found.broker_host, found.broker_port)
        service = found.id
    if address.username is None:
        password = password or own_password(data or data_home(), service, local=address.host in LOOPBACK)
        address = replace(address, username=BROKER_USER if password else None, password=password)
    node = LightNode(node_id or own_id(), address, chosen, service=service)
    await until(stop, node.run())


def make_driver(name: str) -> Driver:
    """The driver of that name. Raises UsageError for one that there is not."""
    if name == "simulated":
        return SimulatedDriver()
    raise UsageError(f"there is no driver {name[:40]!r}; this version has: simulated")


def own_id() -> str:
    """A node id from this machine's name."""
    return re.sub(r"[^a-z0-9_-]+", "-", socket.gethostname().lower())[:64] or "node"


def own_password(data: Path, service: str | None, *, local: bool) -> str | None:
    """The embedded broker's password, when the service keeps its identity in the folder ``data`` of this machine.

    Only for that very service or a broker on this machine: another's has no business with our password.
    """
    if not (data / "identity.json").is_file():
        return None
    identity = load_or_make(data)
    return identity.broker_password if local or identity.id == service else None
