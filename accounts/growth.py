"""The picture of how a balance grew (余额构成): a stacked bar for each year, with what was paid out below the line.

Bars stand at percentages of the width and at pixels of the height, so that no text of the picture shrinks with it.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import pgettext

from .explain import INTEREST, ZERO
from .models import Entry
from .sources import GROUPS

HEIGHT, TOP, FOOT = 170, 30, 36
MOST_LABELS = 5
# What a round amount is: one of these times a power of ten.
ROUND = [Decimal(step) for step in ("1", "1.5", "2", "3", "4", "5", "6", "8", "10")]
# Of a year's share of the width, what stays free on each side of its bar; and the widest bar, in percent.
MARGIN, WIDEST, EDGE = 0.12, 12, 8
OWN = (Entry.Kind.CONTRIB_IND,)
OUT = GROUPS["went_out"][1]


@dataclass(frozen=True)
class Bar:
    """One layer of one year: `x` and `width` in percent, `y` and `height` in pixels."""

    layer: str
    x: float
    width: float
    y: float
    height: float


@dataclass(frozen=True)
class Label:
    year: int
    x: float
    anchor: str


@dataclass(frozen=True)
class Mark:
    """A line to compare with, at a round amount that no bar reaches beyond."""

    y: float
    text: str

    @property
    def text_y(self):
        return self.y - 5


@dataclass(frozen=True)
class Growth:
    """The picture. `zero`: where its zero line stands; `layers`: those that have a bar somewhere."""

    bars: list
    zero: float
    height: int
    labels: list
    mark: Mark
    layers: list

    @property
    def label_y(self):
        return self.height - 6


def growth(years):
    """The Growth of the SourceYears of an account, or None where there is nothing to draw."""
    stacks = list(_stacks(years))
    most = max((sum(above.values(), ZERO) for above, _below in stacks), default=ZERO)
    least = max((below for _above, below in stacks), default=ZERO)
    if not most:
        return None
    most = _round_up(most)
    scale = HEIGHT / float(most + least)
    zero = round(TOP + float(most) * scale, 1)
    step = 100 / len(years)
    bars = [bar for place, stack in enumerate(stacks) for bar in _bars(stack, place * step, step, zero, scale)]
    drawn = {bar.layer for bar in bars}
    return Growth(
        bars,
        zero,
        TOP + HEIGHT + FOOT,
        list(_labels(years, step)),
        _mark(most),
        [layer for layer in ("own", "earned", "other", "out") if layer in drawn],
    )


def _stacks(years):
    """For each year ({layer: yuan brought so far}, yuan gone so far); what is negative on the whole has gone."""
    so_far = dict.fromkeys(("own", "earned", "other"), ZERO)
    gone = ZERO
    for year in years:
        own, earned, out = year.of(OWN), year.of(INTEREST), year.of(OUT)
        so_far["own"] += own
        so_far["earned"] += earned
        so_far["other"] += sum(year.amounts.values(), ZERO) - own - earned - out
        gone -= out
        above = {layer: max(amount, ZERO) for layer, amount in so_far.items()}
        below = max(gone, ZERO) + sum((max(-amount, ZERO) for amount in so_far.values()), ZERO)
        yield above, below


def _bars(stack, x, step, zero, scale):
    above, below = stack
    x, width = round(x + step * MARGIN, 2), round(min(step * (1 - 2 * MARGIN), WIDEST), 2)
    y = zero
    for layer, amount in above.items():
        height = round(float(amount) * scale, 1)
        y = round(y - height, 1)
        if height:
            yield Bar(layer, x, width, y, height)
    if below:
        yield Bar("out", x, width, zero, round(float(below) * scale, 1))


def _labels(years, step):
    """A Label under at most MOST_LABELS bars, the last one among them."""
    every = -(-len(years) // MOST_LABELS)
    for place in range(len(years) - 1, -1, -every):
        x = place * step + step * MARGIN + min(step * (1 - 2 * MARGIN), WIDEST) / 2
        anchor = "end" if x > 100 - EDGE else "start" if x < EDGE else "middle"
        yield Label(years[place].year, {"end": 100, "start": 0}.get(anchor, round(x, 2)), anchor)


def _round_up(amount):
    """The next round amount, so that a line at it stands above every bar."""
    unit = Decimal(10) ** (len(str(int(amount))) - 1)
    return next(unit * step for step in ROUND if unit * step >= amount)


def _mark(most):
    """The Mark at the top of the picture."""
    # Translators: a round amount of money on the axis of a picture.
    return Mark(TOP, pgettext("axis", "CNY %(amount)s") % {"amount": f"{most:,.0f}"})
