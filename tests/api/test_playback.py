"""What a media player elsewhere reports reaches the director, or is refused in words."""

import json
from typing import Any

import pytest

from tests.api.stubs import Served
from yulelight.core.messages import PlayerReport


async def test_a_report_reaches_the_director(served: Served) -> None:
    async with served.client() as client:
        body = {"position": 61.5, "state": "playing", "song": "aa11"}
        answer = await client.post("/api/v1/playback", json=body)
        assert answer.status == 200 and (await answer.json())["state"] == "idle"
        assert (await client.post("/api/v1/playback", json={"position": 0, "state": "stopped"})).status == 200
        assert served.house.commands == [PlayerReport(61.5, "playing", "aa11"), PlayerReport(0.0, "stopped")]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"state": "playing"}, '"position"'),
        ({"position": -1, "state": "playing"}, '"position"'),
        ({"position": True, "state": "playing"}, '"position"'),
        ({"position": 10**400, "state": "playing"}, '"position"'),
        ({"position": 1}, '"state"'),
        ({"position": 1, "state": "buffering"}, '"state"'),
        ({"position": 1, "state": ["playing"]}, '"state"'),
        ({"position": 1, "state": "playing", "song": 5}, '"song"'),
        ({"position": 1, "state": "playing", "now": 5}, 'unknown field "now"'),
    ],
)
async def test_what_is_no_report_is_refused(served: Served, body: Any, says: str) -> None:
    async with served.client() as client:
        headers = {"Content-Type": "application/json"}
        answer = await client.post("/api/v1/playback", data=json.dumps(body), headers=headers)
        assert answer.status == 400 and says in (await answer.json())["error"]
    assert served.house.commands == []
