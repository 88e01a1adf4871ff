"""A bridge in a process of its own, to be killed: python -m tests.mqtt.bridge_process mqtt://user:password@host:port."""

import asyncio
import sys

from tests.mqtt.house import House
from yulelight.mqtt.address import BrokerAddress


async def main(url: str) -> None:
    async with House(BrokerAddress.parse(url)).bridged():
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
