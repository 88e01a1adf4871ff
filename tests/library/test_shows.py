from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yulelight.core.messages import Song
from yulelight.library import shows
from yulelight.library.cache import name_of
from yulelight.library.shows import Plan
from yulelight.library.songs import LibrarySong
from yulelight.library.survey import survey
from yulelight.library.worker import Job, look_of
from yulelight.show.look import LIVELY, LOOKS
from yulelight.show.mapping import VERSION

PLAN = Plan("mel-0123", LIVELY)


def test_every_change_of_a_plan_has_another_key(monkeypatch: pytest.MonkeyPatch) -> None:
    plans = [
        PLAN,
        Plan("mel-4567", LIVELY),
        Plan("mel-0123", LOOKS["calm"]),
        Plan("mel-0123", replace(LIVELY, minimum=(0.1, 0.2))),
        Plan("mel-0123", LIVELY, 1.0),
    ]
    keys = {plan.key() for plan in plans}
    assert len(keys) == len(plans)
    assert all(len(key) == 16 and int(key, 16) >= 0 for key in keys)
    assert Plan("mel-0123", replace(LIVELY)).key() == PLAN.key()
    monkeypatch.setattr(shows, "VERSION", VERSION + 1)
    shows._key.cache_clear()
    assert PLAN.key() not in keys
    shows._key.cache_clear()


@pytest.mark.parametrize("look", LOOKS.values())
def test_a_look_reaches_the_worker_as_it_is(look: object) -> None:
    import json

    job = Job("/music/\udcff.mp3", "", "/models/mel.onnx", asdict(look), 0.0, "/shows")  # type: ignore[call-overload]
    received = Job(**json.loads(job.line()))
    assert look_of(received.look) == look
    assert received.song == job.song


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["", "1", "2", "3"]), st.booleans(), st.booleans()),
        max_size=8,
    )
)
def test_every_song_is_rendered_waits_or_cannot_be_played(songs: list[tuple[str, bool, bool]]) -> None:
    library = [
        LibrarySong(Song(str(number), ""), Path("x"), content=content, problem="broken" if broken else "")
        for number, (content, broken, _) in enumerate(songs)
    ]
    cache = {name_of(content, PLAN.key()) for content, _, kept in songs if kept and content}
    found = survey(library, lambda _: PLAN, cache)
    waiting = {song.song.id for song in found.waiting}
    assert found.total == len(songs)
    assert not waiting & found.rendered
    assert found.wanted == {name_of(song.content, PLAN.key()) for song in library} & cache
    for song in library:
        id, kept = song.song.id, name_of(song.content, PLAN.key()) in cache
        assert (id in found.rendered) == kept
        assert (id in waiting) == (not kept and not song.problem)
