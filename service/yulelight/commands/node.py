"""`yulelight node`: run a light node, set it up, install it, turn it off."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from yulelight.commands.options import Data, Interface
from yulelight.commands.run import guard, run
from yulelight.node.config import find, load, places
from yulelight.node.drivers.choose import choose

app = typer.Typer(invoke_without_command=True)

_Driver = Annotated[
    str | None,
    typer.Option(
        help="What drives the lights: pigpio, lgpio, simulated (in the terminal), or auto, which looks.",
        show_default="auto",
    ),
]
_Config = Annotated[
    Path | None,
    typer.Option(
        "--config", help="The node's file (else node.toml here, in ~/.config/yulelight or /etc/yulelight)."
    ),
]


@app.callback()
def node(
    context: typer.Context,
    config: _Config = None,
    driver: _Driver = None,
    broker: Annotated[
        str | None,
        typer.Option(
            envvar="YULELIGHT_NODE_BROKER",
            help="The service's broker: mqtt://user:password@host:1883. Without it, the service is looked for.",
        ),
    ] = None,
    password: Annotated[
        str | None,
        typer.Option(
            envvar="YULELIGHT_NODE_PASSWORD",
            help="Password of the embedded broker (`yulelight token --broker` shows it on the service's machine).",
        ),
    ] = None,
    service: Annotated[str | None, typer.Option(help="Id of the service, when there are several.")] = None,
    id: Annotated[
        str | None, typer.Option("--id", help="Name of this node.", show_default="host name")
    ] = None,
    data: Data = None,
    interface: Interface = None,
) -> None:
    """Run a light node until Ctrl-C: plays the service's frames at their moment, and goes dark when in doubt."""
    if context.invoked_subcommand:
        return
    from yulelight.node.run import run_node

    async def work() -> None:
        given = load(config)
        told = replace(
            given, broker=broker or given.broker, service=service or given.service, id=id or given.id
        )
        lights = choose(told, driver) if told.outputs else None
        await run_node(told, lights, password=password, data=data, interfaces=interface or [])

    run(work())


@app.command()
def setup(
    config: Annotated[
        Path | None,
        typer.Option("--config", help="Where to save.", show_default="~/.config/yulelight/node.toml"),
    ] = None,
    driver: _Driver = None,
) -> None:
    """Light one output after the other, ask which lights that is, and save the map as node.toml."""
    from yulelight.node.setup import Dialogue, set_up

    def ask(question: str, usual: str) -> str:
        return str(typer.prompt(question, default=usual, show_default=bool(usual)))

    guard(lambda: set_up(config or places()[1], Dialogue(ask, typer.echo), driver))


@app.command()
def install(
    config: _Config = None,
    user: Annotated[str | None, typer.Option(help="The account it runs under.", show_default="yours")] = None,
    show: Annotated[
        bool, typer.Option("--print", help="Show what would be written, and write nothing.")
    ] = False,
) -> None:
    """Make systemd run the node from boot on, and turn all lights off whenever it ends. Needs sudo."""
    guard(lambda: _install(config, user, show))


def _install(config: Path | None, user: str | None, show: bool) -> None:
    from yulelight.core import systemd
    from yulelight.node import install as unit

    account = systemd.account(user)
    path = find(config, account.home)
    load(path)
    written = unit.files(path.absolute(), account.name, unit.pin_group())
    if show:
        for name, text in written.items():
            typer.echo(f"# {systemd.FOLDER / name}\n{text}")
        return
    unit.install(written)
    typer.echo(f"The node runs, now and after every start of this machine. See: journalctl -u {unit.NAME}")


@app.command()
def off(config: _Config = None, driver: _Driver = None) -> None:
    """Turn all outputs off, at once, whoever turned them on."""
    from yulelight.node.off import all_off

    async def work() -> None:
        await all_off(load(config), driver)

    run(work(), quiet=True)
