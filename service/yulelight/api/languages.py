"""The sentences of the service in the language of a browser. Pure, apart from reading the catalogue once.

A sentence is written in English where it is raised, and nowhere else. german.toml has a translation for each, by its
text with `{}` for what is filled in; a finished sentence is recognized by matching these. What is not in the catalogue
stays English.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Language = Literal["en", "de"]

SPOKEN = frozenset({"error", "message", "problem", "problems", "closed", "what", "found", "advice"})
"""Fields of answers and messages that contain sentences of the service, as text or list of texts."""
MAX_LENGTH = 1000
"""Characters of the longest text that is looked up."""
MAX_DEPTH = 3
"""A part of a sentence may be a sentence itself, up to so many levels."""


def language_of(header: str | None) -> Language:
    """The language that ``Accept-Language`` prefers; English without it, so that programs need not expect another."""
    best: tuple[float, Language] = (0.0, "en")
    for part in (header or "")[:200].split(","):
        name, _, quality = part.strip().partition(";q=")
        tag = name.split("-")[0].lower()
        try:
            weight = float(quality or 1)
        except ValueError:
            continue
        if tag in ("en", "de") and weight > best[0]:
            best = weight, "de" if tag == "de" else "en"
    return best[1]


@dataclass(frozen=True, slots=True)
class _Pattern:
    matches: re.Pattern[str]
    told: str


class Catalogue:
    """Translations by sentence. Both have `{}` for what is filled in; ``{1}`` in a translation is the second part."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        self._whole = {text: told for text, told in sentences.items() if "{}" not in text}
        # The most specific one first: a sentence may match a more general one, too.
        parts = sorted(
            (text for text in sentences if "{}" in text), key=lambda text: -len(text.replace("{}", ""))
        )
        self._patterns = [_Pattern(_pattern(text), sentences[text]) for text in parts]

    def translate(self, text: str, depth: int = 0) -> str:
        """The translation of a finished sentence, or the sentence itself if there is none."""
        if len(text) > MAX_LENGTH or depth >= MAX_DEPTH:
            return text
        if (whole := self._whole.get(text)) is not None:
            return whole
        for pattern in self._patterns:
            if (found := pattern.matches.fullmatch(text)) is not None:
                # A single word is more likely a name that somebody chose.
                parts = (self.translate(part, depth + 1) if " " in part else part for part in found.groups())
                return pattern.told.format(*parts)
        return text


@cache
def german() -> Catalogue:
    """The catalogue of this service. Blocking at the first call."""
    return Catalogue(sentences())


def sentences() -> dict[str, str]:
    """The content of german.toml."""
    return tomllib.loads(files(__package__).joinpath("german.toml").read_text(encoding="utf-8"))


def spoken(body: Any, language: Language) -> Any:
    """A body of JSON with its sentences in this language."""
    return body if language == "en" else _spoken(body, german())


def _spoken(body: Any, words: Catalogue) -> Any:
    match body:
        case dict():
            return {
                key: _said(value, words) if key in SPOKEN else _spoken(value, words)
                for key, value in body.items()
            }
        case list():
            return [_spoken(value, words) for value in body]
    return body


def _said(value: Any, words: Catalogue) -> Any:
    if isinstance(value, str):
        return words.translate(value)
    if isinstance(value, list):
        return [words.translate(each) if isinstance(each, str) else _spoken(each, words) for each in value]
    return _spoken(value, words)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile("(.*?)".join(map(re.escape, text.split("{}"))), re.DOTALL)
