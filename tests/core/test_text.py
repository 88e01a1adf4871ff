"""Names of files that can be shown and sent, whatever their bytes are."""

import os

from hypothesis import given
from hypothesis import strategies as st

from yulelight.core.text import readable


@given(st.binary(max_size=60))
def test_any_bytes_make_text_that_can_be_sent(name: bytes) -> None:
    readable(os.fsdecode(name)).encode("utf-8")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_unicode_stays_as_it_is(name: str) -> None:
    assert readable(name) == name
