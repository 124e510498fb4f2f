"""What is to be credited: the crediting periods of a year for each scheme and area, and under which terms."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from accounts.interest import Terms, crediting_months
from contributions import interest_terms
from contributions.rates import InterestFormula
from registry.months import month

WEIGHT_PLACES = Decimal(1).scaleb(-14)


@dataclass(frozen=True)
class Group:
    """The accounts of one scheme in one area, as they count in a year.

    `since`: the first month in which one of them existed. `closings`: months of the year in which some were closed.
    """

    scheme: str
    area_code: str
    since: date
    accounts: int
    closings: tuple[date, ...] = ()

    @property
    def key(self):
        return self.scheme, self.area_code

    def __str__(self):
        return f"{self.scheme} in {self.area_code}"


@dataclass(frozen=True)
class Term:
    """One crediting period of a group, for the accounts that last through it or (`closing`) end within it."""

    group: Group
    first: date
    last: date
    whole_last: date
    rates: tuple
    method: object
    closing: date | None = None

    @property
    def is_provisional(self):
        return not all(rate.is_published for rate in self.rates)

    @property
    def is_split(self):
        return any(rate.is_split for rate in self.rates)

    @property
    def rule_ids(self):
        return sorted({rule_id for rate in self.rates for rule_id in rate.rule_ids})

    @property
    def current_rates(self):
        return [rate.current for rate in self.rates]

    @property
    def prior_rates(self):
        return [rate.prior for rate in self.rates]

    @property
    def arithmetic(self):
        """The same terms for the pure arithmetic (accounts/interest.py)."""
        return Terms(
            self.first.month,
            self.last.month,
            tuple(self.current_rates),
            tuple(self.prior_rates) if self.is_split else None,
            self.method.method,
            self.method.payout_method,
            self.method.yearly_factor,
            self.method.rounding_mode,
        )

    @property
    def one_rate(self):
        """The rate, where one holds for the whole period: what came then earns its month product times this rate."""
        rates = set(self.current_rates)
        return _exact(rates.pop()) if len(rates) == 1 else None

    @property
    def weights(self):
        """(month, months held, weight of a yuan credited, weight of a yuan paid out) of each month of the period.

        A weight is None where the month product times the one rate says the same: that spares two sums an entry.
        """
        terms, is_one_rate = self.arithmetic, self.one_rate is not None
        by_months = [
            is_one_rate and (formula == InterestFormula.MONTH_PRODUCT or not terms.is_whole_year)
            for formula in (terms.method, terms.payout_method)
        ]
        return [
            (
                month(self.first.year, number),
                Decimal(terms.last - number + 1),
                None if by_months[0] else _exact(terms.credit_weight(number)),
                None if by_months[1] else _exact(terms.payout_weight(number)),
            )
            for number in range(terms.first, terms.last + 1)
        ]

    @property
    def opening_weights(self):
        prior, current = self.arithmetic.opening_weights
        return _exact(prior), _exact(current)

    def ending(self, closing):
        """The same period for accounts that were closed in a month before its last."""
        months = closing.month - self.first.month + 1
        method = interest_terms.method_in_force(self.group.area_code, self.group.scheme, closing)
        return replace(self, last=closing, rates=self.rates[:months], method=method, closing=closing)


def _exact(weight):
    """Enough places that dividing by twelve in the database meets no rounding before the one that is stated."""
    return Decimal(weight).quantize(WEIGHT_PLACES)


class NoRate(Exception):
    """For some month in which accounts existed no rate is known: nothing is credited, none is invented."""

    def __init__(self, first, last):
        self.first, self.last = first, last
        super().__init__(f"no rate is known for {first:%Y-%m} to {last:%Y-%m}")


def terms_of(cursor, group, year):
    """The Terms of the group's crediting periods of a year, in order, for accounts that last through them.

    Raises NoRate. The months before the first account existed need no rate.
    """
    rates = interest_terms.month_rates(cursor, group.area_code, group.scheme, year)
    begin = group.since.month if group.since.year == year else 1
    missing = [number for number in range(begin, 13) if rates[number - 1] is None]
    if missing:
        raise NoRate(month(year, missing[0]), month(year, missing[-1]))
    first = next(number for number in range(1, 13) if all(rates[number - 1 :]))
    found = []
    for last in crediting_months([rate.credits_per_year if rate else 1 for rate in rates]):
        if last >= first:
            method = interest_terms.method_in_force(group.area_code, group.scheme, month(year, last))
            end = month(year, last)
            found.append(Term(group, month(year, first), end, end, tuple(rates[first - 1 : last]), method))
            first = last + 1
    return found


def rounds_of(groups):
    """[[Term]]: the n-th list holds the n-th crediting period of each group, and those of accounts closed within it.

    groups: {Group: [Term]}. A later period starts from what an earlier one credited, so the lists go one by one.
    """
    rounds = []
    for number in range(max(map(len, groups.values()), default=0)):
        whole = [terms[number] for terms in groups.values() if number < len(terms)]
        ending = [
            term.ending(month) for term in whole for month in term.group.closings if term.first <= month < term.last
        ]
        rounds.append([*whole, *ending])
    return rounds
