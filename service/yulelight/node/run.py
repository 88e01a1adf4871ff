"""`yulelight node`: runs a light node in the foreground."""

import logging
import os
from dataclasses import replace
from pathlib import Path

from yulelight.core.heap import settle
from yulelight.core.identity import data_home, load_or_make
from yulelight.core.signals import stop_signal, until
from yulelight.mqtt.address import BrokerAddress
from yulelight.node.config import NodeConfig
from yulelight.node.node import LightNode
from yulelight.node.watchdog import Notifier
from yulelight.outputs.driver import Driver

log = logging.getLogger(__name__)

BROKER_USER = "yulelight"
"""The user name of the embedded broker."""
LOOPBACK = ("127.0.0.1", "::1", "localhost")


async def run_node(
    config: NodeConfig,
    driver: Driver | None,
    *,
    password: str | None,
    data: Path | None,
    interfaces: list[str],
) -> None:
    """Runs until SIGINT or SIGTERM. ``driver``: of its pins; None if it has none.

    ``password``: that of the embedded broker; None reads it from the folder ``data``. ``interfaces``: addresses of
    the network interfaces to search for the service, all if empty. Raises UsageError or NetworkError.
    """
    stop = stop_signal()
    if config.broker:
        address = BrokerAddress.parse(config.broker)
    else:
        # Imported here, because it takes much memory and is not needed if the broker is given.
        from yulelight.node.discover import find_service

        found = await find_service(interfaces=interfaces or None, service=config.service)
        log.info("found %s at %s", found.name, found.host)
        address = BrokerAddress(found.broker_host, found.broker_port)
        config = replace(config, service=found.id)
    if address.username is None:
        local = address.host in LOOPBACK
        password = password or own_password(data or data_home(), config.service, local=local)
        address = replace(address, username=BROKER_USER if password else None, password=password)
    works = [] if driver is None else [LightNode(config, address, driver).run()]
    if config.network:
        # Imported only here, as few nodes drive lights on the network.
        from yulelight.node.network import NetworkLights

        # systemd hears of the pins, if there are any, and of one loop only.
        notifier = None if driver is None else Notifier({})
        folder = Path(os.environ.get("STATE_DIRECTORY") or data or data_home()) / "node-outputs"
        works.append(NetworkLights(config, address, folder, notifier=notifier).run())
    settle()
    await until(stop, *works)


def own_password(data: Path, service: str | None, *, local: bool) -> str | None:
    """The embedded broker's password, if the service stores its identity in the folder ``data`` on this machine.

    Only for that service or a broker on this machine: the password is not sent to others.
    """
    if not (data / "identity.json").is_file():
        return None
    identity = load_or_make(data)
    return identity.broker_password if local or identity.id == service else None
