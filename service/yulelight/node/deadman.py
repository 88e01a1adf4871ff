"""The node's dead man's switch: a process of its own that turns the lights off when the node no longer can.

The node starts it as ``python -m yulelight.node.deadman`` and tells it its configuration (TOML); the rest is as in
``yulelight.outputs.deadman``. It knows no network and no event loop, so neither a hung, stopped or killed node nor a
busy one holds it up.
"""

import os
import signal
import sys

from yulelight.node.config import NodeConfig, parse
from yulelight.outputs.deadman import Dark, serve


def dark_by(driver: str, config: NodeConfig, node: int) -> Dark:
    """A function that turns off the lights of ``config``.

    Loads the driver's library now, since later there may be no time. ``node``: the node's process, which owns lgpio's
    pins and is killed first.
    """
    from yulelight.node.outputs import Wiring

    wiring = Wiring(config.outputs)
    if driver == "pigpio":
        from yulelight.node.drivers.pigpiod import DarkPins

        return DarkPins(wiring, config.pigpio)

    from yulelight.node.drivers.lgpio import Chip, load

    load()

    def by_lgpio() -> None:
        # Still our parent, and not a new process with the same id.
        if os.getppid() == node:
            os.kill(node, signal.SIGKILL)
        Chip(wiring).close()

    return by_lgpio


def main() -> int:
    """See the module docstring. Arguments: the driver's name and the node's process id."""
    return serve(lambda config: dark_by(sys.argv[1], parse(config.decode()), int(sys.argv[2])))


if __name__ == "__main__":
    sys.exit(main())
