"""What the machine itself adds: ``python -m tests.benchmarks.pixel_control PIXELS SECONDS PORT…``.

Sleeps from moment to moment and sends the same packets with nothing in between. Prints JSON: {"start": …}.
"""

import json
import socket
import sys
import time

from tests.benchmarks.pixel_show import RATE, level


def main(pixels: int, seconds: float, ports: list[int]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outlet:
        start = time.monotonic() + 3.0125  # between the moments of whoever else sends
        for k in range(round(seconds * RATE)):
            slots = bytes([level(k)]) * (3 * pixels)
            time.sleep(max(0.0, start + k / RATE - time.monotonic()))
            for port in ports:
                for first in range(0, len(slots), 1440):
                    data = slots[first : first + 1440]
                    header = bytes([0x41 if first + 1440 >= len(slots) else 0x40, 0, 0x0B, 1])
                    packet = header + first.to_bytes(4, "big") + len(data).to_bytes(2, "big") + data
                    outlet.sendto(packet, ("127.0.0.1", port))
    print(json.dumps({"start": start}), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), [int(port) for port in sys.argv[3:]])
