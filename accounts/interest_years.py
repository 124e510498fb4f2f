"""The operators' page about interest: the last preview, and which years are credited, final and closed."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import connection

from registry.insurance import Scheme
from registry.models import Area

from .interest_previews import rules_of
from .models import Batch, InterestPreview

YEARS_SHOWN = 5
SUMMED = ("accounts", "opening", "credits", "payouts", "interest", "changed", "unbearable")

# The row of interest added last is what is known; a year may be closed without interest, where no rate is known.
YEARS = """
WITH credited AS (
    SELECT DISTINCT ON (scheme, area_code, year) scheme, area_code, year, is_provisional, interest
    FROM accounts_interestyear ORDER BY scheme, area_code, year, id DESC
), known AS (
    SELECT scheme, area_code, year, is_provisional, interest, closed_at IS NOT NULL AS is_closed
    FROM credited FULL JOIN accounts_closedyear USING (scheme, area_code, year)
)
SELECT scheme, area_code, coalesce(a.name, ''), year, is_provisional, interest, is_closed
FROM known LEFT JOIN registry_area a ON a.code = area_code
WHERE year IN (SELECT DISTINCT year FROM known ORDER BY year DESC LIMIT %s)
ORDER BY scheme, area_code, year
"""


@dataclass(frozen=True)
class PreviewShown:
    """A preview as its table shows it. `groups`: of which a rate is known; `without_rate`: the others.

    `posted_since`: a batch was posted, `ruled_since`: a rate or a method came or went, after it was made.
    """

    preview: InterestPreview
    groups: list
    without_rate: list
    sums: dict
    posted_since: bool
    ruled_since: bool


@dataclass(frozen=True)
class YearState:
    """One year of one scheme and area. `interest`: yuan, None where none was credited."""

    year: int
    is_provisional: bool | None
    interest: Decimal | None
    is_closed: bool


@dataclass
class Row:
    """A scheme in an area; `states` runs parallel to the years of the page, None where nothing is known of one."""

    scheme: Scheme
    area_code: str
    area_name: str
    states: list = field(default_factory=list)


@dataclass(frozen=True)
class Years:
    """The newest years of which something is known, newest first, and the schemes and areas in them."""

    years: list
    rows: list


def last_preview():
    """The PreviewShown of the last preview, or None. Four queries, one where there is none."""
    preview = InterestPreview.objects.order_by("-pk").first()
    if preview is None:
        return None
    names = dict(Area.objects.filter(pk__in={told["area_code"] for told in preview.groups}).values_list("pk", "name"))
    groups = [_readable(told, names) for told in preview.groups]
    known = [told for told in groups if "no_rate" not in told]
    return PreviewShown(
        preview,
        known,
        [told for told in groups if "no_rate" in told],
        {name: sum((told[name] for told in known), 0) for name in SUMMED},
        _posted_since(preview),
        _ruled_since(preview),
    )


def _readable(told, names):
    """A kept group with its names, its amounts as Decimal and its months as dates."""
    amounts = {name: Decimal(told[name]) for name in ("opening", "credits", "payouts", "interest") if name in told}
    missing = {"no_rate": [date.fromisoformat(f"{month}-01") for month in told["no_rate"]]} if "no_rate" in told else {}
    code = told["area_code"]
    named = {"scheme_name": Scheme(told["scheme"]).label, "area_name": names.get(code, "")}
    return told | amounts | missing | named


def _posted_since(preview):
    batches = Batch.objects.filter(pk__gt=preview.last_batch)
    if preview.scheme:
        batches = batches.filter(scheme=preview.scheme)
    if preview.area_code:
        batches = batches.filter(area_code=preview.area_code)
    return batches.exists()


def _ruled_since(preview):
    """Whether a rate or a method of one of its groups came into force or was withdrawn."""
    marks = rules_of(preview.groups, preview.year)
    return any(told.get("rules") != marks[told["scheme"], told["area_code"]] for told in preview.groups)


def last_years(shown=YEARS_SHOWN):
    """The Years: of each scheme and area the newest `shown` years. One query."""
    with connection.cursor() as cursor:
        cursor.execute(YEARS, [shown])
        found = cursor.fetchall()
    years = sorted({year for _scheme, _code, _name, year, *_state in found}, reverse=True)
    rows, states = {}, {}
    for scheme, code, name, *state in found:
        rows.setdefault((scheme, code), Row(Scheme(scheme), code, name))
        states[scheme, code, state[0]] = YearState(*state)
    for key, row in rows.items():
        row.states = [states.get((*key, year)) for year in years]
    return Years(years, list(rows.values()))
