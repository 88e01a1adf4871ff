"""What the scheduler depends on."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from yulelight.actors import Broadcast, Ref
from yulelight.core.messages import Command, ShowEvent, Status
from yulelight.schedule.messages import ScheduleView
from yulelight.schedule.places import PlaceFile
from yulelight.schedule.quiet import Quiet


@dataclass(frozen=True, slots=True)
class ScheduleAccess:
    """Other parts, files and clocks. ``wall``: seconds since 1970; ``clock``: the monotonic clock."""

    director: Ref[Command]
    statuses: Broadcast[Status]
    events: Broadcast[ShowEvent]
    views: Broadcast[ScheduleView]
    schedule: Path
    memory: Path
    place: PlaceFile
    machine_zone: Callable[[], tzinfo]
    """May block."""
    quiet: Sequence[Quiet]
    wall: Callable[[], float]
    clock: Callable[[], float]
    looks: Collection[str] | None = None
    """The existing names; None if unknown."""
    rests: Callable[[], bool] = lambda: False
    """Whether another service leads, so that the calendar starts nothing."""
