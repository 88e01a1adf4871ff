"""Programs end when they are told to, whatever they are busy with."""

import signal
import subprocess
import sys

import pytest

PROGRAM = """
import asyncio, sys, threading, time
from yulelight.core.signals import stop_signal, until

async def main():
    stop = stop_signal(deadline=float(sys.argv[2]))
    print("ready", flush=True)
    match sys.argv[1]:
        case "well":
            await until(stop, asyncio.sleep(600))
            print("goodbye", flush=True)
        case "loop":
            while True:
                pass
        case "thread":
            await asyncio.to_thread(lambda: [time.sleep(0.01) for _ in range(60_000)])
        case "end":
            await until(stop)
            await asyncio.sleep(600)
        case "leaving":
            threading.Thread(target=time.sleep, args=(600,)).start()
            await until(stop)

asyncio.run(main())
"""


def ended(kind: str, number: signal.Signals, deadline: float = 0.5) -> tuple[int, str, str]:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, kind, str(deadline)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    return process.returncode, out, err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_program_that_is_well_says_goodbye(number: signal.Signals) -> None:
    assert ended("well", number, deadline=60) == (0, "goodbye\n", "")


@pytest.mark.parametrize("kind", ["loop", "thread", "end", "leaving"])
def test_one_that_hangs_ends_at_its_deadline_and_shows_where(kind: str) -> None:
    status, _, said = ended(kind, signal.SIGTERM)
    assert status == 1
    assert "not stopped within 0.5 s" in said and "most recent call first" in said
