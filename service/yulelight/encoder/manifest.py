"""The manifest of a model, from its ``metadata_props`` (docs/architecture.md, contract version 1)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from yulelight.core.errors import ModelError
from yulelight.core.messages import CHANNELS
from yulelight.encoder import meaning, sparse
from yulelight.encoder.meaning import Meaning
from yulelight.encoder.sparse import Sparse

CONTRACT = "1"
SAMPLE_RATE = 44100
WINDOW = 1024
HOP = 512
BINS = WINDOW // 2 + 1

_FIXED = {"sample_rate": SAMPLE_RATE, "window": WINDOW, "hop": HOP, "channels": CHANNELS}
_MAX_LATENCY = 1000


@dataclass(frozen=True, slots=True)
class Manifest:
    """A model's description. Rate, window, hop and channels are always those of the contract."""

    name: str
    latency_frames: int
    """How many frames the levels lag behind the magnitudes they belong to."""
    training_set: str
    """Titles and licences of the songs it was trained on."""
    licence: str
    metrics: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """Metrics measured after training."""
    sparse: Sparse | None = None
    """The mapping from codes to levels; None if the codes are levels."""
    voice_channel: int | None = None
    """The channel, from 0, that shows the voice where the model has a voice head; None: it has none."""
    meaning: Meaning | None = None
    """What the states of the lights say of the codes; None if each song has a reading of its
    own. Only with ``sparse``."""


def parse(props: Mapping[str, str]) -> Manifest:
    """The manifest in a model's ``metadata_props``.

    Raises ModelError, without the file's name, when a property is missing or differs from the contract.
    """
    contract = _text(props, "contract")
    if contract != CONTRACT:
        raise ModelError(
            f"keeps contract version {contract[:20]!r}, this Yulelight knows {CONTRACT!r}; update one of them"
        )
    for name, expected in _FIXED.items():
        if (found := _count(props, name)) != expected:
            raise ModelError(
                f"was made for yulelight.{name} {found}, this Yulelight uses {expected}; export it again"
            )
    latency = _count(props, "latency_frames")
    if latency > _MAX_LATENCY:
        raise ModelError(f"says it lags {latency} frames, more than {_MAX_LATENCY}; export it again")
    return Manifest(
        name=_text(props, "name"),
        latency_frames=latency,
        training_set=_text(props, "training_set"),
        licence=_text(props, "licence"),
        metrics=_metrics(props),
        sparse=sparse.parse(props["yulelight.sparse"]) if "yulelight.sparse" in props else None,
        voice_channel=_voice_channel(props) if "yulelight.voice_channel" in props else None,
        meaning=meaning.parse(props[meaning.PROPERTY]) if meaning.PROPERTY in props else None,
    )


def _voice_channel(props: Mapping[str, str]) -> int:
    channel = _count(props, "voice_channel")
    if not 1 <= channel <= CHANNELS:
        raise ModelError(f"says its voice is channel {channel}, must be 1 to {CHANNELS}; export it again")
    return channel - 1


def _text(props: Mapping[str, str], name: str) -> str:
    value = props.get(f"yulelight.{name}", "").strip()
    if not value:
        raise ModelError(f"lacks the property yulelight.{name}; export it as docs/architecture.md says")
    return value


def _count(props: Mapping[str, str], name: str) -> int:
    value = _text(props, name)
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise ModelError(
            f"has a property yulelight.{name} that is not a whole number ({value[:20]!r}); export it again"
        )
    return int(value)


def _metrics(props: Mapping[str, str]) -> Mapping[str, Any]:
    try:
        value = json.loads(_text(props, "metrics"))
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise ModelError("has a property yulelight.metrics that is not a JSON object; export it again")
    return MappingProxyType(value)
