"""What a session gets to play: a song's show, where it begins and ends, and how loud the song shall be."""

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
    """All that a show depends on besides the song."""

    model: str
    """The model's name and checksum: see ``Encoder.mark``."""
    look: Look
    gain: float = 0.0
    """dB, added to the song before it is analysed."""

    def key(self) -> str:
        """16 hexadecimal digits; another one for every other plan, and after an update that changes the mapping."""
        return _key(self)


@lru_cache(64)
def _key(plan: Plan) -> str:
    text = json.dumps([VERSION, plan.model, asdict(plan.look), plan.gain], sort_keys=True)
    return blake2s(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class SongSettings:
    """What a person chose for one song. None: as the show has it."""

    look: str | None = None
    model: str | None = None
    gain: float = 0.0
    """dB, -24..24: how much louder it sounds."""
    trim: bool = False
    """Whether silence at both ends is left out."""
    delay: float = 0.0
    """Seconds, -2..5, its lights wait on top of the show's delay."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A song that can play at once.

    Positions are always those of the file. Playing begins at ``start`` and is over at ``end``: 0 and the
    song's duration, or with ``trim`` the first and the last sound.
    """

    show: Show
    start: float
    end: float
    gain: float = 0.0
    """dB, for the sound."""
    delay: float = 0.0
    """Seconds the lights wait on top of the show's delay."""


class ShowSource(Protocol):
    """Where sessions get their shows; see yulelight.library.show_source."""

    def settings(self, song: str) -> SongSettings:
        """What was chosen for the song with this id; never blocks. The director picks look and model by it."""

    async def show(
        self,
        found: LibrarySong,
        encoder: Encoder,
        look: Look,
        progress: Callable[[float], None] | None = None,
    ) -> Prepared:
        """The song's show from the cache, or rendered now, ahead of the background.

        ``progress`` hears the seconds done, in another thread; what it raises ends the rendering. Raises AudioError.
        """

    def prefer(self, *, model: str, look: str) -> None:
        """Names of the model and look that songs are rendered for in the background from now on."""
