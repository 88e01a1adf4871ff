"""Text from others, such as titles, made fit to be shown. Pure."""

MAX_LENGTH = 200


def plain(text: object) -> str:
    """One line of printable characters; empty for what is no text."""
    if not isinstance(text, str):
        return ""
    return "".join(char if char.isprintable() else " " for char in text[:MAX_LENGTH]).strip()
