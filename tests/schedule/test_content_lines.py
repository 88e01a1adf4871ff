"""Content lines of RFC 5545, section 3.1: names, parameters and values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yulelight.schedule.lines import Property, parse, written

TEXT = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters='"'), min_size=1)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Bob", "ATTENDEE;CN=Bob:mailto:bob@example.org"),
        ("Bob; B", 'ATTENDEE;CN="Bob; B":mailto:bob@example.org'),
        ("Bob: B", 'ATTENDEE;CN="Bob: B":mailto:bob@example.org'),
        ("Bob, B", 'ATTENDEE;CN="Bob, B":mailto:bob@example.org'),
    ],
)
def test_only_a_parameter_with_a_separator_in_it_is_quoted(text: str, line: str) -> None:
    assert written("ATTENDEE", "mailto:bob@example.org", {"CN": text}) == line


@given(TEXT, TEXT)
def test_what_is_written_is_parsed_again(parameter: str, value: str) -> None:
    assert parse(written("X-NOTE", value, {"CN": parameter})) == Property("X-NOTE", {"CN": parameter}, value)


@pytest.mark.parametrize("line", ["NAME", "NAME;CN=Bob", "", " NAME:value", ";:"])
def test_a_line_without_a_name_or_a_value_is_none(line: str) -> None:
    assert parse(line) is None
