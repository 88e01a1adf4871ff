"""The lease of a node's pins: what its dead man's switch has to know (see yulelight.node.deadman)."""

import os
from collections.abc import Callable
from dataclasses import replace

from yulelight.node.config import NodeConfig
from yulelight.node.toml import to_toml
from yulelight.outputs.lease import Lease

GUARDED = ("pigpio", "lgpio")
"""Drivers whose pins keep their state when the node has ended."""


def pin_lease(config: NodeConfig, driver: str, acted: Callable[[], None]) -> Lease:
    """See Lease; the password is nobody's business but ours."""
    told = to_toml(replace(config, broker=None, network=())).encode()
    return Lease("yulelight.node.deadman", told, acted, (driver, str(os.getpid())))
