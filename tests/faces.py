"""Which faces a browser draws text in, and one of ours for pictures, so that none depends on a machine's fonts."""

import base64
from collections import Counter
from pathlib import Path
from typing import Any

TEXT = Path(__file__).parent / "fonts"
"""Roboto, 400 and 500, Latin only; its licence lies beside it."""
WEIGHTS = (400, 500)


async def drawn_in(page: Any, element: str) -> tuple[Counter[str], Counter[str]]:
    """How many letters in all ``element`` (a name) are drawn in which face: those a page brought, and the machine's."""
    session = await page.context.new_cdp_session(page)
    try:
        await session.send("DOM.enable")
        await session.send("CSS.enable")
        root = (await session.send("DOM.getDocument", {"depth": -1, "pierce": True}))["root"]
        ours: Counter[str] = Counter()
        machine: Counter[str] = Counter()
        for node in _below(root, element):
            told = await session.send("CSS.getPlatformFontsForNode", {"nodeId": node["nodeId"]})
            for face in told["fonts"]:
                kind = ours if face["isCustomFont"] else machine
                kind[face["familyName"]] += int(face["glyphCount"])
        return ours, machine
    finally:
        await session.detach()


def _below(node: dict[str, Any], name: str, inside: bool = False) -> list[dict[str, Any]]:
    """All elements that are ``name`` or within one, shadow roots included."""
    inside = inside or node.get("localName") == name
    found = [node] if inside and node["nodeType"] == 1 else []
    for child in [*node.get("children", []), *node.get("shadowRoots", [])]:
        found += _below(child, name, inside)
    return found


async def with_our_text(page: Any) -> None:
    """Draw the page's text in Roboto instead of what the system has; the context must bypass the page's policy."""
    faces = ""
    for weight in WEIGHTS:
        data = base64.b64encode((TEXT / f"roboto-latin-{weight}-normal.woff2").read_bytes()).decode()
        source = f"url(data:font/woff2;base64,{data})"
        faces += f"@font-face {{ font-family: 'Picture text'; font-weight: {weight}; src: {source}; }}"
    await page.add_style_tag(content=f"{faces} body {{ font-family: 'Picture text' !important; }}")
    await page.evaluate("document.fonts.ready.then(() => null)")
