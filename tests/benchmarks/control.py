"""What the machine itself adds to a node's timing: ``python -m tests.benchmarks.control PORT SECONDS``.

Sleeps from moment to moment as frames come, and at each switches one pin of the stand-in for pigpiod on ``PORT`` of the
loopback, with nothing in between. Prints JSON: {"slept_late": [ms, ...], "wrote": [time.monotonic(), ...]}.
"""

import json
import socket
import sys
import time

from tests.node.pigpiod import WORDS
from tests.node.song import INTERVAL
from tests.node.stage import PINS

PIN = PINS[1]
_BANK_OFF, _BANK_ON = 12, 14


def main(port: int, seconds: float) -> None:
    late, wrote = [], []
    with socket.create_connection(("127.0.0.1", port), 20) as pins:
        start = time.monotonic()
        for k in range(1, round(seconds * 1e6 / INTERVAL)):
            moment = start + k * INTERVAL / 1e6
            time.sleep(max(0.0, moment - time.monotonic()))
            late.append(1e3 * (time.monotonic() - moment))
            wrote.append(time.monotonic())
            pins.sendall(WORDS.pack(_BANK_ON if k % 2 else _BANK_OFF, 1 << PIN, 0, 0))
            pins.recv(WORDS.size)
    print(json.dumps({"slept_late": late, "wrote": wrote}))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
