"""The working of an estimate in words and figures, step by step, so that anybody can compute it again."""

import re
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html, strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.models import Area
from registry.months import parse_month
from registry.templatetags import words

from .retirement import MONTHS_A_YEAR, DivisorPolicy

HUNDRED = Decimal(100)
MONTH = re.compile(r"\d{4}-\d{2}")


@dataclass(frozen=True)
class Step:
    """One step: what it is, the formula in words, the same with the figures, the result in yuan (None: not told)."""

    name: str
    formula: str
    figures: str
    result: Decimal | None


@dataclass(frozen=True)
class MonthsPicture:
    """Months against the minimum (picture 4.4): on record, still to be paid by supposition, needed. Widths in per cent.

    `needed` is None where no rule tells it.
    """

    paid: int
    further: int
    deemed: int
    needed: int | None

    @property
    def whole(self):
        return max(self.paid + self.deemed + self.further, self.needed or 0, 1)

    @property
    def bars(self):
        """[(kind, left end, width)] of the stretches, one after the other."""
        found, left = [], 0
        for kind, months in (("paid", self.paid), ("deemed", self.deemed), ("further", self.further)):
            found.append((kind, self._percent(left), self._percent(months)))
            left += months
        return found

    @property
    def line(self):
        """Where the minimum stands, in per cent."""
        return self._percent(self.needed or 0)

    @property
    def lacking(self):
        """How many months on record are still lacking to the minimum; None where it is not known."""
        return None if self.needed is None else max(0, self.needed - self.paid - self.deemed)

    @property
    def lacking_then(self):
        """How many are still lacking at retirement if payments go on; None where it is not known."""
        return None if self.lacking is None else max(0, self.lacking - self.further)

    def _percent(self, months):
        return f"{Decimal(months) * HUNDRED / self.whole:.2f}%"


def months_picture(told):
    """The MonthsPicture of a Range."""
    stopped, going_on = told.stopped, told.going_on
    paid = stopped.facts.months
    estimate = going_on.estimate or stopped.estimate
    further = estimate.facts.months - paid if estimate else 0
    return MonthsPicture(paid, further, stopped.facts.deemed_months, estimate.minimum if estimate else None)


def steps(estimate):
    """The Steps of an Estimate; none where there is no estimate."""
    return [_basic(estimate), _account(estimate), _total(estimate)] if estimate else []


def _basic(estimate):
    facts, wage, rate = estimate.facts, estimate.calculation_base, estimate.accrual_rate
    figures = ""
    if estimate.basic is not None:
        figures = f"({words.money(wage)} + {words.money(wage)} × {facts.index}) ÷ 2 × {facts.months} ÷ {MONTHS_A_YEAR}"
        figures += f" × {percent(rate)}"
    formula = _("(calculation base + calculation base × average index) ÷ 2 × months paid ÷ 12 × rate for each year")
    return Step(_("Basic pension, from the pooled fund"), formula, figures, estimate.basic)


def _account(estimate):
    figures = ""
    if estimate.account is not None:
        figures = f"{words.money(estimate.facts.balance)} ÷ {estimate.divisor}"
    formula = _("balance of the personal account at retirement ÷ divisor of the age")
    return Step(_("Pension from the personal account"), formula, figures, estimate.account)


def _total(estimate):
    figures = f"{words.money(estimate.basic)} + {words.money(estimate.account)}" if estimate.total is not None else ""
    return Step(_("Each month together"), _("both parts added"), figures, estimate.total)


def age_words(months):
    """An age counted in months as people say it: 60 years and 4 months."""
    years, rest = divmod(months, MONTHS_A_YEAR)
    if rest == 0:
        return _("%(years)d years old") % {"years": years}
    return _("%(years)d years and %(months)d months old") % {"years": years, "months": rest}


def dates_in_words(dates):
    """[(words, month, age in words)] of RetirementDates."""
    found = [(_("Statutory retirement"), dates.statutory)]
    if dates.delay:
        found.append((_("Before the retirement age was raised"), dates.original))
    if dates.earliest:
        found.append((_("At the earliest, by your choice"), dates.earliest))
        found.append((_("At the latest, by agreement"), dates.latest))
    return [(name, words.month(month), age_words(dates.age_in(month))) for name, month in found]


def percent(rate):
    """A fraction as a percentage without idle zeros: 0.010000 as `1 %`."""
    return f"{(rate * HUNDRED).normalize():f} %"


def in_words(reason):
    """The sentence of a Reason in the language of the page: months, years and areas as people say them."""
    values = {name: _said(name, value) for name, value in reason.values.items()}
    return _(reason.sentence) % values


def _said(name, value):
    if name == "area":
        return Area.objects.filter(code=value).values_list("name", flat=True).first() or value
    if name == "years" and isinstance(value, str):
        return _runs([int(year) for year in value.split(", ")])
    if isinstance(value, str) and MONTH.fullmatch(value):
        return strip_tags(words.month(parse_month(value)))
    return value


def _runs(years):
    """Years in a row as `2015–2024`."""
    runs = []
    for year in years:
        if runs and runs[-1][1] == year - 1:
            runs[-1][1] = year
        else:
            runs.append([year, year])
    return ", ".join(f"{first}–{last}" if first < last else str(first) for first, last in runs)


ASSUMED = {
    "calculation_base": gettext_lazy("Calculation base (yuan a month)"),
    "divisor_policy": gettext_lazy("Divisor between two birthdays"),
    "wages_of_area": gettext_lazy("All months compared with the average wages of"),
    "deemed_months": gettext_lazy("Deemed months"),
    "accounts_merged": gettext_lazy("Personal accounts added up"),
    "future_months": gettext_lazy("Further months paid until retirement"),
    "future_base": gettext_lazy("Base of the further months (yuan)"),
    "future_average_wage": gettext_lazy("Average wage of the further months (yuan)"),
    "interest_rate": gettext_lazy("Interest rate a year"),
    "average_index": gettext_lazy("Average contribution index, as you supposed it"),
}
POLICIES = {
    DivisorPolicy.LINEAR_1DP: gettext_lazy("in proportion, rounded to one decimal"),
    DivisorPolicy.REQUIRE_MANUAL: gettext_lazy("set by the agency"),
}
MONEY = {"calculation_base", "future_base", "future_average_wage"}


def assumptions_in_words(estimate):
    """[(words, value)] of everything an Estimate rests on beyond the records. One query, for the area's name."""
    return [(ASSUMED[name], _value(name, value)) for name, value in (estimate.assumptions if estimate else ())]


def _value(name, value):
    if name == "wages_of_area":
        return Area.objects.filter(code=value).values_list("name", flat=True).first() or value
    if name == "divisor_policy":
        return POLICIES[DivisorPolicy(value)]
    if name == "interest_rate":
        return percent(value)
    return format_html("{}", words.money(value)) if name in MONEY else str(value)
