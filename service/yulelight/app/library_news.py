"""Log messages about the songs: their number, and the progress of their shows."""

import logging

from yulelight.actors import Broadcast
from yulelight.library.librarian import LibraryState

log = logging.getLogger(__name__)


def found(state: LibraryState, *, named: bool, renders: bool) -> str:
    """The result of a scan in one line. ``named``: whether the settings contain music; ``renders``: background
    rendering.
    """
    if not named:
        return "the bundled carol is the only song; name a folder of yours with --music"
    told = [f"{_songs(state.songs)} found, the bundled carol among them"]
    if state.unplayable:
        told.append(f"{_songs(state.unplayable)} cannot be played (yulelight library status says why)")
    told += [f"no music at {place} now: is its disk plugged in, its name right?" for place in state.missing]
    if not state.waiting:
        told.append("the shows of all are ready")
    elif renders and not state.paused:
        told.append(f"shows ready: {state.rendered}, being rendered in the background: {state.waiting}")
    else:
        told.append(f"shows ready: {state.rendered}, rendered when first played: {state.waiting}")
    return "; ".join(told)


async def tell(states: Broadcast[LibraryState], *, named: bool, renders: bool) -> None:
    """Logs the result of the first scan, and when the shows of all songs are ready; then ends."""
    with states.subscribe(1) as changes:
        state, told = states.latest, False
        while True:
            if state is not None and not state.scanning:
                if not told:
                    log.info("%s", found(state, named=named, renders=renders))
                elif not state.waiting:
                    log.info("the shows of all songs are ready")
                told = True
                if not state.waiting:
                    return
            try:
                state = await anext(changes)
            except StopAsyncIteration:
                return


def _songs(count: int) -> str:
    return "1 song" if count == 1 else f"{count} songs"
