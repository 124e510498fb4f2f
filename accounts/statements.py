"""Issuing the yearly statements: a snapshot of each account, and the year is closed (docs/interest.md).

First the year is closed for the scheme and area, so that nothing is booked into it any more; then the statements are
written in chunks of persons. A run that was cut short is taken up by running it again: what is issued stays as it is.
"""

from dataclasses import dataclass, field

from django.db import connection, transaction
from django.utils import timezone

from accounts import crediting
from accounts.crediting.due import IS_INTEREST, PAYOUT_KINDS, listed
from accounts.models import ClosedYear, Statement
from accounts.person_ranges import person_ranges
from contributions import interest_terms
from contributions.already_there import TUNING
from inquiries import notices
from registry.months import month

CHUNK = 50_000

GROUPS = """
SELECT scheme, area_code, min(opened_month) FROM accounts_account WHERE opened_month <= %(last)s
    AND (%(scheme)s::text IS NULL OR scheme = %(scheme)s) AND (%(area)s::text IS NULL OR area_code = %(area)s)
GROUP BY scheme, area_code ORDER BY scheme, area_code
"""
CLOSED = "SELECT scheme, area_code, min(year), max(year) FROM accounts_closedyear GROUP BY scheme, area_code"
STATED = """
SELECT DISTINCT person_id FROM accounts_statement
WHERE person_id >= %(from)s AND person_id < %(until)s AND period = %(last)s
"""
CREDITED = "SELECT DISTINCT scheme, area_code FROM accounts_interestyear WHERE year = %s"

# What was booked in the year, summed by kind; what was booked later tells the balance at its end.
ISSUE = f"""
WITH account AS MATERIALIZED (
    SELECT person_id, scheme, area_code, balance, closed_month FROM accounts_account a
    WHERE person_id >= %(from)s AND person_id < %(until)s AND opened_month <= %(last)s
        AND (scheme, area_code) IN (SELECT * FROM unnest(%(schemes)s::text[], %(areas)s::text[]))
        AND NOT EXISTS (
            SELECT FROM accounts_statement s WHERE s.person_id = a.person_id AND s.period = %(last)s
                AND s.scheme = a.scheme AND s.area_code = a.area_code)
), moved AS (
    SELECT person_id, scheme, area_code, e.kind, e.amount, e.booked_month, e.period, {IS_INTEREST} AS is_interest
    FROM account JOIN (
        SELECT * FROM accounts_entry
        WHERE booked_month >= %(first)s AND person_id >= %(from)s AND person_id < %(until)s
    ) e USING (person_id, scheme, area_code)
), later AS (
    SELECT person_id, scheme, area_code, sum(amount) AS amount
    FROM moved WHERE booked_month > %(last)s GROUP BY 1, 2, 3
), kept AS (
    SELECT person_id, scheme, area_code,
        CASE WHEN is_interest THEN CASE WHEN period >= %(first)s THEN 'interest' ELSE 'earlier_interest' END
            WHEN kind IN ({listed(PAYOUT_KINDS)}) THEN 'paid_out' ELSE kind END AS kind,
        CASE WHEN kind IN ('contrib_ind', 'contrib_emp') THEN period END AS covered, sum(amount) AS amount
    FROM moved WHERE booked_month <= %(last)s GROUP BY 1, 2, 3, 4, 5
), year AS (
    SELECT person_id, scheme, area_code, sum(amount) AS amount,
        coalesce(sum(amount) FILTER (WHERE kind = 'contrib_ind'), 0) AS own,
        coalesce(sum(amount) FILTER (WHERE kind = 'contrib_emp'), 0) AS employer,
        coalesce(sum(amount) FILTER (WHERE kind = 'subsidy'), 0) AS subsidy,
        coalesce(sum(amount) FILTER (WHERE kind = 'pool_allocation'), 0) AS pool_allocation,
        coalesce(sum(amount) FILTER (WHERE kind = 'transfer_in'), 0) AS transferred_in,
        coalesce(sum(amount) FILTER (WHERE kind = 'opening'), 0) AS taken_over,
        coalesce(sum(amount) FILTER (WHERE kind IN ('manual', 'reversal')), 0) AS corrected,
        coalesce(sum(amount) FILTER (WHERE kind = 'interest'), 0) AS interest,
        coalesce(sum(amount) FILTER (WHERE kind = 'earlier_interest'), 0) AS earlier_interest,
        coalesce(-sum(amount) FILTER (WHERE kind = 'paid_out'), 0) AS paid_out,
        count(DISTINCT covered) FILTER (WHERE amount > 0) AS months
    FROM kept GROUP BY 1, 2, 3
)
INSERT INTO accounts_statement (person_id, period, scheme, area_code, opening, own, employer, subsidy, pool_allocation,
    transferred_in, taken_over, corrected, interest, earlier_interest, paid_out, closing, months)
SELECT person_id, %(last)s, scheme, area_code, a.balance - coalesce(l.amount, 0) - coalesce(y.amount, 0),
    coalesce(own, 0), coalesce(employer, 0), coalesce(subsidy, 0), coalesce(pool_allocation, 0),
    coalesce(transferred_in, 0), coalesce(taken_over, 0), coalesce(corrected, 0), coalesce(interest, 0),
    coalesce(earlier_interest, 0), coalesce(paid_out, 0), a.balance - coalesce(l.amount, 0), coalesce(months, 0)
FROM account a LEFT JOIN later l USING (person_id, scheme, area_code)
LEFT JOIN year y USING (person_id, scheme, area_code)
-- An account closed in an earlier year and untouched since has nothing to state.
WHERE a.closed_month IS NULL OR a.closed_month >= %(first)s OR y.amount IS NOT NULL
    OR a.balance <> coalesce(l.amount, 0)
ORDER BY person_id
"""


