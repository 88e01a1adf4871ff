"""The command that synchronizes sound and light: calibrate."""

import contextlib
import re
from typing import Annotated, Any

import typer

from yulelight.commands.options import Config, Data, HttpPort
from yulelight.commands.remote import ask
from yulelight.core.errors import UsageError
from yulelight.core.messages import MAX_DELAY, MIN_DELAY

STEPS = (0.01, 0.05, 0.25)
"""Seconds for one, two and three letters."""


def calibrate(
    output: Annotated[
        str | None, typer.Option(help="The output to set, when there are several.", show_default="main")
    ] = None,
    config: Config = None,
    data: Data = None,
    http_port: HttpPort = None,
) -> None:
    """Bring sound and light together: the lights blink on clicks, and you say which comes first until both match.

    Needs the running service. What plays is interrupted for the time being.
    """
    name = output or "main"

    def change(seconds: float) -> None:
        ask(lambda client: client.put(f"outputs/{name}", {"delay": seconds}), config, data, http_port)

    before = delay = ask(lambda client: _delay(client, name), config, data, http_port)
    ask(lambda client: client.control("calibrate", on=True), config, data, http_port)
    try:
        typer.echo(
            "The lights blink once a second, and each time there is a click. Stand where people will stand."
        )
        typer.echo("  e  the light is early, l  it is late; ee and ll by more, eee and lll by much more")
        typer.echo("  a number sets the delay in seconds, x forgets all changes, Enter alone ends")
        while (answer := _read(delay)) not in {"", "x"}:
            try:
                wanted = nudged(delay, answer)
            except UsageError as error:
                typer.echo(str(error))
                continue
            change(wanted)
            delay = wanted
        if answer == "x" and delay != before:
            change(before)
            delay = before
    finally:
        # Also on Ctrl-C. If the service is gone, it is off anyway.
        with contextlib.suppress(typer.Exit):
            ask(lambda client: client.control("calibrate", on=False), config, data, http_port)
    typer.echo(f"The lights wait {delay:.2f} s for {name}; the service keeps this.")


def nudged(delay: float, answer: str) -> float:
    """The delay after the user's answer. Raises UsageError if the answer is not understood or out of range."""
    if re.fullmatch("e{1,3}|l{1,3}", answer):
        step = STEPS[len(answer) - 1]
        wanted = delay + (step if answer[0] == "e" else -step)
    else:
        try:
            wanted = float(answer.replace(",", "."))
        except ValueError:
            raise UsageError("type e, l, a number of seconds, x, or nothing") from None
    if not MIN_DELAY <= wanted <= MAX_DELAY:
        raise UsageError(f"a delay goes from {MIN_DELAY:g} to {MAX_DELAY:g} seconds")
    return round(wanted, 3)


def _read(delay: float) -> str:
    try:
        return input(f"delay {delay:.2f} s: ").strip().lower()
    except EOFError:
        return ""


async def _delay(client: Any, name: str) -> float:
    outputs = {each["name"]: each for each in (await client.get("outputs"))["outputs"]}
    if name not in outputs:
        raise UsageError(f"there is no output {name!r}; there are {', '.join(outputs)}")
    if problem := outputs[name]["problem"]:
        typer.echo(f"{name}: {problem}.")
    return float(outputs[name]["delay"])
