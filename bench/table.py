"""The figures of a run as one table, and as JSON with every single value."""

import json
import os
import platform
import statistics
from dataclasses import asdict, dataclass, field
from importlib.metadata import version

PACKAGES = ("Django", "psycopg", "gunicorn")


@dataclass
class Figure:
    """One line of the table. `least` or `most`: what its median has to reach; neither where it only informs."""

    part: str
    what: str
    unit: str
    values: list
    least: float | None = None
    most: float | None = None

    @property
    def median(self):
        return statistics.median(self.values)

    @property
    def target(self):
        if self.least is not None:
            return f"≥ {self.least:g}"
        return f"≤ {self.most:g}" if self.most is not None else ""

    @property
    def verdict(self):
        if not self.target:
            return ""
        above = self.least is None or self.median >= self.least
        below = self.most is None or self.median <= self.most
        return "reached" if above and below else "MISSED"

    @property
    def cells(self):
        low, high = shown(min(self.values)), shown(max(self.values))
        spread = f"{low}–{high}" if len(self.values) > 1 else "one run"
        return [self.part, self.what, shown(self.median), self.unit, spread, self.target, self.verdict]


def shown(value):
    """Three significant digits, thousands in full."""
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


@dataclass
class Table:
    """What was measured so far, and on what."""

    options: dict
    server: dict
    figures: list = field(default_factory=list)
    load_before: tuple = field(default_factory=os.getloadavg)

    def add(self, part, what, unit, values, **target):
        self.figures.append(Figure(part, what, unit, list(values), **target))

    @property
    def machine(self):
        packages = {name: version(name) for name in PACKAGES}
        return {"python": platform.python_version(), "cpus": os.cpu_count()} | packages

    def text(self):
        heads = ["", "measured", "median", "unit", "min–max", "target", ""]
        rows = [heads, *(figure.cells for figure in self.figures)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
        facts = {**self.options, **self.machine, **self.server}
        before, after = (" ".join(f"{load:.1f}" for load in loads) for loads in (self.load_before, os.getloadavg()))
        closing = ", ".join(f"{name} {value}" for name, value in facts.items() if value is not None)
        return "\n".join([*lines, "", f"load of the machine before {before}, after {after}", closing])

    def write(self, path):
        """The same as JSON: every value of every round, in the order they were taken."""
        record = {
            "options": self.options,
            "machine": self.machine,
            "server": self.server,
            "load_before": self.load_before,
            "load_after": os.getloadavg(),
            "figures": [asdict(f) | {"median": f.median, "verdict": f.verdict} for f in self.figures],
        }
        path.write_text(json.dumps(record, indent=1, ensure_ascii=False, default=str) + "\n", encoding="utf-8")
