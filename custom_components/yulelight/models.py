"""The data of a service, as used by the entities."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from .contract.client import Json
from .contract.models import Channel, Info, Status


@dataclass(frozen=True, slots=True)
class House:
    """All data shown by entities. It is replaced as a whole whenever the service sends an update."""

    info: Info
    status: Status = field(default_factory=Status)
    heard: datetime = datetime.min  # noqa: DTZ901
    """When the status was received."""
    channels: Mapping[int, Channel] = field(default_factory=dict)
    library: Json = field(default_factory=dict)
    playlists: tuple[Json, ...] = ()
    schedule: Json = field(default_factory=dict)
    looks: tuple[str, ...] = ()
    palettes: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    nodes: tuple[Json, ...] = ()
    inputs: tuple[Json, ...] = ()
    """Live sound, as the service's settings name it."""
    outputs: tuple[Json, ...] = ()
    """Audio outputs, the main one first."""


def position_at(house: House, now: datetime) -> float:
    """Seconds into the show's song at ``now``."""
    return house.status.position_after((now - house.heard).total_seconds())
