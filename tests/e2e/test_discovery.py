"""Zeroconf: Home Assistant finds the service by itself. Both run in a network of their own; nobody else hears them."""

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.hass import HomeAssistant
from tests.e2e.house import ServiceProcess
from tests.e2e.test_home_assistant import executable  # noqa: F401
from tests.e2e.test_integration import discovered, pair

pytestmark = pytest.mark.home_assistant

# Home Assistant does not listen on loopback addresses, so that the network's only interface gets another one.
ADDRESS = "10.77.0.1"
INSIDE = (
    f'ip link set lo up && ip addr add {ADDRESS}/24 dev lo && ip route add 224.0.0.0/4 dev lo && exec "$@"'
)


def test_home_assistant_finds_the_service(executable: str, tmp_path: Path) -> None:  # noqa: F811
    if not shutil.which("ip") or subprocess.run(["unshare", "-rn", "true"], check=False).returncode:
        pytest.skip("this machine lets nobody make a network namespace, or lacks `ip`")
    command = ["unshare", "-rn", "sh", "-c", INSIDE, "sh", sys.executable, "-m", "tests.e2e.test_discovery"]
    environment = {**os.environ, "YULELIGHT_HASS": executable}
    done = subprocess.run([*command, str(tmp_path)], env=environment, check=False, timeout=280)
    assert done.returncode == 0


async def find(folder: Path) -> None:
    """What happens in there: announced, discovered, paired."""
    home = HomeAssistant(os.environ["YULELIGHT_HASS"], more="zeroconf:\n", integration=True)
    async with ServiceProcess(folder, announced=ADDRESS) as service, home:
        flow = await discovered(home)
        assert flow["context"]["source"] == "zeroconf"
        await pair(home, flow["flow_id"], service.identity.token)


if __name__ == "__main__":
    asyncio.run(find(Path(sys.argv[1])))
