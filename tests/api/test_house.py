"""The house, its health and its log over HTTP."""

import logging

import pytest

from tests.api.stubs import TOKEN, Served
from yulelight.api.health import of_inputs
from yulelight.core.finding import Verdict
from yulelight.core.messages import Song
from yulelight.inputs.manager import InputReport
from yulelight.mqtt.payloads import NodeStatus


async def test_lights_are_moved_and_everybody_hears(served: Served) -> None:
    async with served.client() as http, http.ws_connect("/api/v1/ws") as socket:
        await socket.receive_json()
        await socket.send_json({"id": 1, "type": "subscribe", "topic": "house"})
        assert (await socket.receive_json())["ok"]
        first = await socket.receive_json()
        assert (first["type"], first["positions"], first["power_budget"]) == ("house", [], None)
        body = {"positions": [{"channel": 3, "x": 12.34, "y": 100}, {"channel": 8, "x": 0, "y": 5.5}]}
        async with http.put("/api/v1/house/positions", json=body) as answer:
            assert answer.status == 200
        assert (await socket.receive_json())["positions"] == [
            {"channel": 3, "x": 12.3, "y": 100},
            {"channel": 8, "x": 0, "y": 5.5},
        ]
        async with http.put("/api/v1/house/positions", json={"positions": [{"channel": 3}]}) as answer:
            assert [one["channel"] for one in (await answer.json())["positions"]] == [8]
        async with http.get("/api/v1/house") as answer:
            assert [one["channel"] for one in (await answer.json())["positions"]] == [8]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"positions": 3},
        {"positions": [{"channel": 9, "x": 1, "y": 1}]},
        {"positions": [{"channel": 1, "x": 101, "y": 1}]},
        {"positions": [{"channel": 1, "x": "1", "y": 1}]},
        {"positions": [{"channel": 1, "path": "/etc"}]},
        {"positions": [{"channel": 1, "x": 1, "y": 1}] * 9},
    ],
)
async def test_impossible_positions_are_refused(served: Served, body: object) -> None:
    async with served.client() as http, http.put("/api/v1/house/positions", json=body) as answer:
        assert answer.status == 400 and (await answer.json())["error"]
    async with served.client() as http, http.get("/api/v1/house") as answer:
        assert (await answer.json())["positions"] == []


async def test_the_log_is_a_file_without_the_token(served: Served) -> None:
    book = served.services.health.log
    book.handle(
        logging.LogRecord("yulelight", logging.INFO, "", 0, f"the page: http://a/#token={TOKEN}", None, None)
    )
    async with served.client() as http, http.get("/api/v1/log") as answer:
        assert answer.status == 200 and answer.content_type == "text/plain"
        assert "attachment" in answer.headers["Content-Disposition"]
        text = await answer.text()
    assert "the page" in text and TOKEN not in text
    async with served.client(None) as http, http.get("/api/v1/log") as answer:
        assert answer.status == 401


def test_an_input_that_is_away_is_noted_and_others_do_well() -> None:
    away = InputReport("Street", "away", None, 0, "the service abc is offline", Song("", ""))
    silent = InputReport("Line in", "silent", None, 0, "", Song("", ""))
    noted, good = of_inputs([away, silent])
    assert (noted.what, noted.verdict, noted.found) == (
        "input Street",
        Verdict.NOTE,
        "the service abc is offline",
    )
    assert noted.advice and good.verdict is Verdict.GOOD


async def test_a_node_that_is_away_is_found(served: Served) -> None:
    served.house.nodes.heard_status("porch", NodeStatus(False, "gpio", (1, 2), "1.0"))
    async with served.client() as http, http.get("/api/v1/health") as answer:
        findings = (await answer.json())["findings"]
    by_name = {finding["what"]: finding for finding in findings}
    assert by_name["node porch"]["verdict"] == "trouble" and by_name["node porch"]["advice"]
    assert by_name["model"] == {"what": "model", "verdict": "good", "found": "mel", "advice": ""}
    ranks = [["trouble", "note", "good"].index(finding["verdict"]) for finding in findings]
    assert ranks == sorted(ranks)
