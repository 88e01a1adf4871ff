"""What a session plays: a song's show, its start and end, and its volume."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import blake2s
from typing import Protocol

from yulelight.encoder.model import Encoder
from yulelight.library.songs import LibrarySong
from yulelight.show.look import Look
from yulelight.show.mapping import VERSION
from yulelight.show.show import Show


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a show depends on apart from the song."""

    model: str
    """The model's name and checksum, see ``Encoder.mark``."""
    look: Look
    gain: float = 0.0
    """Gain in dB applied to the song before analysis."""

    def key(self) -> str:
        """16 hexadecimal digits that differ for every other plan, and after an update that changes the mapping."""
        return _key(self)


@lru_cache(64)
def _key(plan: Plan) -> str:
    text = json.dumps([VERSION, plan.model, asdict(plan.look), plan.gain], sort_keys=True)
    return blake2s(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class SongSettings:
    """The user's settings for one song. None: the default of the show."""

    look: str | None = None
    model: str | None = None
    gain: float = 0.0
    """Change of the volume in dB, -24..24."""
    trim: bool = False
    """Whether silence at both ends is skipped."""
    delay: float = 0.0
    """Additional delay of its lights in seconds, -2..5."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A song that is ready to play.

    Positions always refer to the file. Playback begins at ``start`` and ends at ``end``: 0 and the song's duration,
    or with ``trim`` the first and the last sound.
    """

    show: Show
    start: float
    end: float
    gain: float = 0.0
    """dB, for the sound."""
    delay: float = 0.0
    """Additional delay of the lights in seconds."""


class ShowSource(Protocol):
    """Provides shows for sessions; see yulelight.library.show_source."""

    def settings(self, song: str) -> SongSettings:
        """The user's settings for the song with this id, from which the director takes look and model. Never
        blocks.
        """

    async def show(
        self,
        found: LibrarySong,
        encoder: Encoder,
        look: Look,
        progress: Callable[[float], None] | None = None,
    ) -> Prepared:
        """The song's show from the cache, or rendered now, before background work.

        ``progress`` is called in another thread with the seconds done; an exception raised by it ends the rendering.
        Raises AudioError.
        """

    def prefer(self, *, model: str, look: str) -> None:
        """Sets the names of model and look for which songs are rendered in the background from now on."""
