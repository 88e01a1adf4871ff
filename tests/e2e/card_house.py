"""A house whose family looks at the dashboard card: Home Assistant, the service and a browser."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser

from tests.chromium import CHROMIUM, chromium
from tests.e2e.hass import HomeAssistant, wait_for
from tests.e2e.house import ServiceProcess
from tests.e2e.test_home_assistant import executable  # noqa: F401

WITH_A_BROWSER = [
    pytest.mark.home_assistant,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]
PLAYER = "media_player.yulelight"
CARD = {"type": "custom:yulelight-card", "entity": PLAYER}
PHOTO = "/local/house.svg"
"""A picture of a user's own, twice as wide as high."""
FILES = {
    "www/house.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="800" height="400">'
    '<rect width="800" height="400" fill="#124"/></svg>'
}


@dataclass
class House:
    home: HomeAssistant
    service: ServiceProcess
    browser: Browser
    shots: Path

    async def dashboard(self, *views: dict[str, Any], **config: Any) -> None:
        """What the dashboard at /our-house holds from now on."""
        config = {"views": list(views)} if views else config
        await self.home.ws_command("lovelace/config/save", url_path="our-house", config=config)

    async def saved_cards(self) -> list[dict[str, Any]]:
        """The cards of the dashboard's first view as they are kept."""
        config = await self.home.ws_command("lovelace/config", url_path="our-house")
        return list(config["views"][0].get("cards", []))


@pytest.fixture
async def house(executable: str, tmp_path: Path) -> AsyncIterator[House]:  # noqa: F811
    """Home Assistant with the integration set up, two playlists, and an empty dashboard."""
    (tmp_path / "data").mkdir()
    home = HomeAssistant(executable, integration=True, files=FILES)
    async with ServiceProcess(tmp_path / "data") as service, home, chromium() as browser:
        await home.open_pages()
        await connect(home, service)
        await songs(service)
        await home.ws_command("lovelace/dashboards/create", url_path="our-house", title="Our house")
        yield House(home, service, browser, tmp_path)
        assert "Traceback" not in "".join(line for line in home.log.splitlines() if "yulelight" in line)


async def connect(home: HomeAssistant, service: ServiceProcess) -> None:
    step = await home.post("/api/config/config_entries/flow", {"handler": "yulelight"})
    answers = {"host": service.host, "port": service.port, "token": service.identity.token}
    step = await home.post(f"/api/config/config_entries/flow/{step['flow_id']}", answers)
    assert step["type"] == "create_entry", step


async def songs(service: ServiceProcess) -> None:
    async def look() -> Any:
        return (await service.get("songs"))["songs"]

    found = await wait_for(look, "the service to know its songs")
    for name in ("Christmas", "Late evening"):
        await service.send("PUT", f"playlists/{name}", {"songs": [song["id"] for song in found]})


def status_is(service: ServiceProcess, **wanted: Any) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        status = await service.get("status")
        return all(status[key] == value for key, value in wanted.items())

    return look


def position_below(service: ServiceProcess, seconds: float) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return bool((await service.get("status"))["position"] < seconds)

    return look


def position_near(service: ServiceProcess, seconds: float, off: float) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return bool(abs((await service.get("status"))["position"] - seconds) <= off)

    return look
