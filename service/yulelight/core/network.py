"""This machine's address on the network."""

import asyncio
import socket


async def own_addresses() -> list[str]:
    """The address by which others reach this machine, or where there is no network that of the machine itself."""
    return [await asyncio.to_thread(own_address) or "127.0.0.1"]


def own_address() -> str:
    """The address of the way to other networks; empty without one. Asks the routing table, sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # An address of documentations: connecting UDP only looks up a route.
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return ""
        return str(probe.getsockname()[0])
