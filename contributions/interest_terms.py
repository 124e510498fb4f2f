"""Which interest rates and which method hold for the accounts of a scheme in an area, month by month of a year.

Rates of personal accounts are published after the year they are for (人社部发〔2017〕31号). A month without a published
rate takes the last one published before it, provisionally; a month before any rate has none, and none is invented.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from registry.months import each_month

from .models import InterestMethod
from .rates import InterestFormula, RoundingMode

WHOLE, CURRENT, PRIOR = "whole", "current_year", "prior_years"

# The rate in force on the first day of the month; else the one that ended last before it. Nearest area first, and in
# one area what the locality made ('local' stands before 'national' in the alphabet).
RATES = """
SELECT m.month, b.bucket, r.id, r.rate, r.credits_per_year, r.is_published, r.nearness
FROM unnest(%s::date[]) AS m (month)
CROSS JOIN unnest(%s::text[]) AS b (bucket)
CROSS JOIN area_chain(%s) AS chain
CROSS JOIN LATERAL (
    SELECT id, rate, credits_per_year, period @> m.month AS is_published, array_position(chain, area_code) AS nearness
    FROM contributions_creditingrate
    WHERE state = 'in_force' AND scheme = %s AND bucket = b.bucket AND area_code = ANY (chain)
        AND lower(period) <= m.month
    ORDER BY period @> m.month DESC, CASE WHEN NOT period @> m.month THEN upper(period) END DESC,
        array_position(chain, area_code), origin
    LIMIT 1
) r
"""


@dataclass(frozen=True)
class MonthRate:
    """The yearly rates of one month: on what the year brought, on what earlier years left; the rows they stand in."""

    month: date
    current: Decimal
    prior: Decimal
    is_split: bool
    rule_ids: tuple[int, ...]
    credits_per_year: int
    is_published: bool


def month_rates(cursor, area_code, scheme, year):
    """[MonthRate or None] of the twelve months of `year` in an area (GB/T 2260 code); None where no rate is known."""
    months = each_month(date(year, 1, 1), date(year + 1, 1, 1))
    cursor.execute(RATES, [months, [WHOLE, CURRENT, PRIOR], area_code, scheme])
    found = {(month, bucket): values for month, bucket, *values in cursor.fetchall()}
    return [_month_rate(month, *(found.get((month, bucket)) for bucket in (WHOLE, CURRENT, PRIOR))) for month in months]


def _month_rate(month, whole, current, prior):
    """A rate for the whole account goes before a pair that was published less near or that is out of date."""
    if current and prior and not (whole and _order(whole) <= _order(current)):
        ids, times = (current[0], prior[0]), max(current[2], prior[2])
        return MonthRate(month, current[1], prior[1], True, ids, times, current[3] and prior[3])
    if whole:
        rule_id, rate, times, is_published, _nearness = whole
        return MonthRate(month, rate, rate, False, (rule_id,), times, is_published)
    return None


def _order(found):
    _id, _rate, _times, is_published, nearness = found
    return (not is_published, nearness)


def method_in_force(area_code, scheme, month):
    """The InterestMethod for a crediting period that ends with `month`; where none is known, an unsaved one with the
    defaults: by months held, half up to the fen."""
    found = InterestMethod.objects.reaching(area_code, month).filter(scheme=scheme).first()
    return found or InterestMethod(
        scheme=scheme, method=InterestFormula.MONTH_PRODUCT.value, rounding_mode=RoundingMode.HALF_UP_FEN.value
    )
