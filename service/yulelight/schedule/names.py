"""Whether there is what a show names: its playlist and its look. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from yulelight.core.errors import UsageError
from yulelight.core.suggest import did_you_mean
from yulelight.core.text import folded
from yulelight.schedule.entry import Entry


@dataclass(frozen=True, slots=True)
class Names:
    """What there is; None where that is not known."""

    playlists: Collection[str] | None = None
    looks: Collection[str] | None = None

    def checked(self, entry: Entry, known: Entry | None = None) -> Entry:
        """``entry`` with its playlist as that is written. Raises UsageError for a playlist or look that is not there.

        What is as in ``known``, the show that it replaces, may be gone by now.
        """
        if known is None or entry.playlist != known.playlist:
            entry = replace(entry, playlist=self._playlist(entry.playlist))
        if entry.look and (known is None or entry.look != known.look):
            self._look(entry.look)
        return entry

    def problems(self, entry: Entry) -> list[str]:
        """What ``entry`` names that is not there, each in a line."""
        found = []
        for check, name in ((self._playlist, entry.playlist), (self._look, entry.look or "")):
            try:
                check(name)
            except UsageError as error:
                found.append(f"{entry.summary or entry.playlist}: {error}")
        return found

    def all_problems(self, entries: Iterable[Entry]) -> list[str]:
        """Those of all shows, and of their nights that differ; each once."""
        found: dict[str, None] = {}
        for entry in entries:
            for one in (entry, *(other for _, other in (*entry.overrides, *entry.onwards) if other)):
                found.update(dict.fromkeys(self.problems(one)))
        return list(found)

    def _playlist(self, name: str) -> str:
        if self.playlists is None or name in self.playlists:
            return name
        alike = [one for one in self.playlists if folded(one) == folded(name)]
        if len(alike) == 1:
            return alike[0]
        hint = did_you_mean(name, self.playlists) or "; make it first, or name another one"
        raise UsageError(f"there is no playlist {name[:64]!r}{hint}")

    def _look(self, name: str) -> str:
        if name and self.looks is not None and name not in self.looks:
            hint = did_you_mean(name, self.looks) or f"; there are {', '.join(self.looks)}"
            raise UsageError(f"there is no look {name[:64]!r}{hint}")
        return name
