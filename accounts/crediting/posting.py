"""One crediting period of many accounts: reckon what is due, compare with what stands, post the difference.

What stands and is right is left alone, so a run does no harm twice. What stands and is wrong (the rate was published
meanwhile, a file came late) is reversed and credited anew: provisional and final interest are one rule.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from accounts import books
from contributions.already_there import TUNING
from contributions.rates import RoundingMode
from registry.feed.staging import ROWS_WORTH_ANALYSING
from registry.months import month

from . import due

NOTHING = Decimal("0.00")

ADD_TERM = f"INSERT INTO interest_term VALUES ({', '.join(['%s'] * 23)})"
ADD_WEIGHT = "INSERT INTO interest_weight VALUES (%s, %s, %s, %s, %s)"

# The n-th interest batch of this period: no person stands in its name. Compared letter by letter, as the index for
# LIKE is.
NUMBER_SOURCES = """
UPDATE interest_term t SET source_ref = t.source_ref || (
    SELECT count(*) + 1 FROM accounts_batch b
    WHERE b.source_ref ~>=~ t.source_ref AND b.source_ref ~<~ (t.source_ref || '~')
) WHERE term_no IN (SELECT term_no FROM interest_change WHERE is_bearable)
"""
UNDONE = """
INSERT INTO interest_undone
SELECT s.term_no, s.person_id, row_number() OVER (PARTITION BY s.term_no, s.person_id ORDER BY s.period, k.kind),
    s.booked_month, t.scheme, t.area_code, k.kind, s.batch_id, 1, s.period, k.amount
FROM interest_standing s JOIN interest_change c USING (term_no, person_id) JOIN interest_term t USING (term_no)
CROSS JOIN LATERAL (VALUES ('interest_opening', s.on_opening), ('interest_current', s.on_credits),
    ('interest_payout_adj', -s.removed)) k (kind, amount)
WHERE c.is_bearable AND NOT s.is_right AND k.amount <> 0
"""
BATCHES = """
    SELECT term_no AS batch_no, 'interest' AS kind, scheme, area_code, booked_month, NULL::bigint AS employer_id,
        '' AS slip_no, source_ref
    FROM interest_term WHERE term_no IN (SELECT term_no FROM interest_change WHERE is_bearable)
"""
ENTRIES = """
    SELECT d.term_no AS batch_no, d.person_id, k.kind, 1 AS line, t.last AS period, k.amount, NULL::bigint AS rule_id,
        NULL::integer AS feed_row
    FROM interest_due d JOIN interest_change c USING (term_no, person_id) JOIN interest_term t USING (term_no)
    CROSS JOIN LATERAL (VALUES ('interest_opening', d.on_opening), ('interest_current', d.on_credits),
        ('interest_payout_adj', -d.removed)) k (kind, amount)
    WHERE c.is_bearable AND k.amount <> 0
    UNION ALL
    SELECT batch_no, person_id, 'reversal', by_line, period, -amount, NULL, NULL FROM interest_undone
"""
FUND = """
    SELECT batch_no, 'interest' AS kind, -sum(amount) AS amount FROM (
        SELECT term_no AS batch_no, sum(on_opening + on_credits - removed) AS amount
        FROM interest_due JOIN interest_change USING (term_no, person_id) WHERE is_bearable GROUP BY term_no
        UNION ALL
        SELECT batch_no, -sum(amount) FROM interest_undone GROUP BY batch_no
    ) side GROUP BY batch_no
"""
REVERSED = """
    SELECT batch_no, by_line, person_id, booked_month, scheme, area_code, kind, batch_id, line FROM interest_undone
"""
KEEP_TERMS = f"""
INSERT INTO accounts_interestterms (batch_id, scheme, area_code, first_month, period, current_rates, prior_rates,
    is_split, method, payout_method, yearly_factor, rounding_mode, is_provisional, is_closing, rate_ids, method_id)
SELECT b.batch_id, t.scheme, t.area_code, t.first, t.last, t.current_rates, t.prior_rates, t.is_split, t.method,
    t.payout_method, t.yearly_factor, t.rounding_mode, t.is_provisional, t.closing IS NOT NULL, t.rate_ids, t.method_id
FROM interest_term t JOIN {books.POSTED} b ON b.batch_no = t.term_no
"""
# What stood for another month than the due one (an account closed or opened again) now stands at nothing.
KEEP_CREDITS = f"""
INSERT INTO accounts_interestcredit (person_id, period, scheme, area_code, batch_id, booked_month, opening, carried,
    credits, credit_product, payouts, payout_product, on_opening, on_credits, removed)
SELECT d.person_id, t.last, t.scheme, t.area_code, b.batch_id, t.booked_month, d.opening, d.carried, d.credits,
    d.credit_product, d.payouts, d.payout_product, d.on_opening, d.on_credits, d.removed
