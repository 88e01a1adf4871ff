"""The control of ``footprint``: ``python -m tests.benchmarks.sender PORT TOPIC FILE``.

An asyncio loop that sends recorded packets to a broker at their times, over and over, and does nothing else. Each line
of ``FILE`` is a JSON list: seconds since the first, and the payload in hexadecimal. Says "ready" when it is connected.
"""

import asyncio
import json
import sys
from pathlib import Path

import aiomqtt


async def main(port: int, topic: str, file: Path) -> None:
    packets = [(at, bytes.fromhex(payload)) for at, payload in map(json.loads, file.read_text().splitlines())]
    period = packets[-1][0] + packets[-1][0] / max(1, len(packets) - 1)
    loop = asyncio.get_running_loop()
    async with aiomqtt.Client("127.0.0.1", port) as client:
        print("ready", flush=True)
        start = loop.time()
        while True:
            for at, payload in packets:
                await asyncio.sleep(start + at - loop.time())
                await client.publish(topic, payload)
            start += period


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])))
