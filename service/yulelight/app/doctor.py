"""`yulelight doctor`: checks everything that a show needs, and says what to do about each problem."""

import asyncio
import errno
import os
import socket
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median

import aiohttp
import aiomqtt
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from yulelight.app.music import library_of, music_of
from yulelight.app.settings import Settings
from yulelight.audio.decode import blocks
from yulelight.audio.speaker import Speaker
from yulelight.core import identity
from yulelight.core.errors import NetworkError, UsageError, YulelightError
from yulelight.core.finding import Finding, Verdict
from yulelight.core.listening import listen_error
from yulelight.encoder.catalogue import find
from yulelight.encoder.model import load
from yulelight.mqtt.address import BrokerAddress

NOTHING = "nothing"
"""The advice if there is no problem."""


async def run_doctor(settings: Settings, console: Console) -> bool:
    """Prints the findings as a table; True if nothing prevents the show."""
    findings = await examine(settings)
    table = Table(title="Yulelight's health", title_justify="left", show_lines=False)
    table.add_column("")
    table.add_column("what")
    table.add_column("found", overflow="fold")
    table.add_column("what to do", overflow="fold")
    marks = {Verdict.GOOD: "[green]✔[/]", Verdict.NOTE: "[yellow]•[/]", Verdict.TROUBLE: "[red]✘[/]"}
    for finding in findings:
        # Names of files and settings may contain brackets, which are not markup.
        table.add_row(marks[finding.verdict], finding.what, escape(finding.found), escape(finding.advice))
    console.print(table)
    return all(finding.verdict is not Verdict.TROUBLE for finding in findings)


async def examine(settings: Settings, *, running: bool = False) -> list[Finding]:
    """All findings; a check that fails unexpectedly is a finding, too.

    ``running``: called by the service itself, which knows its port, songs and sound without testing them.
    """
    findings: list[Finding] = []
    checks: list[Callable[[Settings], Awaitable[list[Finding]]]] = (
        [_data, _model, _broker, _clock]
        if running
        else [_data, _model, _music, _http, _broker, _clock, _sound]
    )
    for check in checks:
        try:
            findings += await check(settings)
        except YulelightError as error:
            found, _, advice = str(error).partition("; ")
            findings.append(Finding(check.__name__[1:], Verdict.TROUBLE, found, advice))
    # What a stranger's look would call remarkable: that there is a service is known to itself.
    usual = [
        replace(each, verdict=Verdict.GOOD, advice="") if each.advice == NOTHING else each
        for each in findings
    ]
    return usual if running else findings


async def _data(settings: Settings) -> list[Finding]:
    return await asyncio.to_thread(_look_at, settings.data)


def _look_at(folder: Path) -> list[Finding]:
    """Checks the data folder without creating anything. Raises YulelightError."""
    there = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        raise UsageError(f"cannot keep the service's identity in {folder}; choose another folder with --data")
    if not (folder / "identity.json").exists():
        advice = "nothing, if the service is new; otherwise name its folder with --data"
        return [Finding("data", Verdict.NOTE, f"no service has run with {folder} yet", advice)]
    return [Finding("data", Verdict.GOOD, f"{folder}, service {identity.load(folder).id}")]


async def _model(settings: Settings) -> list[Finding]:
    path = find(settings.model, settings.models)
    encoder = await asyncio.to_thread(load, path)
    return [Finding("model", Verdict.GOOD, f"{encoder.manifest.name} ({path.name})")]


async def _music(settings: Settings) -> list[Finding]:
    music = await asyncio.to_thread(music_of, settings)
    library = library_of(music)
    songs = await asyncio.to_thread(library.scan)
    own = len(songs) - 1
    places = "1 place" if len(music) == 1 else f"{len(music)} places"
    found = f"{own} song{'' if own == 1 else 's'} in {places}, and the bundled carol"
    findings = [Finding("music", Verdict.GOOD, found)]
    if not music:
        findings = [
            Finding(
                "music",
                Verdict.NOTE,
                "only the bundled carol",
                "name your music folder with --music",
            )
        ]
    findings += [
        Finding(
            "music",
            Verdict.NOTE,
            f"{path} is not there now",
            "plug in its disk or mount it: it is noticed within seconds; or correct its name (--music)",
        )
        for path in library.missing
    ]
    for song in songs[:500]:
        try:
            await asyncio.to_thread(_first_block, song.path)
        except YulelightError as error:
            findings.append(
                Finding(
                    "music", Verdict.NOTE, str(error), "the song is skipped in a show; replace or remove it"
                )
            )
    return findings


def _first_block(path: Path) -> None:
    decoded: Iterator[object] = blocks(path)
    next(decoded, None)