FROM interest_due d JOIN interest_change c USING (term_no, person_id) JOIN interest_term t USING (term_no)
JOIN {books.POSTED} b ON b.batch_no = t.term_no WHERE c.is_bearable
UNION ALL
SELECT s.person_id, s.period, t.scheme, t.area_code, b.batch_id, t.booked_month, 0, 0, 0, 0, 0, 0, 0, 0, 0
FROM interest_standing s JOIN interest_change c USING (term_no, person_id) JOIN interest_term t USING (term_no)
JOIN {books.POSTED} b ON b.batch_no = t.term_no WHERE c.is_bearable AND s.period <> t.last
ORDER BY 1
"""
HAS_CHANGES = "SELECT EXISTS (SELECT FROM interest_change WHERE is_bearable)"


@dataclass
class Told:
    """What a run came to for one scheme and area; yuan.

    `changed`: credits that are new or put right, of which an account may have several in a year; `unbearable`: those
    that the account could not bear.
    """

    accounts: int = 0
    opening: Decimal = NOTHING
    credits: Decimal = NOTHING
    payouts: Decimal = NOTHING
    interest: Decimal = NOTHING
    changed: int = 0
    unbearable: int = 0
    terms: list = field(default_factory=list)

    def add(self, is_first, figures):
        """One part of a year; the opening is that of the first part. Accounts are counted by `run`, over all parts."""
        _accounts, opening, credits, payouts, interest, changed, unbearable = figures
        if is_first:
            self.opening += opening
        self.credits += credits
        self.payouts += payouts
        self.interest += interest
        self.changed += changed
        self.unbearable += unbearable


@dataclass(frozen=True)
class Accounts:
    """Which accounts a posting looks at: the SQL for them and their persons, with its parameters."""

    sql: str
    persons: str
    parameters: dict


def of_range(first, until):
    """The accounts of the persons with these ids, half-open."""
    return Accounts(due.OF_RANGE, due.PERSONS_OF_RANGE, {"from": first, "until": until})


def of_list():
    """The accounts that the temporary table interest_closing lists, before they are closed."""
    return Accounts(due.OF_LIST, due.PERSONS_OF_LIST, {})


def of_late():
    """The accounts that the temporary table interest_late lists."""
    return Accounts(due.OF_LATE, due.PERSONS_OF_LATE, {})


def post_round(cursor, terms, accounts, booked, *, is_posting=True):
    """Credit one crediting period of each of the `terms` to the `accounts`; [(Term, figures)] of what it came to.

    booked: function Term -> the month to book in. Not `is_posting`: reckon and compare alone. Must run in a
    transaction, after every earlier period of the year.
    """
    cursor.execute(f"{TUNING} SET LOCAL plan_cache_mode = force_custom_plan; {due.TABLES} {due.CLEAR}")
    numbered = list(enumerate(terms, 1))
    cursor.executemany(ADD_TERM, [_term_row(number, term, booked(term)) for number, term in numbered])
    cursor.executemany(ADD_WEIGHT, [(number, *weight) for number, term in numbered for weight in term.weights])
    year = terms[0].first.year
    values = accounts.parameters | {"year_start": month(year, 1), "year_end": month(year, 12)}
    drops_fractions = any(term.method.rounding_mode == RoundingMode.YUAN_BASE_FLOOR for term in terms)
    flow = (due.BY_MONTH if drops_fractions else due.BY_ENTRY).format(flow=due.FLOW.format(of_persons=accounts.persons))
    cursor.execute(due.ACCOUNTS.format(accounts=accounts.sql), values)
    if cursor.rowcount >= ROWS_WORTH_ANALYSING:
        cursor.execute("ANALYZE interest_account, interest_term, interest_weight")
    cursor.execute(due.DUE.format(flow=flow), values)
    if cursor.rowcount >= ROWS_WORTH_ANALYSING:
        cursor.execute("ANALYZE interest_due")
    cursor.execute(due.STANDING.format(of_persons=accounts.persons), values)
    if cursor.rowcount >= ROWS_WORTH_ANALYSING:
        cursor.execute("ANALYZE interest_standing")
    cursor.execute(due.CHANGES)
    cursor.execute(HAS_CHANGES)
    if cursor.fetchone()[0] and is_posting:
        _post(cursor)
    cursor.execute(due.TOLD)
    return [(terms[number - 1], figures) for number, *figures in cursor.fetchall()]


def _term_row(number, term, booked_month):
    group, method, (on_prior, on_current) = term.group, term.method, term.opening_weights
    closed = "closed/" if term.closing else ""
    return [
        *(number, group.scheme, group.area_code, month(term.first.year, 1), term.first, term.last, term.whole_last),
        *(term.closing, booked_month, f"interest/{group.area_code}/{group.scheme}/{term.last:%Y%m}/{closed}"),
        *(term.is_split, on_prior, on_current, term.one_rate, term.current_rates, term.prior_rates),
        *(method.method, method.payout_method, method.yearly_factor, method.rounding_mode),
        *(term.is_provisional, term.rule_ids, method.pk),
    ]


def _post(cursor):
    cursor.execute(NUMBER_SOURCES)
    cursor.execute(UNDONE)
    has_undone = cursor.rowcount > 0
    books.post(cursor, BATCHES, ENTRIES, FUND, undone=REVERSED if has_undone else None)
    cursor.execute(KEEP_TERMS)
    cursor.execute(KEEP_CREDITS)
