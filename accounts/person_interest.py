"""The interest of one account year by year, as its owner reads it: rates and their source, the sum with her numbers."""

from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby

from django.utils.translation import gettext_lazy as _

from contributions.models import CreditingRate, InterestMethod

from .explain import ZERO
from .interest_told import percent
from .interest_worked import Worked, worked_together
from .models import Account, InterestCredit, InterestTerms, InterestYear

STATES = {
    "final": _("final"),
    "provisional": _("provisional"),
    "nothing": _("nothing earned"),
    "running": _("year not over"),
    "awaited": _("not credited yet"),
}


@dataclass
class PeriodInterest:
    """One crediting period: the credit that stands, under which terms, and those that it took the place of.

    `rates`: the published rows behind it; `method`: the InterestMethod, None for the default; `worked`: its arithmetic.
    """

    credit: InterestCredit
    terms: InterestTerms
    rates: list
    method: InterestMethod | None
    superseded: list = field(default_factory=list)
    worked: Worked | None = None

    @property
    def rates_told(self):
        return rates_told(self.terms)


@dataclass
class YearInterest:
    """One year of an account; `periods` is empty where no interest is credited, and `state` says why.

    `state`: "final", "provisional", "nothing" (credited, and nothing was earned), "running" (the year goes on),
    "awaited" (over, and not credited yet).
    """

    year: int
    state: str
    periods: list

    @property
    def state_told(self):
        return STATES[self.state]

    @property
    def amount(self):
        return sum((period.credit.total for period in self.periods), ZERO)

    @property
    def rates(self):
        """The RatesTold of its months, each once."""
        return list(dict.fromkeys(told for period in self.periods for told in period.rates_told))

    @property
    def published(self):
        """{source: whether it is confirmed} of the published rows behind its rates."""
        return {rate.source: rate.confirmed for period in self.periods for rate in period.rates}

    @property
    def methods(self):
        """The methods by which it was reckoned, each once."""
        return list(dict.fromkeys(period.method for period in self.periods if period.method))

    @property
    def last_month(self):
        return self.periods[-1].credit.period


@dataclass(frozen=True)
class RatesTold:
    """The yearly rate of some months in percent, on what the year brought; `prior` on what earlier years left, where
    that is another."""

    current: str
    prior: str


@dataclass
class AccountInterest:
    account: Account
    years: list
    chosen: YearInterest | None

    @property
    def total(self):
        return sum((year.amount for year in self.years), Decimal("0.00"))


def rates_told(terms):
    """[RatesTold] of a crediting period, in the order of its months: one for each rate."""
    runs = groupby(zip(terms.current_rates, terms.prior_rates, strict=True))
    return [
        RatesTold(_in_one_piece(current), _in_one_piece(prior) if terms.is_split and prior != current else "")
        for (current, prior), _months in runs
    ]


def _in_one_piece(rate):
    """A rate in percent that no line breaks."""
    return percent(rate).replace(" ", "\N{NO-BREAK SPACE}")


def interest_of(account, year, today):
    """The AccountInterest of an Account, with the arithmetic of one year: by default the latest that earned something.

    Nine queries, however many years there are.
    """
    of_account = {name: getattr(account, name) for name in ("person_id", "scheme", "area_code")}
    credits = list(InterestCredit.objects.filter(**of_account).order_by("period", "batch_id"))
    terms = InterestTerms.objects.in_bulk({credit.batch_id for credit in credits})
    rates = CreditingRate.objects.in_bulk({rate for each in terms.values() for rate in each.rate_ids})
    methods = InterestMethod.objects.in_bulk({each.method_id for each in terms.values() if each.method_id})
    del of_account["person_id"]
    done = set(InterestYear.objects.filter(**of_account).values_list("year", flat=True))
    periods = [_period(list(found), terms, rates, methods) for _last, found in groupby(credits, lambda c: c.period)]
    years = [
        _year(number, [p for p in periods if p.credit.period.year == number], done, today)
        for number in range(_last_year(account, today), account.opened_month.year - 1, -1)
    ]
    chosen = next((each for each in years if each.year == year), None)
    chosen = chosen or next((each for each in years if each.periods), years[0])
    standing = [period.credit for period in chosen.periods]
    for period, worked in zip(chosen.periods, worked_together(standing), strict=True):
        period.worked = worked
    return AccountInterest(account, years, chosen)


def _last_year(account, today):
    ended = account.closed_month or today
    return max(ended.year, account.opened_month.year)


def _period(credits, terms, rates, methods):
    *superseded, standing = credits
    its_terms = terms[standing.batch_id]
    return PeriodInterest(
        standing,
        its_terms,
        [rates[rate] for rate in its_terms.rate_ids if rate in rates],
        methods.get(its_terms.method_id),
        [PeriodInterest(each, terms[each.batch_id], [], None) for each in superseded if each.total],
    )


def _year(number, periods, done, today):
    periods = [period for period in periods if period.credit.total or period.superseded]
    if periods:
        state = "provisional" if any(period.terms.is_provisional for period in periods) else "final"
    elif number in done:
        state = "nothing"
    else:
        state = "running" if number >= today.year else "awaited"
    return YearInterest(number, state, periods)
