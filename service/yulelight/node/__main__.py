"""The light node for service managers: ``python -m yulelight.node --config node.toml``.

It is what `yulelight node` runs, without the libraries of the command line, which need 50 % more memory and take
seconds to load on a Pi Zero.
"""

import argparse
import asyncio
import logging
import os
import sys
from pathlib import Path

from yulelight.core.errors import YulelightError
from yulelight.core.throttle import RepeatFilter
from yulelight.node.config import load
from yulelight.node.drivers.choose import choose
from yulelight.node.run import run_node


def main() -> int:
    """Runs until SIGINT or SIGTERM; returns the exit status."""
    parser = argparse.ArgumentParser(prog="yulelight.node", description="Runs a light node.")
    parser.add_argument("--config", type=Path, help="the node's file")
    parser.add_argument("--driver", help="pigpio, lgpio, simulated or auto")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)-7s %(message)s")
    logging.getLogger("yulelight").setLevel(logging.INFO)
    for handler in logging.getLogger().handlers:
        handler.addFilter(RepeatFilter())
    password = os.environ.get("YULELIGHT_NODE_PASSWORD")
    try:
        config = load(arguments.config)
        lights = choose(config, arguments.driver) if config.outputs else None
        asyncio.run(run_node(config, lights, password=password, data=None, interfaces=[]))
    except YulelightError as error:
        sys.stderr.write(f"yulelight: {error}\n")
        return error.exit_status
    return 0


if __name__ == "__main__":
    sys.exit(main())
