"""The house that entities show, made of what the service tells."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from .contract.client import Json
from .contract.models import Channel, Info, Status


@dataclass(frozen=True, slots=True)
class House:
    """All that entities show. Replaced as a whole whenever the service tells something new."""

    info: Info
    status: Status = field(default_factory=Status)
    heard: datetime = datetime.min  # noqa: DTZ901
    """When the status came."""
    channels: Mapping[int, Channel] = field(default_factory=dict)
    library: Json = field(default_factory=dict)
    playlists: tuple[Json, ...] = ()
    schedule: Json = field(default_factory=dict)
    looks: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    nodes: tuple[Json, ...] = ()
    outputs: tuple[Json, ...] = ()
    """What sounds, the main one first."""


def position_at(house: House, now: datetime) -> float:
    """Seconds into the show's song at ``now``."""
    return house.status.position_after((now - house.heard).total_seconds())
