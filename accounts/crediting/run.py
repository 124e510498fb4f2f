"""Crediting the interest of a year to all accounts, and of an incomplete year to accounts about to be closed."""

from dataclasses import dataclass, field

from django.db import connection, transaction
from django.utils import timezone

from accounts.closed_years import open_month
from accounts.models import InterestYear
from accounts.person_ranges import person_ranges
from contributions import interest_terms
from registry.months import month

from . import late, posting
from .terms import Group, NoRate, rounds_of, terms_of

CHUNK = 50_000

GROUPS = """
SELECT scheme, area_code, min(opened_month), count(*),
    array_agg(DISTINCT closed_month) FILTER (WHERE closed_month BETWEEN %(first)s AND %(last)s)
FROM accounts_account WHERE opened_month <= %(last)s
    AND (%(scheme)s::text IS NULL OR scheme = %(scheme)s) AND (%(area)s::text IS NULL OR area_code = %(area)s)
GROUP BY scheme, area_code ORDER BY scheme, area_code
"""
CLOSED = "SELECT scheme, area_code, max(year) FROM accounts_closedyear GROUP BY scheme, area_code"
CREDITED = "SELECT scheme, area_code, year FROM accounts_interestyear GROUP BY scheme, area_code, year"
LAST_KNOWN = """
SELECT DISTINCT ON (scheme, area_code) scheme, area_code, is_provisional, accounts, interest
FROM accounts_interestyear WHERE year = %s ORDER BY scheme, area_code, id DESC
"""
LISTED = """
SELECT l.scheme, l.area_code, extract(year FROM l.month)::int, array_agg(DISTINCT l.month), min(a.opened_month)
FROM interest_closing l JOIN accounts_account a USING (person_id, scheme, area_code)
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""


class EarlierYearMissing(Exception):
    """Interest of an earlier year is not credited yet; what it brings bears interest in the year asked for."""

    def __init__(self, group, year):
        self.group, self.year = group, year
        super().__init__(f"interest of {year} of {group} is not credited yet")


@dataclass
class Result:
    """What a run came to: Told by Group, and for which groups no rate is known (the NoRate).

    `stale`: later years credited already, whose opening balances the run has changed.
    """

    year: int
    told: dict = field(default_factory=dict)
    without_rate: dict = field(default_factory=dict)
    stale: list = field(default_factory=list)

    def total(self, name):
        return sum(getattr(told, name) for told in self.told.values())


def credit_year(
    year,
    *,
    scheme=None,
    area_code=None,
    is_preview=False,
    chunk=CHUNK,
    start=lambda accounts: None,
    advance=lambda accounts: None,
):
    """Credit the interest of `year` to every account (of a scheme, of an area) that is due it; return a Result.

    In chunks of persons, each in a transaction of its own: a run that was cut short is taken up by running it again,
    and a run that is repeated changes nothing. `is_preview`: reckon all the same, and keep nothing. `chunk`: accounts
    a transaction. `start(accounts)` and `advance(accounts)` tell of progress. The caller holds the writer's lock
    (registry.lock.only_writer).

    Raises EarlierYearMissing, before anything is written, naming the earliest year to be credited first.
    """
    chosen = {"first": month(year, 1), "last": month(year, 12), "scheme": scheme, "area": area_code}
    result = Result(year)
    with connection.cursor() as cursor:
        groups = _groups(cursor, chosen, result)
        _refuse_gaps(cursor, groups, year)
        rounds, booked = rounds_of(groups), _booking(cursor)
        start(sum(group.accounts for group in groups))
        result.told = {group: posting.Told(terms=terms) for group, terms in groups.items()}
        for first, until in person_ranges(cursor, [group.key for group in groups], month(year, 12), chunk):
            done = _credit_chunk(cursor, rounds, posting.of_range(first, until), booked, result.told, is_preview)
            advance(done)
        result.stale = _stale(cursor, result)
        if not is_preview:
            _keep_years(cursor, result)
    return result


def settle(cursor, accounts_select):
    """Credit accounts the interest of their incomplete year, before they are closed; return how many were credited.

    accounts_select: a SELECT of person_id, scheme, area_code, month (the last month of the account, a date of day 1);
    domain formula (劳办发〔1997〕116号; Shanghai): the opening balance earns m twelfths, what was booked in month n the
    months n to m. The year before is credited first where no run has done so yet. Where no rate is known nothing is
    credited. Must run in the transaction that closes the accounts, by the holder of the writer's lock.
    """
    cursor.execute("DROP TABLE IF EXISTS interest_closing")
    cursor.execute(f"CREATE TEMP TABLE interest_closing ON COMMIT DROP AS {accounts_select}")
    cursor.execute(LISTED)
    listed, changed, booked = cursor.fetchall(), 0, _booking(cursor)
    credited = _credited(cursor)
    for scheme, area_code, year, months, since in listed:
        for earlier in (year - 1, year):
            if earlier < since.year or (earlier < year and (scheme, area_code, earlier) in credited):
                continue
            group = Group(scheme, area_code, since, 0, tuple(months) if earlier == year else ())
            changed += _settle_year(cursor, group, earlier, booked)
    return changed


def outdated(cursor, keys, year):
    """{(scheme, area code): accounts} whose standing interest of a year is not what is due any more; posts nothing.

    Only accounts on which something was booked after that interest are looked at. keys: the (scheme, area code) asked
    about. What an account cannot bear is no such change. Must run in a transaction, by the holder of the writer's lock.
    """
    found, keys = {}, late.list_accounts(cursor, keys, year)
    chosen = {"first": month(year, 1), "last": month(year, 12), "scheme": None, "area": None}
    groups = _groups(cursor, chosen, Result(year), keys) if keys else {}
    for terms in rounds_of(groups):
        figures_of = posting.post_round(cursor, terms, posting.of_late(), lambda term: term.last, is_posting=False)
        for term, figures in figures_of:
            if figures[5]:
                found[term.group.key] = found.get(term.group.key, 0) + figures[5]
        if found:
            # The later parts of the year would start from it.
            break
    return found


def _settle_year(cursor, group, year, booked):
    try:
        rounds = rounds_of({group: terms_of(cursor, group, year)})
    except NoRate:
        return 0
    changed = 0
    for terms in rounds:
        for _term, figures in posting.post_round(cursor, terms, posting.of_list(), booked):
            changed += figures[5]
    return changed


def _groups(cursor, chosen, result, keys=None):
    """{Group: [Term]} of the groups (of these keys) whose rates are known; the others go to result.without_rate."""
    cursor.execute(GROUPS, chosen)
    groups = {}
    for scheme, area_code, since, accounts, closings in cursor.fetchall():
        if keys is not None and (scheme, area_code) not in keys:
            continue
        group = Group(scheme, area_code, since, accounts, tuple(closings or ()))
        try:
            groups[group] = terms_of(cursor, group, chosen["first"].year)
        except NoRate as missing:
            result.without_rate[group] = missing
    return groups


def _refuse_gaps(cursor, groups, year):
    """Raise EarlierYearMissing for the earliest of the years just before that could be credited and is not."""
    credited, earliest = _credited(cursor), None
    for group in groups:
        missing = None
        for earlier in range(year - 1, group.since.year - 1, -1):
            if (*group.key, earlier) in credited or not _has_rates(cursor, group, earlier):
                break
            missing = earlier
        if missing is not None and (earliest is None or missing < earliest.year):
            earliest = EarlierYearMissing(group, missing)
    if earliest:
        raise earliest


def _has_rates(cursor, group, year):
    begin = group.since.month if group.since.year == year else 1
    return all(interest_terms.month_rates(cursor, group.area_code, group.scheme, year)[begin - 1 :])


def _credited(cursor):
    cursor.execute(CREDITED)
    return set(cursor.fetchall())


def _booking(cursor):
    """A function Term -> month to book in: the last of its period, or the latest booked month after a closed year."""
    cursor.execute(CLOSED)
    closed = {(scheme, area_code): year for scheme, area_code, year in cursor.fetchall()}
    latest = {}

    def booked(term):
        year = closed.get(term.group.key)
        if year is None or term.last.year > year:
            return term.last
        if term.group.key not in latest:
            latest[term.group.key] = open_month(cursor, *term.group.key)
        return latest[term.group.key]

    return booked


def _credit_chunk(cursor, rounds, accounts, booked, told, is_preview):
    """One chunk in a transaction of its own; the number of accounts it credited or found credited."""
    # Of a year credited in parts, the part in which most accounts earned: some were opened after the first.
    earning = {}
    with transaction.atomic():
        for number, terms in enumerate(rounds):
            for term, figures in posting.post_round(cursor, terms, accounts, booked):
                told[term.group].add(number == 0, figures)
                earning[term.group] = max(figures[0], earning.get(term.group, 0))
        if is_preview:
            transaction.set_rollback(True)
    for group, count in earning.items():
        told[group].accounts += count
    return sum(earning.values())


def _stale(cursor, result):
    changed = {group.key for group, told in result.told.items() if told.changed}
    return sorted({year for *key, year in _credited(cursor) if tuple(key) in changed and year > result.year})


def _keep_years(cursor, result):
    """Note that the year is done, where that is news."""
    cursor.execute(LAST_KNOWN, [result.year])
    known = {(scheme, area_code): tuple(figures) for scheme, area_code, *figures in cursor.fetchall()}
    for group, told in result.told.items():
        is_provisional = any(term.is_provisional for term in told.terms)
        if known.get(group.key) != (is_provisional, told.accounts, told.interest):
            InterestYear.objects.create(
                scheme=group.scheme,
                area_code=group.area_code,
                year=result.year,
                is_provisional=is_provisional,
                accounts=told.accounts,
                interest=told.interest,
                credited_at=timezone.now(),
            )
