"""``yulelight pair``: allows a program's pairing request, so that no token has to be typed."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from yulelight.commands.options import Config, Data, HttpPort
from yulelight.commands.remote import ask
from yulelight.core.errors import UsageError

if TYPE_CHECKING:
    from yulelight.commands.client import Client

PATH = "pairing"


def pair(
    code: Annotated[
        str | None,
        typer.Argument(help="The code that the program shows; without it, every request is asked about."),
    ] = None,
    refuse: Annotated[bool, typer.Option("--refuse", help="Refuse the request instead.")] = False,
    config: Config = None,
    data: Data = None,
    http_port: HttpPort = None,
) -> None:
    """Allow Home Assistant, or another program that asks, to control the show.

    Start adding Yulelight in Home Assistant first. It shows a code; allow the request with the same code.
    """

    async def decide(client: "Client") -> None:
        requests = (await client.get(PATH))["requests"]
        if not requests:
            raise UsageError(
                "there is no pairing request; start adding Yulelight in Home Assistant, then try again"
            )
        chosen = [request for request in requests if code in (None, request["code"])]
        if not chosen:
            raise UsageError(
                f"no pairing request has the code {code}; run `yulelight pair` to list the requests"
            )
        for request in chosen:
            allow = not refuse if code else _wanted(request)
            await client.post(f"{PATH}/{request['id']}", {"allow": allow})
            typer.echo(f"{request['name']} ({request['address']}) was {'allowed' if allow else 'refused'}")

    ask(decide, config, data, http_port)


def _wanted(request: dict[str, Any]) -> bool:
    asked = f"{request['name']} at {request['address']} shows the code {request['code']}. Allow it?"
    return typer.confirm(asked)
