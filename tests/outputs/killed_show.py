"""A show on a WLED device, in a process of its own that somebody kills: ``python -m ... HTTP_PORT PORT FOLDER``."""

import asyncio
import sys
import time
from pathlib import Path

from yulelight.app.output_settings import WledOutputSettings
from yulelight.core.messages import Packet


async def main(http_port: int, port: int, folder: Path) -> None:
    output = WledOutputSettings(
        type="wled", name="porch", host="127.0.0.1", http_port=http_port, port=port
    ).made(folder)
    running = asyncio.create_task(output.run())
    sequence = 0
    while not running.done():
        sequence += 1
        at = round(time.monotonic() * 1e6)
        output.send(Packet(1, sequence, at, 500_000, (bytes([255]) * 8,), ((True,) * 8,)))
        await asyncio.sleep(0.2)
    running.result()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])))
