"""Where a phone opens the page, and the QR code that takes it there."""

import dataclasses
import re
from typing import Any
from xml.etree import ElementTree

from tests.api.stubs import TOKEN, House, serve
from yulelight.api.qr import as_svg, for_terminal
from yulelight.api.services import Services

FINDER = ["#######", "#.....#", "#.###.#", "#.###.#", "#.###.#", "#.....#", "#######"]
"""The square in three corners of every QR code (ISO/IEC 18004)."""
URL = "http://192.168.178.20:8770/#token=ThnRK9_kvfMTtJzJwb_HV6cl24LvCr52"


def corners(modules: list[str]) -> list[list[str]]:
    """Upper left, upper right, lower left."""
    return [
        [row[:7] for row in modules[:7]],
        [row[-7:] for row in modules[:7]],
        [row[:7] for row in modules[-7:]],
    ]


def test_the_code_in_a_terminal_is_one_and_has_colours_of_its_own() -> None:
    lines = for_terminal(URL).splitlines()
    assert all(line.startswith("\x1b[97;40m") and line.endswith("\x1b[0m") for line in lines)
    plain = [re.sub(r"\x1b\[[\d;]*m", "", line) for line in lines]
    rows = ["".join(".#"[c in light] for c in line) for line in plain for light in (" ▄", " ▀")]
    side = len(rows[0])
    assert side <= 45, "fits into half a terminal"
    inside = [row[2:-2] for row in rows[2 : side - 2]]
    assert corners(inside) == [FINDER] * 3
    assert not any("#" in row for row in (*rows[:2], *rows[side - 2 : side]))


def test_the_code_as_a_picture_is_well_formed_and_takes_any_size() -> None:
    picture = ElementTree.fromstring(as_svg(URL))
    assert picture.tag == "svg" and set(picture.attrib) == {"viewBox"}
    assert len(as_svg(URL)) < 5000 and URL not in as_svg(URL)


class Reached(House):
    """A house that phones can reach."""

    addresses = ("http://192.168.1.5:8770/", "http://10.0.0.2:8770/")

    def services(self, *parts: Any) -> Services:
        made = super().services(*parts)
        about = dataclasses.replace(made.about, addresses=lambda: self.addresses)
        return dataclasses.replace(made, about=about)


async def test_the_route_tells_addresses_and_code_to_who_has_the_token() -> None:
    async with serve(Reached()) as served, served.client() as client, served.client(token=None) as stranger:
        assert (await stranger.get("/api/v1/addresses")).status == 401
        answer = await client.get("/api/v1/addresses")
        body = await answer.json()
    assert answer.status == 200 and answer.headers["Cache-Control"] == "no-store"
    assert body["addresses"] == ["http://192.168.1.5:8770/", "http://10.0.0.2:8770/"]
    assert body["qr"] == as_svg(f"http://192.168.1.5:8770/#token={TOKEN}")


async def test_a_service_for_this_machine_alone_has_none() -> None:
    async with serve() as served, served.client() as client:
        body = await (await client.get("/api/v1/addresses")).json()
    assert body == {"addresses": [], "qr": None}
