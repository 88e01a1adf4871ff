"""A real Home Assistant for a test: started, onboarded and logged in like a new home's, ended in every case.

``async with HomeAssistant(executable) as home`` runs it on a free port of the loopback in a folder of its own.
Nothing in it listens, asks or broadcasts outside the loopback: neither zeroconf, ssdp nor dhcp is in its configuration.
"""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Self, TypeVar

import aiohttp

from tests.brokers import LOOPBACK, free_port
from tests.e2e.forms import fill_form

T = TypeVar("T")

CONFIGURATION = """\
homeassistant:
http:
  server_host: {host}
  server_port: {port}
frontend:
config:
websocket_api:
recorder:
logger:
  default: warning
  logs:
    homeassistant.components.mqtt: info
"""
LOOPBACK_ONLY = {
    # The marketplace, which every Home Assistant loads, would ask the internet for news: nothing takes its place.
    "custom_components/marketplace/manifest.json": '{"domain": "marketplace", "name": "Nothing", "version": "0"}',
    "custom_components/marketplace/__init__.py": "async def async_setup(hass, config):\n    return True\n",
    # Multicast, as its resolver of host names uses it, goes out on the adapters of the network settings.
    ".storage/core.network": '{"version": 1, "key": "core.network", "data": {"configured_adapters": ["lo"]}}',
}
"""Files that keep a Home Assistant from talking to anybody but this machine."""
PATIENCE = 120.0
"""Seconds that Home Assistant may take for anything: generous, a busy machine is slow."""


async def wait_for(
    look: Callable[[], Awaitable[T | None]], what: str, timeout: float = PATIENCE, pause: float = 0.2
) -> T:
    """Call ``look`` until it answers something true, and return that; AssertionError after ``timeout`` seconds."""
    deadline = time.monotonic() + timeout
    while True:
        seen = await look()
        if seen:
            return seen
        assert time.monotonic() < deadline, f"waited {timeout:.0f} s in vain for {what}"
        await asyncio.sleep(pause)


def ending_with_us() -> list[str]:
    """What to put before a command so that it ends even when the test itself is killed, where that is possible."""
    return ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []


PACKAGE = Path(__file__).parents[2] / "scripts" / "package"


