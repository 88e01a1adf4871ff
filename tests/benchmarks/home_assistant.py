"""What a five-minute show costs Home Assistant: CPU above idle and rows in the recorder's database."""

import asyncio
import contextlib
import os
import subprocess
import tempfile
from pathlib import Path

import psutil

from tests.benchmarks.aims import Report
from tests.brokers import Mosquitto
from tests.e2e.hass import HomeAssistant
from tests.e2e.house import ServiceProcess, light_node
from tests.e2e.test_home_assistant import add_mqtt
from tests.e2e.test_integration import found_on_the_broker
from yulelight.mqtt.address import BrokerAddress

SECONDS = float(os.environ.get("YULELIGHT_SHOW_SECONDS", "300"))
IDLE = min(60.0, SECONDS)
SETTLE = 30.0
"""Seconds for what Home Assistant does after its start, and until the recorder has written everything."""


async def measure(executable: str, folder: Path) -> tuple[float, float, int]:
    """Per cent of a core while idle and during the show, and rows written during the show."""
    async with Mosquitto.with_password() as broker:
        address = BrokerAddress(broker.host, broker.port, broker.user, broker.password)
        home = HomeAssistant(executable, more="automation: !include automations.yaml\n", integration=True)
        async with ServiceProcess(folder, address) as service, light_node(service), home:
            await add_mqtt(home, address, protocol=None)
            await found_on_the_broker(home, service)
            # Else it goes back to its old address, and starts anew, after five minutes.
            await home.ws_command("http/config/promote")
            await asyncio.sleep(SETTLE)
            watched = psutil.Process(home.process)
            idle = await load(watched, IDLE)
            before = home.rows()
            await service.control("repeat", mode="all")
            await service.control("play")
            busy = await load(watched, SECONDS)
            status = await service.get("status")
            assert status["state"] == "playing", status
            await service.control("stop")
            await asyncio.sleep(SETTLE / 3)
            return idle, busy, home.rows() - before


async def load(watched: psutil.Process, seconds: float) -> float:
    """Per cent of a core that the process took."""
    before = used(watched)
    await asyncio.sleep(seconds)
    return 100 * (used(watched) - before) / seconds


def used(watched: psutil.Process) -> float:
    """Seconds of CPU that the process and its children have taken."""
    seconds: float = sum(watched.cpu_times()[:4])  # With those of its children that have ended.
    for child in watched.children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            seconds += sum(child.cpu_times()[:2])
    return seconds


def run() -> Report:
    """A real Home Assistant (YULELIGHT_HASS names one, or it is made), Mosquitto, the service and a light node."""
    executable = (
        os.environ.get("YULELIGHT_HASS")
        or subprocess.run(
            ["scripts/lib/home-assistant"], check=True, capture_output=True, text=True
        ).stdout.strip()
    )
    with tempfile.TemporaryDirectory() as folder:
        idle, busy, rows = asyncio.run(measure(executable, Path(folder)))
    report = Report("hass")
    report.aim("CPU above idle", busy - idle, most=2, unit="% of a core")
    report.aim(f"recorder rows in {SECONDS:.0f} s of show", rows, most=2000)
    report.figure("CPU while idle, % of a core", idle)
    report.figure("CPU during the show, % of a core", busy)
    return report
