"""Checks that the playlist and the look of a show exist. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from yulelight.core.errors import UsageError
from yulelight.core.suggest import did_you_mean
from yulelight.core.text import folded
from yulelight.schedule.entry import Entry


@dataclass(frozen=True, slots=True)
class Names:
    """The existing names; None if unknown."""

    playlists: Collection[str] | None = None
    looks: Collection[str] | None = None

    def checked(self, entry: Entry, known: Entry | None = None) -> Entry:
        """``entry`` with the exact name of its playlist.

        Raises UsageError for an unknown playlist or look, unless it is unchanged from ``known``, the show that is
        replaced.
        """
        if known is None or entry.playlist != known.playlist:
            entry = replace(entry, playlist=self._playlist(entry.playlist))
        if entry.look and (known is None or entry.look != known.look):
            self._look(entry.look)
        return entry

    def problems(self, entry: Entry) -> list[str]:
        """The names in ``entry`` that do not exist, one line each."""
        found = []
        for check, name in ((self._playlist, entry.playlist), (self._look, entry.look or "")):
            try:
                check(name)
            except UsageError as error:
                found.append(f"{entry.summary or entry.playlist}: {error}")
        return found

    def all_problems(self, entries: Iterable[Entry]) -> list[str]:
        """The problems of all shows and their nights that differ, without duplicates."""
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