class HomeAssistant:
    """One Home Assistant process and a logged-in client of it. ``executable`` is the path of ``hass``.

    ``more`` is added to its configuration; ``integration``: it has Yulelight's integration. ``files``: what
    else is in its folder, by path.
    """

    def __init__(
        self,
        executable: str | Path,
        more: str = "",
        integration: bool = False,
        files: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.url = f"http://{LOOPBACK}:{free_port()}"
        self._more, self._files = more, files
        self._integration = integration
        self._executable = Path(executable)
        self._stack = contextlib.AsyncExitStack()
        self._log_start = 0
        self._command_id = 0
        self._ws_lock = asyncio.Lock()

    async def __aenter__(self) -> Self:
        folder = self._stack.enter_context(
            tempfile.TemporaryDirectory(prefix="hass-", ignore_cleanup_errors=True)
        )
        self._log = Path(folder) / "log"
        self._folder = Path(folder)
        try:
            self._configure()
            await self._start()
            self._http = await self._stack.enter_async_context(aiohttp.ClientSession(self.url))
            await wait_for(self._answers, "Home Assistant's HTTP server")
            await self._onboard()
            await self._enter()
            # Nobody needs to read of integrations that lack their packages and that no test uses.
            self._log_start = len(self.log)
        except BaseException as error:
            await self.__aexit__(type(error), error, None)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if hasattr(self, "_process"):
            await self._stop()
        if error is not None:
            error.add_note(f"The end of Home Assistant's log:\n{self.log[self._log_start :][-6000:]}")
        await self._stack.aclose()

    @property
    def log(self) -> str:
        """What Home Assistant has logged so far."""
        return self._log.read_text(errors="replace")

    async def states(self) -> dict[str, dict[str, Any]]:
        """Every entity's state object by entity id."""
        return {state["entity_id"]: state for state in await self.get("/api/states")}

    async def components(self) -> set[str]:
        """Names of the loaded components."""
        return set(await self.get("/api/components"))

    async def devices(self) -> list[dict[str, Any]]:
        """The device registry."""
        devices: list[dict[str, Any]] = await self.ws_command("config/device_registry/list")
        return devices

    async def entities(self) -> list[dict[str, Any]]:
        """The entity registry."""
        entities: list[dict[str, Any]] = await self.ws_command("config/entity_registry/list")
        return entities

    async def call_service(self, domain: str, service: str, **data: Any) -> None:
        """Perform an action, e.g. ``call_service("light", "turn_on", entity_id=..., brightness_pct=50)``."""
        await self.post(f"/api/services/{domain}/{service}", data)

    async def add_mqtt(
        self,
        host: str,
        port: int,
        user: str | None = None,
        password: str | None = None,
        **more: Any,
    ) -> dict[str, Any]:
        """Set up the MQTT integration through its config flow; returns the config entry.

        ``more`` answers further fields of its form, such as ``protocol="3.1.1"``.
        """
        answers: dict[str, Any] = {"broker": host, "port": port, **more}
        if user is not None:
            answers |= {"username": user, "password": password}
        step = await self.post("/api/config/config_entries/flow", {"handler": "mqtt"})
        while step["type"] == "form":
            assert not step.get("errors"), f"the MQTT flow refused: {step['errors']}"
            filled = fill_form(step["data_schema"], answers)
            step = await self.post(f"/api/config/config_entries/flow/{step['flow_id']}", filled)
        assert step["type"] == "create_entry", step
        entry: dict[str, Any] = step["result"]
        return entry

    async def get(self, path: str) -> Any:
        """GET of the REST API; returns the parsed answer."""
        async with self._http.get(path, headers=self._bearer) as response:
            return await self._checked(response)

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        """POST of a JSON body to the REST API; returns the parsed answer."""
        async with self._http.post(path, json=body, headers=self._bearer) as response:
            return await self._checked(response)

    async def ws_command(self, kind: str, **fields: Any) -> Any:
        """Send one WebSocket command and return its result."""
        async with self._ws_lock:
            self._command_id += 1
            await self._ws.send_json({"id": self._command_id, "type": kind, **fields})
            while True:
                answer = await self._ws.receive_json(timeout=PATIENCE)
                if answer.get("id") == self._command_id:
                    assert answer["success"], f"{kind}: {answer['error']}"
                    return answer["result"]

    @contextlib.asynccontextmanager
    async def following(self, entity: str) -> AsyncIterator[list[dict[str, Any]]]:
        """Every state of an entity from now on, so that none is missed that another follows at once."""
        seen: list[dict[str, Any]] = []
        trigger = {"platform": "state", "entity_id": entity}
        async with self._http.ws_connect("/api/websocket", max_msg_size=0) as socket:
            await self._authenticate(socket)
            await socket.send_json({"id": 1, "type": "subscribe_trigger", "trigger": trigger})
            answer = await socket.receive_json(timeout=PATIENCE)
            assert answer["success"], answer

            async def listen() -> None:
                async for message in socket:
                    seen.append(message.json()["event"]["variables"]["trigger"]["to_state"])

            listening = asyncio.create_task(listen())
            try:
                yield seen
            finally:
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)

    @property
    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def restart(self, kill: bool = False) -> None:
        """Stop it, or kill it, and start it again in the same folder; logs in anew."""
        await self._ws.close()
        if kill:
            os.killpg(self._process.pid, signal.SIGKILL)
        await self._stop()
        await self._start()
        await wait_for(self._answers, "Home Assistant's HTTP server")
        await self._enter()

    async def open_pages(self) -> None:
        """From now on a browser is shown its pages instead of those for a new home; starts it again."""
        kept = self._folder / ".storage" / "onboarding"
        memory = json.loads(kept.read_text())
        memory["data"]["done"] = ["user", "core_config", "analytics", "integration"]
        kept.write_text(json.dumps(memory))
        await self.restart()
        # Else it asks on every page whether its new address is right, and goes back to the old one in five minutes.
        await self.ws_command("http/config/promote")

    @property
    def process(self) -> int:
        """The id of its process."""
        return self._process.pid

    def rows(self) -> int:
        """States and events that its recorder has written so far."""
        with contextlib.closing(
            sqlite3.connect(f"file:{self._folder}/home-assistant_v2.db?mode=ro", uri=True)
        ) as db:
            [states], [events] = (
                db.execute(f"select count(*) from {table}").fetchone() for table in ("states", "events")
            )
            return int(states) + int(events)

    def _configure(self) -> None:
        assert os.access(self._executable, os.X_OK), f"YULELIGHT_HASS names no executable: {self._executable}"
        port = int(self.url.rpartition(":")[2])
        configuration = CONFIGURATION.format(host=LOOPBACK, port=port) + self._more
        for name, text in {
            "configuration.yaml": configuration,
            "automations.yaml": "[]\n",
            **LOOPBACK_ONLY,
            **self._files,
        }.items():
            (self._folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self._folder / name).write_text(text)
        if self._integration:
            # As the marketplace does it: the archive of a release, unpacked.
            made = self._folder / "yulelight.zip"
            subprocess.run([PACKAGE, made], check=True, env={**os.environ, "PYTHON": sys.executable})
            with zipfile.ZipFile(made) as archive:
                archive.extractall(self._folder / "custom_components" / "yulelight")

    async def _start(self) -> None:
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(*ending_with_us(), str(self._executable), "--config", str(self._folder), "--skip-pip"),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    async def _enter(self) -> None:
        """A WebSocket connection, once it runs."""
        self._ws = await self._http.ws_connect("/api/websocket", max_msg_size=0)
        await self._authenticate(self._ws)
        await wait_for(self._running, "Home Assistant to finish its start")

    async def _stop(self) -> None:
        """End the whole process group, in good order if it obeys within 30 s."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), 30)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()

    async def _answers(self) -> bool:
        assert self._process.returncode is None, "Home Assistant ended by itself"
        try:
            async with self._http.get("/api/onboarding") as response:
                return response.status in {200, 404}  # 404: it is no new home any more.
        except aiohttp.ClientError:
            return False

    async def _running(self) -> bool:
        state: str = (await self.get("/api/config"))["state"]
        return state == "RUNNING"

    async def _onboard(self) -> None:
        """Go through the first-start pages and log in; the access token is good for half an hour."""
        client = f"{self.url}/"
        owner = {"name": "Owner", "username": "owner", "password": "only-for-this-test", "language": "en"}
        async with self._http.post("/api/onboarding/users", json={"client_id": client, **owner}) as response:
            code = (await self._checked(response))["auth_code"]
        grant = {"grant_type": "authorization_code", "code": code, "client_id": client}
        async with self._http.post("/auth/token", data=grant) as response:
            self.token: str = (await self._checked(response))["access_token"]
        # The step "core_config" stays undone: it would set up a weather service of the internet.
        await self.post("/api/onboarding/analytics", {})
        await self.post("/api/onboarding/integration", {"client_id": client, "redirect_uri": client})

    async def _authenticate(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        await socket.receive_json(timeout=PATIENCE)
        await socket.send_json({"type": "auth", "access_token": self.token})
        answer = await socket.receive_json(timeout=PATIENCE)
        assert answer["type"] == "auth_ok", answer

    @staticmethod
    async def _checked(response: aiohttp.ClientResponse) -> Any:
        text = await response.text()
        assert response.ok, f"{response.method} {response.url.path}: {response.status} {text[:2000]}"
        return json.loads(text)
