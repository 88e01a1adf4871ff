"""Hears packets and when the kernel had them: ``python -m tests.benchmarks.wire_ear COUNT FILE``.

Opens COUNT UDP sockets on the loopback interface and prints their ports as a line of JSON. When its standard input
ends, it writes to FILE (npy) a row for each packet: the socket, seconds of CLOCK_MONOTONIC, whether it ends a frame
(DDP's push flag), and its last byte.
"""

import json
import selectors
import socket
import struct
import sys
import time

import numpy as np

_TIMESTAMP = 35
"""SO_TIMESTAMPNS of Linux."""
_ENOUGH = 65536


def main(count: int, file: str) -> None:
    rows: list[tuple[float, ...]] = []
    chosen = selectors.DefaultSelector()
    ears = []
    for index in range(count):
        ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        ear.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        ear.setsockopt(socket.SOL_SOCKET, _TIMESTAMP, 1)
        ear.bind(("127.0.0.1", 0))
        chosen.register(ear, selectors.EVENT_READ, index)
        ears.append(ear)
    chosen.register(sys.stdin, selectors.EVENT_READ, -1)
    offset = time.monotonic() - time.time()
    print(json.dumps([ear.getsockname()[1] for ear in ears]), flush=True)
    while True:
        for key, _ in chosen.select():
            if key.data < 0:
                np.save(file, np.array(rows))
                return
            data, extra, _, _ = ears[key.data].recvmsg(_ENOUGH, 64)
            seconds, nanoseconds = struct.unpack("qq", extra[0][2][:16])
            at = seconds + nanoseconds / 1e9 + offset
            rows.append((key.data, at, data[0] & 1, data[-1]))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
