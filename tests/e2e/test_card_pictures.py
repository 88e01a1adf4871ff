"""How the card looks on all screens, compared with pictures that were looked at and found beautiful.

``pictures/README.md`` says how to renew them.
"""

import asyncio
import os
from contextlib import AsyncExitStack
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from playwright.async_api import FloatRect, Page

from tests.e2e.browser import Picture, at_home, decoded
from tests.e2e.card_house import (
    CARD,
    WITH_A_BROWSER,
    House,
    house,  # noqa: F401
    status_is,
)
from tests.e2e.hass import wait_for
from tests.e2e.house import ServiceProcess
from tests.e2e.test_home_assistant import (
    add_mqtt,
    executable,  # noqa: F401
)
from tests.faces import drawn_in

pytestmark = WITH_A_BROWSER
PICTURES = Path(__file__).parent / "pictures"
KEEP = os.environ.get("YULELIGHT_KEEP_PICTURES")
"""Set: the pictures are taken anew; then somebody has to look at them."""
SCREENS = (
    ("small", (360, 780), True),
    ("phone", (412, 915), True),
    ("phone-light", (412, 915), False),
    ("tablet", (820, 1180), True),
    ("screen", (1440, 900), False),
)
"""Name, width and height, and whether the theme is dark."""
STATES = {"broker": "Silent night", "idle": "Silent night", "playing": "Paused", "offline": "Connection lost"}
"""What the card says in each state; ``broker``: idle, and Home Assistant has none."""
SQUARE = 16
"""Pixels; finer differences than this are the fonts'."""
SEEN = 20.0
"""Levels of 255 between two squares: more is seen."""
MAX_DIFFERENCE = 0.03
"""Share of the squares that may be seen to differ."""


async def test_the_card_is_as_beautiful_as_it_was(house: House) -> None:  # noqa: F811
    await house.dashboard(
        {"title": "Our house", "cards": [CARD]},
        {"title": "Wide", "path": "wide", "type": "panel", "cards": [CARD]},
    )
    unlike = []
    async with AsyncExitStack() as stack:
        pages = {}
        for name, (width, height), dark in SCREENS:
            path = "/our-house/wide" if name in {"tablet", "screen"} else "/our-house/0"
            visit = at_home(house.browser, house.home, path, width, height, dark, still=True)
            pages[name] = await stack.enter_async_context(visit)
        for state in STATES:
            await into(house, state)
            for name, page in pages.items():
                shot = await taken(page, state)
                (house.shots / f"{name}-{state}.jpg").write_bytes(shot)
                if KEEP:
                    (PICTURES / f"{name}-{state}.jpg").write_bytes(shot)
                kept = (PICTURES / f"{name}-{state}.jpg").read_bytes()
                if (share := difference(kept, shot)) > MAX_DIFFERENCE:
                    unlike.append(
                        f"{name}-{state}.jpg differs in {share:.0%} of its squares: {where(kept, shot)}"
                    )
        faces, machine = await drawn_in(pages["phone"], "yulelight-card")
    await house.service.__aenter__()
    assert not unlike, (
        f"{unlike}; drawn in {dict(faces)} and the machine's {dict(machine)}; see {house.shots}"
    )
    assert not machine, f"the pictures depend on this machine's fonts: {dict(machine)}"
    assert any("Fraunces" in name for name in faces), f"the display face is not used: {dict(faces)}"


def test_what_looks_different_is_seen() -> None:
    """The comparison tells all states of a screen apart."""
    for name, _, _ in SCREENS:
        for one, other in pairwise(STATES):
            first, second = ((PICTURES / f"{name}-{state}.jpg").read_bytes() for state in (one, other))
            assert difference(first, first) == 0
            assert difference(first, second) > MAX_DIFFERENCE, f"{name}: {one} and {other}"


async def into(house: House, state: str) -> None:  # noqa: F811
    """``playing`` is shown paused: the lights then stand still."""
    service: ServiceProcess = house.service
    match state:
        case "broker":
            await service.control("stop")
        case "idle":
            await add_mqtt(house.home, service.broker, protocol="3.1.1")
        case "playing":
            await service.control("play", playlist="Christmas", position=75)
            await wait_for(status_is(service, state="playing"), "the song")
            await service.control("pause")
        case "offline":
            await service.kill()


async def taken(page: Page, state: str) -> bytes:
    """What is seen of the card on that screen, once it shows that state."""
    await page.wait_for_selector(f"#chip:has-text('{STATES[state]}')")
    await page.wait_for_selector("#problem", state="visible" if state == "broker" else "detached")
    await asyncio.sleep(1.5)  # Lights and the darkness over an absent house fade in.
    box, screen = await page.locator("yulelight-card").bounding_box(), page.viewport_size
    assert box is not None and screen is not None
    high = min(box["height"], screen["height"] - box["y"])
    clip: FloatRect = {**box, "height": high}
    return await page.screenshot(type="jpeg", quality=60, clip=clip)


def difference(one: bytes, other: bytes) -> float:
    """Share of the squares in which two pictures differ visibly, 0 to 1; 1 for those of different sizes.

    A row of squares more or less is no different size: another machine's fonts may be that much higher.
    """
    first, second = coarse(decoded(one)), coarse(decoded(other))
    if max(abs(a - b) for a, b in zip(first.shape, second.shape, strict=True)) > 1:
        return 1.0
    return float(unlike_squares(first, second).mean())


def where(one: bytes, other: bytes) -> str:
    """Each row of squares as the tenths of it that differ, from the top down: all that a log can show."""
    rows = unlike_squares(coarse(decoded(one)), coarse(decoded(other))).mean(axis=1)
    return "".join(str(min(9, int(10 * share))) for share in rows)


def unlike_squares(first: Picture, second: Picture) -> NDArray[np.bool_]:
    """Which squares, of those that both have, are seen to differ."""
    height, width = (min(sides) for sides in zip(first.shape[:2], second.shape[:2], strict=True))
    unlike: NDArray[np.bool_] = np.abs(first[:height, :width] - second[:height, :width]).max(axis=2) > SEEN
    return unlike


def coarse(picture: Picture) -> Picture:
    """Mean of squares."""
    height, width = (side // SQUARE * SQUARE for side in picture.shape[:2])
    squares = picture[:height, :width].reshape(height // SQUARE, SQUARE, width // SQUARE, SQUARE, 3)
    means: Picture = squares.mean(axis=(1, 3))
    return means
