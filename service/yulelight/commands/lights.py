"""``yulelight lights``: lists the lights with their drivers and states, finds new ones, and runs a test blink."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from yulelight.commands.options import Config, Data, HttpPort, Interface
from yulelight.commands.remote import ask
from yulelight.commands.run import run
from yulelight.core.errors import NetworkError, UsageError

if TYPE_CHECKING:
    from yulelight.api.services import FoundOnBroker
    from yulelight.commands.client import Client
    from yulelight.outputs.wled.find import Found

app = typer.Typer(name="lights", help="List the house's lights, find new ones, and make one blink.")

_BLINKING = 3.5
"""Seconds that a channel's blink takes."""


@app.callback(invoke_without_command=True)
def lights(
    context: typer.Context,
    find: Annotated[
        bool,
        typer.Option(
            "--find",
            help="Search this network for WLED devices, and the settings' MQTT broker for Tasmota, Shelly and "
            "Zigbee2MQTT.",
        ),
    ] = False,
    broker: Annotated[
        str | None,
        typer.Option(help="Another MQTT broker to search with --find: mqtt://user:password@host:1883."),
    ] = None,
    interface: Interface = None,
    config: Config = None,
    data: Data = None,
    http_port: HttpPort = None,
) -> None:
    """List the house's lights, find new ones, and make one blink.

    Lists what drives lights, nodes and outputs of the settings alike, the channels of each, and what is wrong.
    """
    if context.invoked_subcommand is not None:
        return
    if find:
        found, brokers = run(_search(interface, config, data, broker), quiet=True)
        _print_found(found)
        _print_on_brokers(brokers)
        return
    if broker is not None:
        raise typer.BadParameter("--broker is for --find: yulelight lights --find --broker mqtt://host")
    outputs = ask(_outputs, config, data, http_port)
    table = Table(box=None, pad_edge=False)
    for heading in ("name", "type", "channels", "health"):
        table.add_column(heading)
    for output in outputs:
        table.add_row(output["name"], output["type"], _channels(output), output["problem"] or "well")
    if outputs:
        Console(markup=False).print(table)
    else:
        typer.echo("no lights yet: start a node (`yulelight node`), or add an [[output]] to the settings")


@app.command()
def blink(
    name: Annotated[str, typer.Argument(help="A node or output, as `yulelight lights` names it.")],
    channel: Annotated[int | None, typer.Option(min=1, max=8, help="Only this channel of it.")] = None,
    config: Config = None,
    data: Data = None,
    http_port: HttpPort = None,
) -> None:
    """Make the channels of a node or output blink, one after the other, within the flash limit.

    Whatever else hangs on these channels blinks, too.
    """

    async def work(client: "Client") -> None:
        for each in _wanted(await _outputs(client), name, channel):
            typer.echo(f"{name}: channel {each} blinks")
            await client.control("identify", channel=each)
            await asyncio.sleep(_BLINKING)

    ask(work, config, data, http_port)


async def _outputs(client: "Client") -> list[dict[str, Any]]:
    return list((await client.get("lights"))["outputs"])


def _wanted(outputs: list[dict[str, Any]], name: str, channel: int | None) -> list[int]:
    found = next((each for each in outputs if each["name"] == name), None)
    if found is None:
        names = ", ".join(each["name"] for each in outputs) or "none"
        raise UsageError(f"there is no node or output {name!r}; there are: {names}")
    if found["type"] == "home-assistant":
        raise UsageError(
            f"{name} is in Home Assistant and follows only while a show is on; make it blink there"
        )
    channels = sorted({light["channel"] for light in found["lights"]})
    if channel is not None and channel not in channels:
        raise UsageError(f"{name} does not have channel {channel}; it has {_channels(found) or 'none'}")
    return channels if channel is None else [channel]


def _channels(output: dict[str, Any]) -> str:
    return ", ".join(str(each) for each in sorted({light["channel"] for light in output["lights"]}))


async def _search(
    interface: list[str] | None, config: Path | None, data: Path | None, broker: str | None
) -> "tuple[list[Found], list[FoundOnBroker]]":
    from yulelight.app.light_search import on_brokers, places_of
    from yulelight.app.settings import load

    places = places_of(load(config, data=data), broker)
    return await asyncio.gather(_wled(interface), on_brokers(places))


async def _wled(interface: list[str] | None) -> "list[Found]":
    from yulelight.outputs.wled.find import survey

    try:
        return await survey(interfaces=interface or None)
    except NetworkError as error:
        typer.echo(f"WLED: {error}", err=True)
        return []


def _print_found(found: "list[Found]") -> None:
    for one in found:
        device = one.device
        if device is None:
            typer.echo(f"{one.announced.name} at {one.announced.host}: {one.problem}")
            continue
        segments = ", ".join(each.n or f"segment {each.id}" for each in device.state.seg)
        typer.echo(f"{device.info.name} at {one.announced.host}: {device.info.leds.count} LEDs; {segments}")
    if found:
        typer.echo('\nadd one to the settings with [[output]], type = "wled", a name and its host')
    else:
        typer.echo(
            "no WLED device was heard; is it on, and in the same network? Its address can be given by hand"
        )


def _print_on_brokers(brokers: "list[FoundOnBroker]") -> None:
    for one in brokers:
        typer.echo(
            f"\non the broker at {one.broker}:{'' if one.lights else ' ' + (one.problem or 'no lights')}"
        )
        table = Table(box=None, pad_edge=False)
        for heading in ("id", "name", "kind", "model"):
            table.add_column(heading, overflow="fold")
        for light in one.lights:
            table.add_row(light.id, light.name, "dimmer" if light.dims else "relay", light.model)
        if one.lights:
            Console(markup=False).print(table)
    if any(one.lights for one in brokers):
        typer.echo('\nadd some to the settings with [[output]], type = "mqtt-light", a name and their ids')
    if not brokers:
        typer.echo(
            "\nTasmota, Shelly and Zigbee2MQTT are found on the MQTT broker that they use; name it with --broker, or "
            "in the settings as broker of [mqtt]"
        )