class CannotClose(Exception):
    """The year cannot be closed for a scheme and area; the message says why and what to do."""


@dataclass
class Result:
    """Number of statements issued now and of people told in their inbox, and the (scheme, area) closed by the run."""

    year: int
    issued: int = 0
    told: int = 0
    closed: list = field(default_factory=list)
    groups: int = 0


def issue(year, *, scheme=None, area_code=None, chunk=CHUNK, start=lambda chunks: None, advance=lambda chunks: None):
    """Issue the statements of `year` and close it, for every scheme and area with accounts; return a Result.

    `chunk`: accounts a statement of SQL. `start(chunks)` and `advance(chunks)` tell of progress. The caller holds the
    writer's lock (registry.lock.only_writer). Raises CannotClose, before anything is written, where interest of the
    year is not credited though a rate is known, or no longer is what the entries come to, or an earlier year is still
    open after closed ones.
    """
    chosen = {"first": month(year, 1), "last": month(year, 12), "scheme": scheme, "area": area_code}
    result = Result(year)
    with connection.cursor() as cursor:
        cursor.execute(GROUPS, chosen)
        found = cursor.fetchall()
        _refuse(cursor, found, year)
        _refuse_outdated_interest(cursor, [row[:2] for row in found], year)
        chosen |= {"schemes": [row[0] for row in found], "areas": [row[1] for row in found]}
        result.groups = len(found)
        with transaction.atomic():
            # All or nothing: a closed year without all of its statements would be no year one can rely on.
            result.closed = _close(found, year)
            cursor.execute(f"{TUNING} SET LOCAL plan_cache_mode = force_custom_plan")
            ranges = person_ranges(cursor, [row[:2] for row in found], chosen["last"], chunk)
            start(len(ranges))
            for first, until in ranges:
                cursor.execute(ISSUE, chosen | {"from": first, "until": until})
                result.issued += cursor.rowcount
                if year >= timezone.localdate().year - 1:
                    result.told += _tell(cursor, chosen["last"], first, until)
                advance(1)
    return result


def _tell(cursor, last_month, first, until):
    """Put the notice in the inbox of everybody in the range; statements of longer ago, issued late, are no news."""
    cursor.execute(STATED, {"last": last_month, "from": first, "until": until})
    people = [person for (person,) in cursor.fetchall()]
    return notices.tell_insured(people, notices.Kind.STATEMENT_ISSUED, year=last_month.year)


def _refuse(cursor, groups, year):
    cursor.execute(CREDITED, [year])
    credited = set(cursor.fetchall())
    cursor.execute(CLOSED)
    closed = {(scheme, area): years for scheme, area, *years in cursor.fetchall()}
    for scheme, area_code, since in groups:
        name, years = f"{scheme} in {area_code}", closed.get((scheme, area_code))
        if years and not years[0] <= year <= years[1] + 1:
            wanted = years[1] + 1
            raise CannotClose(f"{years[1]} of {name} is the last closed year: the next one is {wanted}, not {year}.")
        if (scheme, area_code) not in credited:
            begin = since.month if since.year == year else 1
            if all(interest_terms.month_rates(cursor, area_code, scheme, year)[begin - 1 :]):
                raise CannotClose(f"Interest of {year} of {name} is not credited yet: credit_interest --year {year}.")


def _refuse_outdated_interest(cursor, keys, year):
    """What was booked after the interest of a year that is about to be closed has to be credited first."""
    closed = set(ClosedYear.objects.filter(year=year).values_list("scheme", "area_code"))
    with transaction.atomic():
        cursor.execute(f"{TUNING} SET LOCAL plan_cache_mode = force_custom_plan")
        found = crediting.outdated(cursor, [key for key in keys if key not in closed], year)
    for (scheme, area_code), accounts in sorted(found.items()):
        raise CannotClose(
            f"Something was booked after the interest of {year} of {scheme} in {area_code} was credited, which is "
            f"another one now for {accounts} accounts: credit_interest --year {year}."
        )


def _close(groups, year):
    """Close the year where it is open: from here on nothing is booked into it. All at once."""
    open_groups = [ClosedYear(scheme=s, area_code=a, year=year, closed_at=timezone.now()) for s, a, _since in groups]
    done = set(ClosedYear.objects.filter(year=year).values_list("scheme", "area_code"))
    new = [row for row in open_groups if (row.scheme, row.area_code) not in done]
    ClosedYear.objects.bulk_create(new)
    return [(row.scheme, row.area_code) for row in new]


def of_person(person, insurance_schemes):
    """The statements of a person in some schemes, latest year first."""
    found = Statement.objects.filter(person_id__in=person.record_ids, scheme__in=insurance_schemes)
    return found.order_by("-period", "scheme", "area_code")
