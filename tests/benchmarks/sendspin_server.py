"""A Sendspin server in a process of its own: dials the player at the address given, and plays noise to it.

Prints the moment at which the sound begins, in seconds of the machine's monotonic clock.
"""

import argparse
import asyncio
import sys

from tests.inputs.test_sendspin import joined, noise, play, serving


async def main(port: int, seconds: float) -> None:
    async with serving() as server:
        client = await joined(server, port)
        await asyncio.sleep(15)  # players are connected long before they play
        stream, signal = client.group.start_stream(), noise(seconds)
        began = await play(stream, signal[:22_050])
        sys.stdout.write(f"{began!r}\n")
        sys.stdout.flush()
        await play(stream, signal[22_050:])
        await asyncio.sleep(5.5)  # what was sent ahead
        await client.group.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("seconds", type=float)
    told = parser.parse_args()
    asyncio.run(main(told.port, told.seconds))
