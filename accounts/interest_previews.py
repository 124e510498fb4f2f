"""Previews of a year's interest, kept: what operators and auditors read before it is credited."""

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from .interest_told import percent
from .models import Batch, InterestPreview

# The rates and methods in force that may say how a scheme of an area earns in a year or before it. Rows in force never
# change, so their numbers tell whether another one came or went.
RULES = """
SELECT g.scheme, g.area_code, (
    SELECT md5(coalesce(string_agg(rule, ' ' ORDER BY rule), '')) FROM (
        SELECT 'rate ' || id AS rule, scheme, area_code, period FROM contributions_creditingrate
        WHERE state = 'in_force'
        UNION ALL
        SELECT 'method ' || id, scheme, area_code, period FROM contributions_interestmethod WHERE state = 'in_force'
    ) r WHERE r.scheme = g.scheme AND r.area_code = ANY (area_chain(g.area_code))
        AND lower(r.period) < make_date(%s + 1, 1, 1)
) FROM unnest(%s::text[], %s::text[]) AS g (scheme, area_code)
"""


def rules_of(groups, year):
    """{(scheme, area code): the mark of the rates and methods in force} of the groups as a preview keeps them.

    `groups`: dicts with scheme and area_code. The mark is another one once such a rule came or was withdrawn. One
    query.
    """
    with connection.cursor() as cursor:
        named = [[group[name] for group in groups] for name in ("scheme", "area_code")]
        cursor.execute(RULES, [year, *named])
        return {(scheme, area_code): mark for scheme, area_code, mark in cursor.fetchall()}


def keep(result, scheme=None, area_code=None):
    """Keep the Result of a preview, limited to a scheme and an area or not; return the InterestPreview.

    The caller holds the writer's lock since before the preview began, so no batch is newer than what it counted.
    """
    groups = groups_of(result)
    marks = rules_of(groups, result.year)
    return InterestPreview.objects.create(
        year=result.year,
        scheme=scheme or "",
        area_code=area_code or "",
        made_at=timezone.now(),
        last_batch=Batch.objects.aggregate(last=Max("pk"))["last"] or 0,
        groups=[group | {"rules": marks[group["scheme"], group["area_code"]]} for group in groups],
        stale=result.stale,
    )


def groups_of(result):
    """The groups of a Result as JSON knows them, by scheme and area; amounts are yuan as strings.

    Where no rate is known, `no_rate` holds the first and the last month without one ("2015-01"), and nothing else is
    told.
    """
    groups = [_told(group, told) for group, told in result.told.items()]
    groups += [
        _named(group) | {"no_rate": [f"{missing.first:%Y-%m}", f"{missing.last:%Y-%m}"]}
        for group, missing in result.without_rate.items()
    ]
    return sorted(groups, key=lambda group: (group["scheme"], group["area_code"]))


def _named(group):
    return {"scheme": group.scheme, "area_code": group.area_code}


def _told(group, told):
    months = [rate for term in told.terms for rate in term.rates]
    is_split = any(term.is_split for term in told.terms)
    return _named(group) | {
        "accounts": told.accounts,
        "opening": str(told.opening),
        "credits": str(told.credits),
        "payouts": str(told.payouts),
        "interest": str(told.interest),
        "rates": list(dict.fromkeys(percent(rate.current) for rate in months)),
        "prior_rates": list(dict.fromkeys(percent(rate.prior) for rate in months)) if is_split else [],
        "is_provisional": any(term.is_provisional for term in told.terms),
        "changed": told.changed,
        "unbearable": told.unbearable,
    }
