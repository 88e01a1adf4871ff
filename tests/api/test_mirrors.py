"""Lights of Home Assistant that follow the show, in the list of all lights and in the health of the house."""

import time
from typing import Any

import pytest

from tests.api.stubs import House, serve

PORCH: dict[str, Any] = {
    "name": "Porch",
    "channel": 3,
    "lights": [{"name": "Lamp", "dims": True}, {"name": "Plug", "dims": False}],
}


async def test_they_are_listed_with_what_is_wrong() -> None:
    async with serve(House()) as served, served.client() as client:
        sick = PORCH | {
            "name": "Tree",
            "channel": 1,
            "problem": "light.tree is not available in Home Assistant",
        }
        async with client.put("/api/v1/lights/mirrors/01JF", json={"mirrors": [PORCH, sick]}) as answer:
            assert answer.status == 200 and (await answer.json())["expires"] > 60
        node, *told = (await (await client.get("/api/v1/lights")).json())["outputs"]
        assert told == [
            {
                "name": "Porch",
                "type": "home-assistant",
                "healthy": True,
                "problem": "",
                "lights": [
                    {"channel": 3, "kind": "dimmer", "load": 0.0},
                    {"channel": 3, "kind": "relay", "load": 0.0},
                ],
            },
            told[1] | {"name": "Tree", "healthy": False, "problem": sick["problem"]},
        ]
        findings = (await (await client.get("/api/v1/health")).json())["findings"]
        found = {each["what"]: each["verdict"] for each in findings}
        assert found["lights of Home Assistant, Porch"] == "good" != found["lights of Home Assistant, Tree"]
        await client.put("/api/v1/lights/mirrors/01JF", json={"mirrors": []})
        assert (await (await client.get("/api/v1/lights")).json())["outputs"] == [node]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, '"mirrors" must be'),
        ({"mirrors": 3}, '"mirrors" must be'),
        ({"mirrors": [PORCH | {"channel": 9}]}, '"mirrors" must be'),
        ({"mirrors": [PORCH | {"name": ""}]}, '"mirrors" must be'),
        ({"mirrors": [PORCH] * 65}, '"mirrors" must be'),
        ({"mirrors": [PORCH | {"lights": PORCH["lights"] * 33}]}, '"mirrors" must be'),
        ({"mirrors": [], "more": 1}, "unknown field"),
    ],
)
async def test_what_is_no_report_is_refused(body: dict[str, Any], said: str) -> None:
    async with serve(House()) as served, served.client() as client:
        async with client.put("/api/v1/lights/mirrors/x", json=body) as answer:
            assert answer.status == 400 and said in (await answer.json())["error"]
        async with client.put(
            "/api/v1/lights/mirrors/x", json={"mirrors": []}, headers={"Authorization": "no"}
        ) as answer:
            assert answer.status == 401
        async with client.put("/api/v1/lights/mirrors/a.b", json={"mirrors": []}) as answer:
            assert answer.status == 404


async def test_strangers_report_nothing() -> None:
    async with (
        serve(House()) as served,
        served.client(token=None) as client,
        client.put("/api/v1/lights/mirrors/x", json={"mirrors": [PORCH]}) as answer,
    ):
        assert answer.status == 401
    assert not served.house.mirrors.all(time.monotonic())
