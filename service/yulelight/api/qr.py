"""QR codes of addresses, for a phone's camera. Pure."""

from io import StringIO

import segno

_BORDER = 2
"""Modules of light around the code; cameras need some."""
_LIGHT_ON_DARK = "\x1b[97;40m"
_USUAL = "\x1b[0m"


def for_terminal(text: str) -> str:
    """The code of ``text`` in half blocks, in colours of its own: it reads the same on light and dark screens."""
    drawn = StringIO()
    _code(text).terminal(drawn, border=_BORDER, compact=True)
    return "".join(f"{_LIGHT_ON_DARK}{line}{_USUAL}\n" for line in drawn.getvalue().splitlines())


def as_svg(text: str) -> str:
    """The code of ``text`` as an <svg> element that takes the size of what it lies in."""
    return _code(text).svg_inline(border=_BORDER, light="#fff", omitsize=True, svgclass=None, lineclass=None)


def _code(text: str) -> segno.QRCode:
    return segno.make_qr(text, error="l")
