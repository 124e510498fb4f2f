"""Pure arithmetic of interest on personal accounts. No database, no clock.

Sources: 劳办发〔1997〕116号; for medical accounts 国发〔1998〕44号.

Money is a `Decimal` in yuan, a rate the `Decimal` fraction of a year, a month its number 1 to 12 in one calendar year.
Floats are refused. What an account earns in a crediting period has three parts, each rounded apart and posted apart:

    on_opening   what stood there when the period began, for each month of the period
    on_credits   what was booked in month n, for the months n to the last one: January 12 months, December 1
    removed      what was paid out in month n no longer earns for the months n to the last one

The database does the same for all accounts at once (accounts/crediting); a property test holds both sides together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from contributions.rates import NOTHING, InterestFormula, RoundingMode, contribution_base, round_money

MONTHS_OF_A_YEAR = 12


class Interest(NamedTuple):
    """Yuan earned in one crediting period; `removed` is taken off."""

    on_opening: Decimal
    on_credits: Decimal
    removed: Decimal

    @property
    def total(self) -> Decimal:
        return self.on_opening + self.on_credits - self.removed


@dataclass(frozen=True)
class Terms:
    """Under which terms one crediting period of a year earns: its months and their rates, formulas, rounding.

    first, last:    numbers of the first and last month of the period; an account that is closed ends with its month.
    current_rates:  the rate a year in force in each month of the period, on what the year itself brought.
    prior_rates:    the same on what earlier years left; None where the whole account bears one rate.
    method, payout_method: formula for credits and for payouts. The yearly formula belongs to whole years; an
                    incomplete year, and a part of a year credited on its own, are reckoned by months.
    yearly_factor:  the factor of the yearly formula (1.083, which is about 13/12).
    """

    first: int
    last: int
    current_rates: tuple[Decimal, ...]
    prior_rates: tuple[Decimal, ...] | None = None
    method: str = InterestFormula.MONTH_PRODUCT
    payout_method: str = InterestFormula.MONTH_PRODUCT
    yearly_factor: Decimal | None = None
    rounding_mode: str = RoundingMode.HALF_UP_FEN

    def __post_init__(self):
        if not 1 <= self.first <= self.last <= MONTHS_OF_A_YEAR:
            raise ValueError(f"Months {self.first} to {self.last} are no part of a year.")
        for rates in (self.current_rates, self.prior_rates):
            if rates is not None and len(rates) != self.months:
                raise ValueError("Each month of the period has one rate.")
            for rate in rates or ():
                _exact(rate)
        if self.yearly_factor is None and InterestFormula.YEARLY in (self.method, self.payout_method):
            raise ValueError("The yearly formula needs its factor.")

    @classmethod
    def whole_year(cls, rate, **terms):
        """One rate for the whole account and the whole year."""
        return cls(1, MONTHS_OF_A_YEAR, (rate,) * MONTHS_OF_A_YEAR, **terms)

    @property
    def months(self) -> int:
        return self.last - self.first + 1

    @property
    def is_whole_year(self) -> bool:
        return self.months == MONTHS_OF_A_YEAR

    @property
    def opening_weights(self) -> tuple[Decimal, Decimal]:
        """Sums of the months' rates on (what earlier years left, what this year had brought before the period)."""
        return sum(self.prior_rates or self.current_rates, Decimal(0)), sum(self.current_rates, Decimal(0))

    def credit_weight(self, month: int) -> Decimal:
        """What a yuan booked in `month` earns in the period, times twelve: the sum of the rates of the months held."""
        if self.method == InterestFormula.YEARLY and self.is_whole_year:
            return sum(self.current_rates) * self.yearly_factor / 2
        return self._held(month)

    def payout_weight(self, month: int) -> Decimal:
        """What a yuan paid out in `month` no longer earns in the period, times twelve."""
        if self.payout_method == InterestFormula.YEARLY and self.is_whole_year:
            return sum(self.current_rates) * (1 - self.yearly_factor / 2)
        return self._held(month)

    def _held(self, month):
        return sum(self.current_rates[month - self.first :], Decimal(0))


def month_product(amounts: Mapping[int, Decimal], last: int = MONTHS_OF_A_YEAR) -> Decimal:
    """月积数: the sum of each month's amount (yuan) times the months held to the end of `last`, its own included."""
    return sum((_exact(amount) * (last - month + 1) for month, amount in amounts.items()), NOTHING)


def earned(
    opening: Decimal,
    credits: Mapping[int, Decimal],
    payouts: Mapping[int, Decimal],
    terms: Terms,
    carried: Decimal = NOTHING,
) -> Interest:
    """What an account earns in one crediting period.

    opening: yuan that earlier years left (the whole balance at the period's beginning where the account bears one rate)
    credits: {month: yuan booked in it}, a refund negative; payouts: {month: yuan paid out in it}, a return negative
    carried: yuan that the year itself had brought before the period began, where it is credited several times a year

    Raises TypeError for floats, ValueError for a month outside the period.
    """
    for month in (*credits, *payouts):
        if not terms.first <= month <= terms.last:
            raise ValueError(f"Month {month} lies outside the period.")
    mode = terms.rounding_mode
    on_prior, on_current = terms.opening_weights
    on_opening = contribution_base(opening, mode) * on_prior + contribution_base(carried, mode) * on_current
    on_credits = _weighted(credits, terms.credit_weight, mode)
    removed = _weighted(payouts, terms.payout_weight, mode)
    return Interest(*(round_money(part / MONTHS_OF_A_YEAR, mode) for part in (on_opening, on_credits, removed)))


def _weighted(amounts, weight, mode):
    """Where jiao and fen bear nothing, they are dropped from each month's amount."""
    return sum((contribution_base(amount, mode) * weight(month) for month, amount in amounts.items()), NOTHING)


def crediting_months(credits_per_year: list[int]) -> list[int]:
    """The last month of each crediting period of a year, given how often a year each month's rate is credited.

    A month ends a period where it completes a part of the year; December always does. So a year whose first eight
    months know one crediting and the others four has the periods 1–9 and 10–12.
    """
    return [
        month
        for month, times in enumerate(credits_per_year, 1)
        if month == MONTHS_OF_A_YEAR or (month % (MONTHS_OF_A_YEAR // times) == 0 and times > 1)
    ]


def year(opening: Decimal, credits: Mapping[int, Decimal], payouts: Mapping[int, Decimal], periods: list[Terms]):
    """The Interest of each crediting period of a year, in order; what one period earned bears interest in the next."""
    found, carried = [], NOTHING
    for terms in periods:
        came = {month: amount for month, amount in credits.items() if terms.first <= month <= terms.last}
        went = {month: amount for month, amount in payouts.items() if terms.first <= month <= terms.last}
        if terms.prior_rates is None:
            found.append(earned(opening + carried, came, went, terms))
        else:
            found.append(earned(opening, came, went, terms, carried))
        carried += sum(came.values(), NOTHING) - sum(went.values(), NOTHING) + found[-1].total
    return found


def _exact(amount):
    if not isinstance(amount, Decimal):
        raise TypeError(f"Money and rates are Decimal, not {type(amount).__name__}.")
    if not amount.is_finite():
        raise ValueError(f"{amount} is no amount of money.")
    return amount
