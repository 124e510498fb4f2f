"""The picture of a year (这一年): the statement's figures as bars that begin where the one before ended. Pure."""

from dataclasses import dataclass
from decimal import Decimal

# Column of the statement and how its bar is filled; the order is that of the paper.
FILLS = {
    "own": "solid",
    "employer": "dots",
    "subsidy": "dots",
    "pool_allocation": "dots",
    "transferred_in": "dots",
    "taken_over": "dots",
    "corrected": "dots",
    "interest": "hatch",
    "earlier_interest": "hatch",
    "paid_out": "open",
}
# Shown even where they are zero: these are what everybody asks for.
ALWAYS = {"own", "interest", "paid_out"}
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Bar:
    """One figure of the year: `name` as in Statement, `amount` in yuan; left end and width in per cent of the whole."""

    name: str
    amount: Decimal
    fill: str
    left: str
    width: str


def bars(statement):
    """The Bars of a Statement, from the opening to the closing balance."""
    moves = [(name, getattr(statement, name)) for name in FILLS]
    moves = [(name, amount) for name, amount in moves if amount or name in ALWAYS]
    ends = [statement.opening]
    for name, amount in moves:
        ends.append(ends[-1] + (-amount if name == "paid_out" else amount))
    whole = max(*ends, statement.closing, Decimal("0.01"))
    found = [_bar("opening", statement.opening, "solid", Decimal(0), statement.opening, whole)]
    for (name, amount), start, end in zip(moves, ends, ends[1:], strict=False):
        found.append(_bar(name, amount, FILLS[name], start, end, whole))
    return [*found, _bar("closing", statement.closing, "solid", Decimal(0), statement.closing, whole)]


def _bar(name, amount, fill, start, end, whole):
    left, right = (max(Decimal(0), edge) * HUNDRED / whole for edge in sorted((start, end)))
    return Bar(name, amount, fill, f"{left:.2f}%", f"{right - left:.2f}%")
