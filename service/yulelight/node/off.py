"""Turns all outputs off, for when the node itself could not."""

from pathlib import Path

from yulelight.core.errors import NetworkError
from yulelight.node.config import NodeConfig
from yulelight.node.drivers.choose import MODEL, choose


async def all_off(config: NodeConfig, driver: str | None = None, *, model: Path = MODEL) -> None:
    """Turns every output of ``config`` off. Raises NetworkError if the pins cannot be reached, and UsageError."""
    if config.network:
        from yulelight.node.network import all_dark

        if missed := await all_dark(config.network):
            raise NetworkError(
                f"{', '.join(missed)} cannot be reached, so the lights may still be on; check the host in node.toml"
            )
    if not config.outputs:
        return
    chosen = choose(config, driver, model=model)
    # Opening and closing a driver turns everything dark.
    async with chosen:
        reached = chosen.healthy
    if not reached:
        raise NetworkError(
            "the pins cannot be reached, so the lights may still be on; start pigpiod: sudo systemctl start pigpiod"
        )