async def _http(settings: Settings) -> list[Finding]:
    host, port = settings.http.host, settings.http.port
    if _free(host, port, "--http-port"):
        return [Finding("page and API", Verdict.GOOD, f"port {port} is free")]
    other = await _yulelight_at(port)
    if other:
        return [
            Finding(
                "page and API", Verdict.NOTE, f"port {port}: {other} is running", "nothing, if that is yours"
            )
        ]
    return [
        Finding(
            "page and API",
            Verdict.TROUBLE,
            f"port {port} is used by another program",
            "stop that program, or choose another port with --http-port",
        )
    ]


async def _yulelight_at(port: int) -> str:
    """The name of the Yulelight service on this machine's ``port``; empty for other programs."""
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=3)) as session,
            session.get(f"http://127.0.0.1:{port}/api/v1/info") as response,
        ):
            info = await response.json()
            return f"{info['name']} {info['version']}"
    except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError):
        return ""


async def _broker(settings: Settings) -> list[Finding]:
    if not settings.mqtt.enabled:
        return [Finding("broker", Verdict.GOOD, "none, as the settings say")]
    if settings.mqtt.broker is not None:
        return [await _try_broker(BrokerAddress.parse(settings.mqtt.broker))]
    port = settings.mqtt.port
    if _free(settings.mqtt.host, port, "--mqtt-port"):
        return [Finding("broker", Verdict.GOOD, f"embedded; port {port} is free")]
    if await _own_broker(settings, port):
        return [Finding("broker", Verdict.NOTE, f"this service's own broker runs on port {port}", NOTHING)]
    return [
        Finding(
            "broker",
            Verdict.TROUBLE,
            f"port {port} is used by another program, perhaps a broker of yours",
            f"use that broker (--broker mqtt://user:password@127.0.0.1:{port}), or choose another --mqtt-port",
        )
    ]


async def _own_broker(settings: Settings, port: int) -> bool:
    """Whether the broker at ``port`` belongs to a service with these settings."""
    try:
        kept = await asyncio.to_thread(identity.load, settings.data)
    except UsageError:  # no service has ever run with them
        return False
    found = await _try_broker(BrokerAddress("127.0.0.1", port, kept.broker_user, kept.broker_password))
    return found.verdict is Verdict.GOOD


async def _try_broker(address: BrokerAddress) -> Finding:
    import ssl

    context = ssl.create_default_context() if address.tls else None
    try:
        async with (
            asyncio.timeout(5),
            aiomqtt.Client(
                address.host,
                address.port,
                username=address.username,
                password=address.password,
                tls_context=context,
                timeout=4,
            ),
        ):
            return Finding("broker", Verdict.GOOD, f"{address} lets us in")
    except (aiomqtt.MqttError, TimeoutError, OSError) as error:
        text = str(error) or "no answer"
        refused = "Not authorized" in text or "code:134" in text or "code:135" in text
        advice = (
            "check user and password in the broker's address"
            if refused
            else "check that the broker runs, and its host and port; a firewall may be in the way"
        )
        return Finding("broker", Verdict.TROUBLE, f"{address}: {text}", advice)


async def _clock(settings: Settings) -> list[Finding]:
    """Checks the monotonic clock for frames and the wall clock for schedules; late wake-ups indicate a busy
    machine.
    """
    late = []
    for _ in range(30):
        due = time.monotonic() + 0.005
        await asyncio.sleep(0.005)
        late.append(1000 * (time.monotonic() - due))
    worst, typical = max(late), median(late)
    finding = Finding("clock", Verdict.GOOD, f"wakes {typical:.1f} ms late, {worst:.1f} ms at worst")
    if typical > 8:
        advice = "the machine is busy and lights may lag; end other programs"
        finding = Finding("clock", Verdict.NOTE, f"wakes {typical:.0f} ms late", advice)
    installed = await asyncio.to_thread(Path(__file__).stat)
    if time.time() >= installed.st_mtime - 86400:
        return [finding]
    today = time.strftime("%Y-%m-%d")
    found = f"the date is {today}, before this program was installed"
    return [finding, Finding("clock", Verdict.TROUBLE, found, "set the clock (timedatectl set-ntp true)")]


async def _sound(settings: Settings) -> list[Finding]:
    if not settings.sound.enabled:
        return [Finding("sound", Verdict.NOTE, "switched off in the settings")]
    speaker, why = await asyncio.to_thread(Speaker.open, settings.sound.device)
    if speaker is None:
        return [
            Finding("sound", Verdict.NOTE, why, "nothing, unless you want to hear the songs on this machine")
        ]
    return [Finding("sound", Verdict.GOOD, "a sound card is here")]


def _free(host: str, port: int, option: str) -> bool:
    """Whether the port is free. Raises NetworkError if it cannot be used."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, ValueError) as error:
            if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
                return False
            raise NetworkError(listen_error(error, host, port, option)) from error
        return True
