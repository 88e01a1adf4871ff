"""A Sendspin server in a process of its own: dials the player at the address given, and plays noise to it.

Prints, for each tenth of a second, its first sample and the moment at which the server plays it, in seconds of the
machine's monotonic clock: a server that stalls moves them on.
"""

import argparse
import asyncio
import sys

from aiosendspin.server.audio import AudioFormat

from tests.inputs.test_sendspin import AHEAD, joined, noise, serving


async def main(port: int, seconds: float) -> None:
    async with serving() as server:
        client = await joined(server, port)
        await asyncio.sleep(15)  # players are connected long before they play
        stream = client.group.start_stream()
        data = (noise(seconds) * 32767).astype("<i2")
        kind = AudioFormat(sample_rate=44_100, bit_depth=16, channels=2)
        for k in range(0, len(data), 4410):
            stream.prepare_audio(data[k : k + 4410].tobytes(), kind)
            start = await stream.commit_audio()
            sys.stdout.write(f"{k} {start / 1e6 - AHEAD!r}\n")
            sys.stdout.flush()
            await stream.sleep_to_limit_buffer(5_000_000)
        await asyncio.sleep(5.5)  # what was sent ahead
        await client.group.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("seconds", type=float)
    told = parser.parse_args()
    asyncio.run(main(told.port, told.seconds))
