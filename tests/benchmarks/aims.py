"""What a benchmark found, held against what it should be."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(slots=True)
class Report:
    """Figures in the order in which they were found; some have an aim."""

    name: str
    aims: dict[str, dict[str, Any]] = field(default_factory=dict)
    figures: dict[str, float] = field(default_factory=dict)

    def aim(
        self,
        name: str,
        value: float,
        *,
        least: float | None = None,
        most: float | None = None,
        unit: str = "",
    ) -> None:
        """A figure that should be at ``least`` or at ``most`` so much."""
        bound = least if least is not None else most
        assert bound is not None
        met = value >= bound if least is not None else value <= bound
        text = f"{'≥' if least is not None else '≤'} {bound:g} {unit}".strip()
        self.aims[name] = {"value": round(value, 3), "aim": text, "met": bool(met)}

    def figure(self, name: str, value: float) -> None:
        """A figure that is only shown."""
        self.figures[name] = round(value, 3)

    def lines(self) -> list[str]:
        """The report for a terminal."""
        rows = [
            (name, f"{a['value']:g}", f"aim {a['aim']}: {'met' if a['met'] else 'MISSED'}")
            for name, a in self.aims.items()
        ]
        rows += [(name, f"{value:g}", "") for name, value in self.figures.items()]
        return [f"{self.name}:"] + [
            f"  {name:<48} {value:>10}  {note}".rstrip() for name, value, note in rows
        ]

    def markdown(self) -> str:
        """The report as a section of a page."""
        rows = [
            f"| {name} | {a['value']:g} | {a['aim']} | {'met' if a['met'] else '**missed**'} |"
            for name, a in self.aims.items()
        ]
        rows += [f"| {name} | {value:g} | | |" for name, value in self.figures.items()]
        return "\n".join(
            [f"## {self.name}", "", "| figure | value | aim | |", "|---|---|---|---|", *rows, ""]
        )

    def write(self, path: Path) -> None:
        """The report as JSON: {"name", "aims": {name: {"value", "aim", "met"}}, "figures": {name: value}}."""
        text = json.dumps(
            {"name": self.name, "aims": self.aims, "figures": self.figures}, indent=2, ensure_ascii=False
        )
        path.write_text(text + "\n")
