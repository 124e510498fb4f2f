"""Previews of a year's interest, kept: what operators and auditors read before it is credited."""

from django.db.models import Max
from django.utils import timezone

from .interest_told import percent
from .models import Batch, InterestPreview


def keep(result, scheme=None, area_code=None):
    """Keep the Result of a preview, limited to a scheme and an area or not; return the InterestPreview.

    The caller holds the writer's lock since before the preview began, so no batch is newer than what it counted.
    """
    return InterestPreview.objects.create(
        year=result.year,
        scheme=scheme or "",
        area_code=area_code or "",
        made_at=timezone.now(),
        last_batch=Batch.objects.aggregate(last=Max("pk"))["last"] or 0,
        groups=groups_of(result),
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
