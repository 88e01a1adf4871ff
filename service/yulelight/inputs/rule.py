"""Chooses the input to light. Pure.

A person's choice, the calendar and announcements come before inputs: they begin only while nothing plays. Among inputs
the higher priority wins, among equals the one that is lit already, then the one that the settings name first.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bid:
    """An input with sound."""

    name: str
    priority: int


def winner(bids: Sequence[Bid], lit: str | None) -> str | None:
    """Which of ``bids``, in the order of the settings, is to be lit; ``lit`` is so now. None without any."""
    best = max((bid.priority for bid in bids), default=0)
    names = [bid.name for bid in bids if bid.priority == best]
    return lit if lit in names else next(iter(names), None)
