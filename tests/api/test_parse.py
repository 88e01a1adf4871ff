"""The parser meets whatever JSON can say."""

import json
import math
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from yulelight.api import parse
from yulelight.core.errors import UsageError
from yulelight.core.messages import Blackout, Play, ReleaseChannel, Seek, SetChannel

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
words = st.sampled_from(
    [*parse.COMMANDS, *parse.TOPICS, *parse.VIEWS, "control", "channel", "release", "subscribe", "get"]
)
fields = st.sampled_from(
    ["id", "type", "command", "song", "position", "on", "channel", "brightness", "topic", "view", "x"]
)
bodies = st.dictionaries(fields, json_values | words | st.integers(-1, 300), max_size=6)


@given(bodies)
def test_anything_is_a_request_or_one_clear_line(body: dict[str, Any]) -> None:
    try:
        request = parse.request(body)
    except UsageError as error:
        assert str(error) and "\n" not in str(error) and len(str(error)) < 300
        return
    match request:
        case SetChannel(channel, on, brightness):
            assert 1 <= channel <= 8 and isinstance(on, bool)
            assert brightness is None or 0 <= brightness <= 255
        case ReleaseChannel(channel):
            assert 1 <= channel <= 8
        case Seek(position):
            assert math.isfinite(position) and position >= 0
        case Blackout(on):
            assert isinstance(on, bool)
        case Play(song):
            assert song is None or 0 < len(song) <= parse.MAX_SONG_ID


@given(st.text() | st.binary())
@example("[" * 100_000)
@example('{"a":' * 20_000)
@example("9" * 10_000)
@example('{"position": Infinity}')
def test_any_text_is_an_object_or_a_usage_error(text: str | bytes) -> None:
    try:
        assert isinstance(parse.load(text), dict)
    except UsageError as error:
        assert str(error)


@given(st.dictionaries(st.text(), json_values, max_size=4))
def test_objects_survive(body: dict[str, Any]) -> None:
    try:
        text = json.dumps(body, allow_nan=False)
    except ValueError:
        return
    assert parse.load(text) == body


@given(st.integers(0, parse.MAX_ID))
def test_ids_are_kept(number: int) -> None:
    assert parse.message_id({"id": number}) == number


@pytest.mark.parametrize("value", [None, -1, 2**53, 1.0, True, "1", [1]])
def test_other_ids_are_refused(value: object) -> None:
    with pytest.raises(UsageError, match='"id"'):
        parse.message_id({"id": value})


@given(st.integers(1, 8), st.booleans(), st.none() | st.integers(0, 255))
def test_a_channel_message_says_what_it_says(channel: int, on: bool, brightness: int | None) -> None:
    body = {"id": 1, "type": "channel", "channel": channel, "on": on, "brightness": brightness}
    assert parse.request(body) == SetChannel(channel, on, brightness)
