"""The sentences of the service that people read, taken from its source text: `{}` stands for what is filled in."""

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "service" / "yulelight"
READ_BY_PEOPLE = (
    "api", "player", "library", "schedule", "guests", "lights", "inputs", "outputs", "audio",
    "app/doctor.py", "mqtt/leader.py", "core/listening.py", "core/errors.py", "core/attempts.py",
)  # fmt: skip
"""Folders and files whose errors and findings the page shows."""
RAISED = {
    "AudioError", "CommandError", "ModelError", "NetworkError", "NoSuchPlaylist", "StorageError", "UsageError",
    "YulelightError",
}  # fmt: skip
SPOKEN = RAISED | {"Finding", "Attempts"}
FOR_PROGRAMMERS = (
    '"', "application/json", "send {", "send one JSON", "a step is", "this is not JSON", "unknown field", "subscribed",
)  # fmt: skip
"""What the page cannot cause: a wrong request of a program, told in English."""


def template(node: ast.expr) -> str | None:
    """The sentence that ``node`` is, or None."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return None


def trees() -> Iterator[ast.Module]:
    """All modules whose sentences are read."""
    for name in READ_BY_PEOPLE:
        path = SOURCE / name
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            yield ast.parse(file.read_text())


def everything() -> set[str]:
    """Every text of the service, whatever it is for."""
    found = set()
    for file in SOURCE.rglob("*.py"):
        nodes = (node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.expr))
        found |= {text for node in nodes if (text := template(node))}
    return found


def sentences() -> set[str]:
    """What is raised or found, and what a constant or variable says that is raised or found."""
    return {each for tree in trees() for each in _of(tree) if _for_people(each)}


def _of(tree: ast.Module) -> Iterator[str]:
    named: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            named.setdefault(node.targets[0].id, []).append(node.value)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (_called(node) in SPOKEN or _called(node).startswith("HTTP")):
            arguments = [
                *node.args,
                *(each.value for each in node.keywords if each.arg in ("text", "found", "advice")),
            ]
            for argument in arguments:
                yield from _said(argument, named)


def _said(node: ast.expr, named: dict[str, list[ast.expr]]) -> Iterator[str]:
    if (found := template(node)) is not None:
        yield found
    elif isinstance(node, ast.IfExp):
        yield from _said(node.body, named)
        yield from _said(node.orelse, named)
    elif isinstance(node, ast.Name):
        for value in named.get(node.id, []):
            yield from _said(value, {})


def _called(node: ast.Call) -> str:
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def _for_people(text: str) -> bool:
    return any(c.isalpha() for c in text.replace("{}", "")) and not any(
        each in text for each in FOR_PROGRAMMERS
    )
