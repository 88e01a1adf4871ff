"""The routes of what is wrong and what to do about it, and of the log for who looks for more."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from aiohttp import web

from yulelight.api.schedule import ask
from yulelight.api.services import HEALTH, INPUTS, LIBRARY, LIGHTS, NODES, OUTPUTS, SCHEDULE, SOUND
from yulelight.audio.sound_outputs import SoundOutput
from yulelight.core.errors import YulelightError
from yulelight.core.finding import Finding, Verdict
from yulelight.core.text import readable
from yulelight.inputs.manager import GetInputs, InputReport
from yulelight.library.librarian import GetLibrary, LibraryState
from yulelight.lights.mirrors import Mirror
from yulelight.outputs.board import OutputReport
from yulelight.schedule.messages import GetSchedule, ScheduleView

ASK_TIMEOUT = 5.0


async def get_health(request: web.Request) -> web.Response:
    """GET /api/v1/health: all findings, the worst first."""
    app = request.app
    findings = await app[HEALTH].examine()
    mirrors = app[LIGHTS].mirrors.all(app[LIGHTS].clock())
    findings += of_lights(app[NODES].report(), app[OUTPUTS].report(), mirrors)
    findings += of_sound(app[SOUND].outputs.outputs())
    try:
        library: LibraryState = await app[LIBRARY].librarian.ask(GetLibrary(), timeout=ASK_TIMEOUT)
        schedule: ScheduleView = await ask(app[SCHEDULE], GetSchedule())
        findings += [*of_library(library), *of_schedule(schedule)]
        findings += of_inputs(await app[INPUTS].manager.ask(GetInputs(), timeout=ASK_TIMEOUT))
    except YulelightError as error:
        findings.append(Finding("service", Verdict.TROUBLE, str(error), "wait a moment; the log says more"))
    order = list(reversed(Verdict))
    findings.sort(key=lambda finding: order.index(finding.verdict))
    return web.json_response({"findings": [_told(finding) for finding in findings]})


async def get_log(request: web.Request) -> web.Response:
    """GET /api/v1/log: the last lines, without secrets, as a file."""
    text = await asyncio.to_thread(request.app[HEALTH].log.text)
    headers = {"Content-Disposition": 'attachment; filename="yulelight-log.txt"'}
    return web.Response(text=text, content_type="text/plain", charset="utf-8", headers=headers)


ROUTES = [
    web.get("/api/v1/health", get_health, name="get_health"),
    web.get("/api/v1/log", get_log, name="get_log"),
]


def of_lights(
    nodes: Sequence[Mapping[str, Any]], outputs: Sequence[OutputReport], mirrors: Sequence[Mirror]
) -> list[Finding]:
    """How the nodes, the service's own outputs and lights that follow elsewhere do."""
    found = [_light(f"node {node['id']}", node["problem"]) for node in nodes]
    found += [_light(f"output {one.name}", one.health.problem) for one in outputs]
    found += [_light(f"lights of Home Assistant, {one.name}", one.problem) for one in mirrors]
    if not found:
        advice = (
            "look for some on the page, under Lights, or install a light node; until then the page shows them"
        )
        found = [Finding("lights", Verdict.NOTE, "no lights are connected", advice)]
    return found


def of_sound(outputs: Iterable[SoundOutput]) -> list[Finding]:
    """What is heard where."""
    return [
        Finding(
            "sound", Verdict.NOTE, f"{one.name}: {one.problem}", "nothing, unless you want to hear it there"
        )
        if one.problem
        else Finding("sound", Verdict.GOOD, f"{one.name} sounds")
        for one in outputs
    ]


def of_inputs(inputs: Iterable[InputReport]) -> list[Finding]:
    """What comes from elsewhere, sound or the lights of another service."""
    advice = "look at what sends it; docs/inputs.md tells more"
    return [
        Finding(f"input {one.name}", Verdict.NOTE, one.problem, advice)
        if one.problem
        else Finding(f"input {one.name}", Verdict.GOOD, "does well")
        for one in inputs
    ]


def of_library(library: LibraryState) -> list[Finding]:
    """What there is to play."""
    found = []
    for path in library.missing:
        advice = (
            "plug in its disk or mount it: it is noticed within seconds; or correct its name in the settings"
        )
        found.append(Finding("music", Verdict.TROUBLE, f"{readable(path)} is not there now", advice))
    if library.unplayable:
        text = (
            "1 song cannot be played"
            if library.unplayable == 1
            else f"{library.unplayable} songs cannot be played"
        )
        found.append(
            Finding("music", Verdict.NOTE, text, "the list of songs says why for each; replace or remove it")
        )
    if library.message:
        found.append(Finding("music", Verdict.NOTE, library.message))
    if not library.songs:
        found.append(
            Finding("music", Verdict.NOTE, "there are no songs yet", "send some from your phone, under Songs")
        )
    return found or [
        Finding("music", Verdict.GOOD, f"{library.songs} songs, {library.rendered} with their lights made")
    ]


def of_schedule(schedule: ScheduleView) -> list[Finding]:
    """What keeps shows from starting."""
    found = (
        [Finding("calendar", Verdict.TROUBLE, schedule.message, "look at tonight in the calendar")]
        if schedule.message
        else []
    )
    found += [
        Finding("calendar", Verdict.NOTE, problem, "change the show in the calendar")
        for problem in schedule.problems
    ]
    if not schedule.armed:
        text = "shows by calendar are switched off"
        found.append(
            Finding("calendar", Verdict.NOTE, text, "switch them on in the calendar, when they shall start")
        )
    return found or [Finding("calendar", Verdict.GOOD, "nothing keeps shows from starting")]


def _light(what: str, problem: str) -> Finding:
    if not problem:
        return Finding(what, Verdict.GOOD, "does well")
    return Finding(
        what, Verdict.TROUBLE, problem, "look at its power and its network; docs/hardware.md tells more"
    )


def _told(finding: Finding) -> dict[str, str]:
    return {
        "what": finding.what,
        "verdict": str(finding.verdict),
        "found": finding.found,
        "advice": finding.advice,
    }
