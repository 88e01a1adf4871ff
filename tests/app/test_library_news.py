import asyncio
from pathlib import Path

import pytest

from yulelight.actors import Broadcast
from yulelight.app.library_news import found, tell
from yulelight.library.librarian import LibraryState


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (LibraryState(songs=1, rendered=1), "1 song found, the bundled carol among them; the shows of all are ready"),
        (LibraryState(songs=412, rendered=390, waiting=22), "shows ready: 390, being rendered in the background: 22"),
        (LibraryState(songs=412, waiting=410, unplayable=2), "2 songs cannot be played (yulelight library status"),
        (LibraryState(songs=1, rendered=1, missing=(Path("/mnt/no"),)), "no music at /mnt/no now"),
        (LibraryState(songs=9, waiting=9, paused=True), "rendered when first played: 9"),
    ],
)  # fmt: skip
def test_one_line_says_how_many_songs_there_are_and_how_far_their_shows_are(
    state: LibraryState, said: str
) -> None:
    assert said in found(state, named=True, renders=True)


def test_without_music_it_says_how_to_name_some() -> None:
    assert "--music" in found(LibraryState(songs=1), named=False, renders=True)
    assert "rendered when first played" in found(LibraryState(songs=3, waiting=3), named=True, renders=False)


async def test_the_log_has_the_first_scan_and_the_end_of_rendering_and_nothing_between(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO", logger="yulelight")
    states: Broadcast[LibraryState] = Broadcast()
    states.publish(LibraryState(scanning=True, missing=(Path("/mnt"),)))
    telling = asyncio.create_task(tell(states, named=True, renders=True))
    for state in (
        LibraryState(songs=3, waiting=3, scanning=True),
        LibraryState(songs=3, waiting=3),
        LibraryState(songs=3, waiting=2, rendered=1),
        LibraryState(songs=3, waiting=0, rendered=3),
    ):
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        states.publish(state)
    async with asyncio.timeout(5):
        await telling
    assert [record.message for record in caplog.records] == [
        "3 songs found, the bundled carol among them; shows ready: 0, being rendered in the background: 3",
        "the shows of all songs are ready",
    ]
