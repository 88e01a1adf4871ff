"""What an examination finds: `yulelight doctor` and the page's health say the same things in the same words."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How bad it is: only TROUBLE keeps the show from running."""

    GOOD = "good"
    NOTE = "note"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at, what was found, and what to do about it (empty when it is good)."""

    what: str
    verdict: Verdict
    found: str
    advice: str = ""
