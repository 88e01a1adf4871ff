"""Properties of a playlist, stored in lines that other players ignore: ``#YULELIGHT-SHUFFLE:on``."""

from collections.abc import Sequence
from dataclasses import dataclass

from yulelight.core.errors import UsageError
from yulelight.core.messages import Repeat
from yulelight.library.stations import StationEntry
from yulelight.library.steps import Step, read_step, write_step


@dataclass(frozen=True, slots=True)
class Change:
    """Changes for ``Playlists.save``; None leaves a property unchanged."""

    songs: Sequence[str | StationEntry] | None = None
    pre: Sequence[Step] | None = None
    post: Sequence[Step] | None = None
    shuffle: bool | None = None
    repeat: Repeat | None = None


@dataclass(frozen=True, slots=True)
class PlaylistHeader:
    """The properties of a playlist; ``others`` are lines of other programs."""

    pre: tuple[Step, ...]
    post: tuple[Step, ...]
    shuffle: bool
    repeat: Repeat
    others: tuple[str, ...]

    @classmethod
    def read(cls, lines: Sequence[str]) -> "PlaylistHeader":
        """Parses the lines. Invalid lines of ours count as those of others: they are kept and have no effect."""
        steps: dict[str, list[Step]] = {"PRE": [], "POST": []}
        shuffle, repeat, others = False, Repeat.OFF, []
        for line in lines:
            name, _, text = line.partition("-")[2].partition(":")
            try:
                match name if line.startswith("#YULELIGHT-") else "":
                    case "PRE" | "POST":
                        steps[name].append(read_step(text))
                    case "SHUFFLE":
                        shuffle = text == "on"
                    case "REPEAT":
                        repeat = Repeat(text)
                    case _:
                        others.append(line)
            except (UsageError, ValueError):
                others.append(line)
        return cls(tuple(steps["PRE"]), tuple(steps["POST"]), shuffle, repeat, tuple(others))

    def lines(self) -> tuple[str, ...]:
        """The lines from which ``read`` restores the properties."""
        lines = [
            *(f"#YULELIGHT-PRE:{write_step(step)}" for step in self.pre),
            *(f"#YULELIGHT-POST:{write_step(step)}" for step in self.post),
        ]
        if self.shuffle:
            lines.append("#YULELIGHT-SHUFFLE:on")
        if self.repeat is not Repeat.OFF:
            lines.append(f"#YULELIGHT-REPEAT:{self.repeat}")
        return (*self.others, *lines)

    def changed(self, change: Change) -> "PlaylistHeader":
        """A copy with ``change`` applied."""
        return PlaylistHeader(
            self.pre if change.pre is None else tuple(change.pre),
            self.post if change.post is None else tuple(change.post),
            self.shuffle if change.shuffle is None else change.shuffle,
            self.repeat if change.repeat is None else change.repeat,
            self.others,
        )
