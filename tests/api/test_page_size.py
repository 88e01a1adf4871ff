"""What a phone has to fetch: the page's files and the card, as a server sends them."""

import gzip
from pathlib import Path

ROOT = Path(__file__).parents[2]


def packed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes()))


def test_the_page_is_small() -> None:
    files = list((ROOT / "service/yulelight/api/page").iterdir())
    assert {"app.js", "index.html", "style.css"} <= {file.name for file in files}
    assert sum(map(packed, files)) <= 120_000


def test_the_card_is_small() -> None:
    assert packed(ROOT / "custom_components/yulelight/frontend/yulelight-card.js") <= 60_000


def test_the_panel_is_as_small_as_the_page() -> None:
    assert packed(ROOT / "custom_components/yulelight/frontend/yulelight-panel.js") <= 120_000


def test_the_guests_page_is_tiny() -> None:
    files = list((ROOT / "service/yulelight/api/guest_page").iterdir())
    assert {"guests.js", "index.html", "guests.css"} == {file.name for file in files}
    assert sum(map(packed, files)) <= 8_000


def test_the_licences_of_what_is_included_stand_in_all() -> None:
    for name in (
        "service/yulelight/api/page/app.js",
        "custom_components/yulelight/frontend/yulelight-card.js",
        "custom_components/yulelight/frontend/yulelight-panel.js",
    ):
        head = (ROOT / name).read_text()[:20_000]
        assert "Copyright (c) 2017 Google LLC" in head and "BSD 3-Clause License" in head, "Lit's"
        assert "SIL OPEN FONT LICENSE" in head and "The Fraunces Project Authors" in head
        assert "Pictogrammers" in head
