"""Playback: the director, the scheduler that controls it, and the live inputs."""

import os
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from yulelight.actors import Broadcast, Ref, Supervisor
from yulelight.app.parts.lights import LightsPart
from yulelight.app.parts.starting import started
from yulelight.app.settings import Settings
from yulelight.core.messages import Status, Stop
from yulelight.inputs.base import Input
from yulelight.inputs.choices import Choices
from yulelight.inputs.manager import InputManager, InputReport, ManagerMessage
from yulelight.player.director import Director, DirectorMessage, OpenInput
from yulelight.player.options import Options
from yulelight.player.services import Feeds, HouseLights, Music, Restarts, Sound
from yulelight.schedule.access import ScheduleAccess
from yulelight.schedule.messages import SchedulerMessage, ScheduleView
from yulelight.schedule.place import machine_zone
from yulelight.schedule.places import PlaceFile
from yulelight.schedule.scheduler import Scheduler


async def start_director(
    supervisor: Supervisor,
    settings: Settings,
    *,
    music: Music,
    sound: Sound,
    lights: LightsPart,
    feeds: Feeds,
    clock: Callable[[], float],
) -> Ref[DirectorMessage]:
    """When started, it accepts commands and, if enabled in the settings, resumes an interrupted show."""

    def director() -> Director:
        return Director(
            music=music,
            sound=sound,
            lights=HouseLights(lights.ref, settings.idle_scene(), settings.light.live_delay),
            feeds=feeds,
            restarts=Restarts(settings.data / "state.json", 60 * settings.resume_within, time.time),
            defaults=Options(
                settings.look, settings.model, delay=settings.sound.delay, palette=settings.palette
            ),
            clock=clock,
        )

    return await started(supervisor, director, "director")


@dataclass(frozen=True, slots=True)
class SchedulePart:
    """The scheduler, and its state."""

    ref: Ref[SchedulerMessage]
    views: Broadcast[ScheduleView]


async def start_scheduler(
    supervisor: Supervisor,
    settings: Settings,
    *,
    director: Ref[DirectorMessage],
    feeds: Feeds,
    looks: Collection[str],
    clock: Callable[[], float],
    rests: Callable[[], bool],
) -> SchedulePart:
    """When started, it has read the calendar and starts the current show."""
    views: Broadcast[ScheduleView] = Broadcast()
    access = ScheduleAccess(
        director=director,
        statuses=feeds.statuses,
        events=feeds.events,
        views=views,
        schedule=settings.schedule or settings.data / "schedule.ics",
        memory=settings.data / "scheduler.json",
        place=PlaceFile(settings.place.made(), settings.data / "place.json"),
        machine_zone=lambda: machine_zone(os.environ.get("TZ", "")),
        quiet=[hours.made() for hours in settings.quiet],
        wall=time.time,
        clock=clock,
        looks=looks,
        rests=rests,
    )
    return SchedulePart(await started(supervisor, lambda: Scheduler(access), "scheduler"), views)


@dataclass(frozen=True, slots=True)
class InputsPart:
    """The manager of the live inputs, and their states, updated on each change."""

    ref: Ref[ManagerMessage]
    reports: Broadcast[tuple[InputReport, ...]]


def start_inputs(
    supervisor: Supervisor,
    settings: Settings,
    *,
    identity: str,
    director: Ref[DirectorMessage],
    statuses: Broadcast[Status],
    reports: Broadcast[tuple[InputReport, ...]],
    clock: Callable[[], float],
) -> InputsPart:
    """The inputs of the settings are kept open, and shown while nothing else plays."""

    async def begin(source: Input, modest: bool) -> None:
        if not modest:
            await director.ask(Stop())
        await director.ask(OpenInput(source, modest=modest))

    choices = Choices(settings.data / "inputs.json")
    context = replace(settings.input_context(), choices=choices, id=identity, clock=clock)
    wanted = [each.wanted(context) for each in settings.input]
    manager = supervisor.start(
        lambda: InputManager(wanted, begin, statuses, reports, clock, choices=choices), "inputs"
    )
    return InputsPart(manager, reports)
