"""The picture of a lifetime: lanes of time in percent of their width, so that text and patterns keep their size."""

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from registry.months import month, months_between

from .lifetime import Lane, Lifetime, Run
from .month_state import MonthState, Untold

MOST_TICKS, EDGE = 3, 8
STEPS_OF_YEARS = (1, 2, 5, 10, 20)


class Ink(NamedTuple):
    """How a mark is drawn: told apart without colour too. `fill` may name a pattern of the page."""

    fill: str
    stroke: str
    dash: str = ""


BLUE, PLUM, BROWN, RED, GREY = "#1d5fa8", "#3d2468", "#7a4a00", "#a4161a", "#767676"
INKS = {
    MonthState.RECEIVED: Ink(BLUE, BLUE),
    MonthState.PROCESSING: Ink("#fff", BLUE),
    MonthState.ARREARS: Ink("url(#stripes)", RED),
    MonthState.BACKPAID: Ink("url(#dots)", BROWN),
    MonthState.REFUNDED: Ink("#ececec", GREY),
    MonthState.TRANSFERRED_IN: Ink("url(#hatch)", PLUM),
    MonthState.UNDER_VERIFICATION: Ink("#fd0", GREY),
    Untold.EARLIER: Ink("#fff", GREY, "2 4"),
    Untold.NO_RECORD: Ink("url(#holes)", BROWN, "4 3"),
}


@dataclass(frozen=True)
class Bar:
    """One run of a lane: where it begins and how wide it is, in percent of the picture's width."""

    run: Run
    left: Decimal
    width: Decimal

    @property
    def ink(self):
        return INKS[self.run.what]


@dataclass(frozen=True)
class DrawnLane:
    lane: Lane
    bars: list


@dataclass(frozen=True)
class Picture:
    """`lanes` from top to bottom; `ticks`: (year, place of its January in percent)."""

    lanes: list
    ticks: list

    @property
    def key(self):
        """[(mark, its Ink)] of the marks that occur."""
        there = {bar.run.what for drawn in self.lanes for bar in drawn.bars}
        return [(mark, ink) for mark, ink in INKS.items() if mark in there]


def drawn(life: Lifetime):
    """The Picture of a Lifetime; None where there is nothing to draw."""
    lanes = life.lanes
    if not lanes:
        return None
    since, until = min(lane.since for lane in lanes), life.until
    whole = months_between(since, until)
    return Picture(
        [DrawnLane(lane, [_bar(run, since, whole) for run in lane.runs]) for lane in lanes],
        _ticks(since, until, whole),
    )


def _bar(run, since, whole):
    return Bar(run, _percent(months_between(since, run.since), whole), _percent(run.months, whole))


def _percent(months, whole):
    return (Decimal(100) * months / whole).quantize(Decimal("0.01"))


def _ticks(since, until, whole):
    """A few round years; those at the edge are left out, where their figures would be cut off."""
    found = []
    for step in STEPS_OF_YEARS:
        years = [year for year in range(since.year + 1, until.year + 1) if year % step == 0]
        places = [(year, _percent(months_between(since, month(year, 1)), whole)) for year in years]
        found = [(year, place) for year, place in places if EDGE <= place <= 100 - EDGE]
        if len(found) <= MOST_TICKS:
            break
    return found
