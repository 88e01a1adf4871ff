"""What a server says about the song, put together: in any order, and whatever it is."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yulelight.core.messages import Song
from yulelight.inputs.base import Playing
from yulelight.inputs.sendspin_song import MAX_COVER, NowPlaying

JPEG = b"\xff\xd8\xff\xe0 a picture"


def metadata(title: object = "Carol", length: object = 180_000, **more: object) -> Any:
    return SimpleNamespace(title=title, progress=SimpleNamespace(track_duration=length), **more)


def test_each_part_is_told_with_the_others() -> None:
    plays = NowPlaying(Song("", "Music Assistant"))
    told = plays.metadata(metadata(artist="Choir", album="Winter"), 60.0, 100.0)
    carol = Song("", "Carol", "Choir", 180.0, "Winter")
    assert told == Playing(carol, b"", 60.0, 100.0)
    assert plays.cover(JPEG, 110.0) == Playing(carol, JPEG, 70.0, 110.0)
    assert plays.cover(JPEG, 111.0) is None
    coloured = plays.colours(SimpleNamespace(primary=(1, 2, 255), accent=None), 120.0)
    assert coloured is not None and coloured.song.colours == ("#0102ff",)
    assert plays.metadata(metadata(artist="Choir", album="Winter"), 81.0, 121.0) is None, "as expected"
    jumped = plays.metadata(metadata(artist="Choir", album="Winter"), 10.0, 121.0)
    assert jumped is not None and jumped.position == 10.0
    over = plays.metadata(None, None, 130.0)
    assert over is not None and (over.song.title, over.position) == ("Music Assistant", None)


@pytest.mark.parametrize("data", [b"", b"<svg onload=alert(1)>", b"GIF89a", JPEG + bytes(MAX_COVER)])
def test_only_pictures_of_two_kinds_are_covers(data: bytes) -> None:
    plays = NowPlaying(Song("", "x"))
    assert plays.cover(JPEG, 0.0) is not None
    told = plays.cover(data, 0.0)
    assert told is not None and told.cover == b""


@given(st.none() | st.text() | st.integers() | st.binary(), st.none() | st.text() | st.integers())
def test_any_metadata_is_a_song_that_can_be_shown(title: object, length: object) -> None:
    told = NowPlaying(Song("", "x")).metadata(metadata(title, length, artist=title), None, 0.0)
    assert told is None or (told.song.title.isprintable() and 0 <= told.song.duration <= 86_400)
