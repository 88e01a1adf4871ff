"""What sounds, and how late: read and set over HTTP."""

from pathlib import Path
from typing import Any

import pytest

from tests.api.shelf import shelf
from yulelight.core.messages import SetOption

OUTPUTS = "/api/v1/outputs"


async def test_delays_are_shown_and_set(tmp_path: Path) -> None:
    main = {"name": "main", "delay": 0.0, "remote": False, "problem": ""}
    terrace = {"name": "terrace", "delay": 0.25, "remote": False, "problem": "no sound card was found"}
    async with shelf(tmp_path) as (house, served), served.client() as client:
        assert await (await client.get(OUTPUTS)).json() == {"outputs": [main, terrace]}
        answer = await client.put(f"{OUTPUTS}/terrace", json={"delay": 1})
        assert (await answer.json())["outputs"][1]["delay"] == 1.0
        # The delay of the main output is the show's own.
        answer = await client.put(f"{OUTPUTS}/main", json={"delay": 0.5})
        assert (await answer.json())["outputs"][0]["delay"] == 0.5
        assert house.commands == [SetOption("delay", 0.5)]


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("nobody", {"delay": 1}, 404),
        ("main", {"delay": 5.5}, 400),
        ("terrace", {"delay": -2.5}, 400),
        ("terrace", {"delay": True}, 400),
        ("terrace", {"delay": None}, 400),
        ("terrace", {}, 400),
        ("terrace", {"delay": 1, "volume": 1}, 400),
    ],
)
async def test_what_cannot_be_is_refused(tmp_path: Path, name: str, body: Any, status: int) -> None:
    async with shelf(tmp_path) as (house, served), served.client() as client:
        answer = await client.put(f"{OUTPUTS}/{name}", json=body)
        assert answer.status == status and (await answer.json())["error"]
        assert house.outputs.outputs()[1].delay == 0.25 and house.commands == []
