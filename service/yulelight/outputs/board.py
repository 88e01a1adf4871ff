"""The present outputs of the service, their lights and their health."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from yulelight.actors import Broadcast
from yulelight.outputs.base import Output, OutputHealth, node_id
from yulelight.outputs.deadman import Words
from yulelight.safety.physics import Light

GROUPS = 16
"""Maximum number of outputs that the limits distinguish."""


@dataclass(frozen=True, slots=True)
class OutputReport:
    """An output with its lights and its health."""

    name: str
    type: str
    """Its type in the settings."""
    lights: Sequence[Light]
    health: OutputHealth


def grouped(outputs: Mapping[str, Sequence[Light]], most: int = GROUPS) -> dict[str, Sequence[Light]]:
    """The lights of all ``outputs`` as at most ``most`` of them, so that many cost no more than some.

    Lights of one output that always look alike are one, of all their load. Of more outputs than ``most``, every
    ``most``-th counts as the same one: what hangs on them is taken to change at the same moment, as it leaves here.
    """
    groups: dict[str, dict[Light, float]] = {}
    for index, lights in enumerate(outputs.values()):
        name = f"output-group-{index % most + 1}" if len(outputs) > most else list(outputs)[index]
        group = groups.setdefault(name, {})
        for light in lights:
            kind = replace(light, load=1.0, node=name)
            group[kind] = group.get(kind, 0.0) + light.load
    return {
        name: tuple(replace(kind, load=load) for kind, load in group.items())
        for name, group in groups.items()
    }


class OutputBoard:
    """``types`` has the type of each output by its name, in the order of the settings."""

    def __init__(self, types: Mapping[str, str]) -> None:
        self.changes: Broadcast[None] = Broadcast()
        """Published to when the lights of an output have changed."""
        self._types = dict(types)
        self._outputs: dict[str, Output] = {}
        self._grouped: dict[str, Sequence[Light]] | None = None

    def put(self, output: Output) -> None:
        """Registers a running ``output``, replacing the previous one of its name."""
        self._outputs[output.name] = output
        self.changed()

    def changed(self) -> None:
        """The lights of an output have changed."""
        self._grouped = None
        self.changes.publish(None)

    @property
    def lights(self) -> dict[str, Sequence[Light]]:
        """What hangs on them, as far as it is known, by what changes together (see ``grouped``)."""
        if self._grouped is None:
            here = {
                node_id(name): self._outputs[name].lights for name in self._types if name in self._outputs
            }
            self._grouped = grouped(here)
        return self._grouped

    def last_words(self) -> Words:
        """Packets that turn all lights off after this process has ended."""
        return tuple(word for output in self._outputs.values() for word in output.last_words())

    def darkened(self) -> None:
        """Called after these packets have been sent by the dead man's switch."""
        for output in self._outputs.values():
            output.darkened()

    def report(self) -> list[OutputReport]:
        """All outputs."""
        found = []
        for name, kind in self._types.items():
            output = self._outputs.get(name)
            health = output.health() if output else OutputHealth(False, problem="does not run yet")
            found.append(OutputReport(name, kind, output.lights if output else (), health))
        return found
