"""Tokens, guesses and origins as pure functions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yulelight.api.auth import MAX_FAILURES, WINDOW, Gate, bearer, same_origin
from yulelight.core.attempts import MAX_ADDRESSES, Attempts, TooManyAttempts


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_window_ends() -> None:
    clock = Clock()
    gate = Gate("right", clock)
    for _ in range(MAX_FAILURES):
        assert not gate.check("wrong", "10.0.0.1")
    with pytest.raises(TooManyAttempts) as caught:
        gate.check("right", "10.0.0.1")
    assert 0 < caught.value.retry_after <= WINDOW
    assert gate.check("right", "10.0.0.2"), "others are not punished"
    clock.now += WINDOW
    assert gate.check("right", "10.0.0.1")


def test_success_forgives() -> None:
    gate = Gate("right", Clock())
    for _ in range(5 * MAX_FAILURES):
        assert not gate.check("wrong", "10.0.0.1")
        assert gate.check("right", "10.0.0.1")


def test_addresses_of_one_network_count_together() -> None:
    gate = Gate("right", Clock())
    with pytest.raises(TooManyAttempts):
        for k in range(MAX_FAILURES + 1):
            gate.check("wrong", f"fe80::{k:x}%eth0")
    with pytest.raises(TooManyAttempts):
        for k in range(MAX_FAILURES + 1):
            gate.check("wrong", "::ffff:10.0.0.9" if k % 2 else "10.0.0.9")


def test_the_memory_is_bounded() -> None:
    attempts = Attempts(2, 60.0, "too many")
    for k in range(3 * MAX_ADDRESSES):
        attempts.add(f"10.{k >> 16}.{k >> 8 & 255}.{k & 255}", 0.0)
    assert len(attempts) == MAX_ADDRESSES


@given(st.text(), st.none() | st.text())
def test_only_the_token_fits(token: str, address: str | None) -> None:
    assert Gate("right", Clock()).check(token, address) == (token == "right")


@given(st.text())
def test_any_header_is_read(header: str) -> None:
    assert isinstance(bearer(header), str)


def test_bearer() -> None:
    assert bearer(None) is None
    assert bearer("Bearer abc") == bearer("bearer  abc ") == "abc"
    assert bearer("Basic abc") == bearer("abc") == bearer("") == ""


def test_origins() -> None:
    assert same_origin(None, "house:8770")
    assert same_origin("http://house:8770", "house:8770") and same_origin("https://House", "house")
    for origin in ("null", "", "http://house", "http://house:8770.evil", "house:8770", "http://"):
        assert not same_origin(origin, "house:8770")
    assert not same_origin("http://house", None)
