"""The routes of live inputs: which there are, which of them sound, and which are lit."""

from collections.abc import Iterable
from typing import Annotated, Any, Self

from aiohttp import web
from pydantic import Field, model_validator

from yulelight.api.body import read_json
from yulelight.api.fields import Body, Switch, read
from yulelight.api.services import INPUTS, InputService
from yulelight.inputs.choices import HIGHEST, LOWEST, MAX_DEVICE
from yulelight.inputs.device import listed
from yulelight.inputs.manager import ChangeInput, GetInputs, InputReport, PlayInput

TIMEOUT = 10.0
"""Seconds for the manager to answer; it may have to end what plays."""


async def get_inputs(request: web.Request) -> web.Response:
    """GET /api/v1/inputs."""
    return web.json_response(await view(request.app[INPUTS]))


async def put_input(request: web.Request) -> web.Response:
    """PUT /api/v1/inputs/{name}: whether it is muted, its priority, whether unpaired servers may send it sound, and
    what it records from; answers with all inputs.
    """
    wanted = read(_Input, await read_json(request))
    change = ChangeInput(
        _name(request), wanted.muted, wanted.priority, wanted.open_to_unpaired, wanted.device
    )
    return await _change(request, change)


async def play_input(request: web.Request) -> web.Response:
    """POST /api/v1/inputs/{name}/play: lights it in place of what plays; answers with all inputs."""
    return await _change(request, PlayInput(_name(request)))


async def view(inputs: InputService) -> dict[str, Any]:
    """All inputs as JSON."""
    return shown(await inputs.manager.ask(GetInputs(), timeout=TIMEOUT))


def shown(reports: Iterable[InputReport]) -> dict[str, Any]:
    """The JSON of ``reports``."""
    return {
        "inputs": [
            {
                "name": each.name,
                "kind": each.kind,
                "state": each.state,
                "reason": each.reason,
                "level": each.level,
                "priority": each.priority,
                "muted": each.muted,
                "pairing_code": each.pairing_code,
                "open_to_unpaired": each.unpaired,
                "device": each.device,
                "late": each.late,
                "problem": each.problem,
                "title": each.song.title,
                "artist": each.song.artist,
                "album": each.song.album,
            }
            for each in reports
        ]
    }


class _Input(Body):
    muted: Switch | None = None
    priority: (
        Annotated[
            int,
            Field(
                strict=True,
                ge=LOWEST,
                le=HIGHEST,
                description=f"a whole number from {LOWEST} to {HIGHEST}",
            ),
        ]
        | None
    ) = None

    open_to_unpaired: Switch | None = None
    device: (
        Annotated[
            str,
            Field(
                strict=True,
                max_length=MAX_DEVICE,
                pattern=r"^[^\x00]*$",
                description=f"the name of a device, up to {MAX_DEVICE} characters; empty: as in the settings",
            ),
        ]
        | None
    ) = None

    @model_validator(mode="after")
    def _changes(self) -> Self:
        if not self.model_fields_set:
            raise ValueError('say what to change: "muted", "priority", "open_to_unpaired" or "device"')
        return self


def _name(request: web.Request) -> str:
    return request.match_info["name"]


async def _change(request: web.Request, change: ChangeInput | PlayInput) -> web.Response:
    inputs = request.app[INPUTS]
    if change.name not in {each["name"] for each in (await view(inputs))["inputs"]}:
        raise web.HTTPNotFound(text="there is no such input; /api/v1/inputs lists them")
    await inputs.manager.ask(change, timeout=TIMEOUT)
    return web.json_response(await view(inputs))


async def get_devices(request: web.Request) -> web.Response:
    """GET /api/v1/inputs/devices: what this machine can record from, as of now."""
    return web.json_response({"devices": await listed()})


ROUTES = [
    web.get("/api/v1/inputs/devices", get_devices, name="get_devices"),
    web.get("/api/v1/inputs", get_inputs, name="get_inputs"),
    web.put("/api/v1/inputs/{name}", put_input, name="put_input"),
    web.post("/api/v1/inputs/{name}/play", play_input, name="play_input"),
]
