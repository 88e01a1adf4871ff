"""The outputs of the service as they are now: for the house's layout, and for whoever asks how they do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yulelight.actors import Broadcast
from yulelight.outputs.base import Output, OutputHealth, node_id
from yulelight.safety.physics import Light


@dataclass(frozen=True, slots=True)
class OutputReport:
    """An output, what hangs on it, and how it does."""

    name: str
    type: str
    """As the settings name it."""
    lights: Sequence[Light]
    health: OutputHealth


class OutputBoard:
    """``types`` has the type of each output by its name, in the order of the settings."""

    def __init__(self, types: Mapping[str, str]) -> None:
        self.changes: Broadcast[None] = Broadcast()
        """Said when other lights hang on an output than before."""
        self._types = dict(types)
        self._outputs: dict[str, Output] = {}

    def put(self, output: Output) -> None:
        """``output`` runs now, instead of whatever had its name before."""
        self._outputs[output.name] = output
        self.changes.publish(None)

    @property
    def lights(self) -> dict[str, Sequence[Light]]:
        """What hangs on each, by its ``node_id``, as far as it is known."""
        return {node_id(name): output.lights for name, output in self._outputs.items()}

    def report(self) -> list[OutputReport]:
        """All outputs."""
        found = []
        for name, kind in self._types.items():
            output = self._outputs.get(name)
            health = output.health() if output else OutputHealth(False, problem="does not run yet")
            found.append(OutputReport(name, kind, output.lights if output else (), health))
        return found
