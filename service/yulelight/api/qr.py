"""QR codes for addresses. Pure."""

from io import StringIO

import segno

_BORDER = 2
"""Width of the quiet zone in modules, which cameras need."""
_LIGHT_ON_DARK = "\x1b[97;40m"
_USUAL = "\x1b[0m"


def for_terminal(text: str) -> str:
    """The code for ``text`` in half blocks with explicit colours, for light and dark terminals."""
    drawn = StringIO()
    _code(text).terminal(drawn, border=_BORDER, compact=True)
    return "".join(f"{_LIGHT_ON_DARK}{line}{_USUAL}\n" for line in drawn.getvalue().splitlines())


def as_svg(text: str) -> str:
    """The code for ``text`` as an <svg> element that fills its container."""
    return _code(text).svg_inline(border=_BORDER, light="#fff", omitsize=True, svgclass=None, lineclass=None)


def _code(text: str) -> segno.QRCode:
    return segno.make_qr(text, error="l")
