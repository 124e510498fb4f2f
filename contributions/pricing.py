"""What each new line of a contribution file is worth: its rule, what of it goes to the personal account, its faults.

Set-based, over the typed staging table of one file, or of several that are staged together (registry/feed/rows.py).
`price` fills two temporary tables, emptied at commit:

- `contribution_bundle`: one row per distinct file, area, scheme, category, month covered, slip and employer, with the
  rule and the bounds in force for that month and the number (`batch_no`) of the batch the bundle's lines belong to.
- `contribution_line`: the lines not yet stored, ordered by person, each with its bundle (where its scheme, area, months
  and employer stand), its routed amounts and its `fault` (null where there is none).

Where the money goes (docs/ledger.md): each payer's part of the personal account is `account_share` of the line, the
database twin of `contributions.rates.account_share`; the pooled fund gets the rest. For a refund the amounts are
negative and the share has their sign, so a refund of a whole month takes back to the fen what the month had brought.
"""

from dataclasses import dataclass

from contributions.models import Contribution
from registry.feed.records import same_names
from registry.feed.rows import file_of, line_of
from registry.feed.staging import ROWS_WORTH_ANALYSING

from .already_there import KNOWN, already_there, nothing_known

TABLES = """
CREATE TEMP TABLE IF NOT EXISTS contribution_bundle (
    bundle_no integer, batch_no integer, batch_kind text, area_code text, scheme text, category text, period date,
    booked_month date, batch_slip text, employer_key bigint, rule_id bigint, er_rate numeric, er_rate_ceiling numeric,
    er_factors numeric[], ind_rate numeric, er_part numeric, ind_part numeric, subsidy_part numeric,
    rounding_mode text, lower numeric, upper numeric, feed_file_id bigint, has_a_batch boolean
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS contribution_line (
    person_id bigint, row bigint, line integer, bundle_no integer, received_on date, slip_no text, kind text,
    payer_level text, base numeric, er_share numeric, ind_share numeric, subsidy numeric, late_fee numeric,
    source_area text, er_to_account numeric, ind_to_account numeric, subsidy_to_account numeric, fault text
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS contribution_suspect (row bigint) ON COMMIT DELETE ROWS;
DELETE FROM contribution_bundle;
DELETE FROM contribution_line;
DELETE FROM contribution_suspect;
"""


@dataclass(frozen=True)
class Lines:
    """How the typed table of one kind of file reads as contribution lines: SQL expressions over it, aliased t.

    `batch_slip`: the slip number where each slip has batches of its own, empty where one batch holds a month's lines.
    """

    employer_id: str = "NULL::bigint"
    category: str = "t.category"
    kind: str = "t.kind"
    payer_level: str = "''"
    base: str = "t.base"
    er_share: str = "0.00"
    ind_share: str = "t.ind_share"
    subsidy: str = "0.00"
    late_fee: str = "t.late_fee"
    source_area: str = "''"
    batch_slip: str = "''"
    batch_kind: str = "'contribution'"

    def of(self, table):
        """SELECT of the lines of `table`, with the bundle's columns."""
        return f"""
            SELECT t.row, t.person_id, t.booked_month, t.scheme, t.slip_no, t.line, t.area_code, t.period,
                {self.employer_id} AS employer_id, {self.category} AS category, {self.kind} AS kind,
                {self.payer_level} AS payer_level, {self.base} AS base, {self.er_share} AS er_share,
                {self.ind_share} AS ind_share, {self.subsidy} AS subsidy, {self.late_fee} AS late_fee, t.received_on,
                {self.source_area} AS source_area, {self.batch_slip} AS batch_slip, {self.batch_kind} AS batch_kind,
                coalesce({self.employer_id}, 0) AS employer_key, {file_of("t.row")} AS feed_file_id
            FROM {table} t
        """

    def content(self):
        """What must be the same in a line that is already stored: column -> expression."""
        same = ("employer_id", "category", "kind", "payer_level", "base", "er_share", "ind_share")
        same += ("subsidy", "late_fee", "source_area")
        return {name: getattr(self, name) for name in same} | same_names("area_code", "period", "received_on")


EMPLOYER = Lines(employer_id="t.employer_id", er_share="t.er_share", batch_slip="t.slip_no")
PERSONAL = Lines(
    source_area="coalesce(t.source_area, '')",
    batch_kind="CASE t.kind WHEN 'transferred_in' THEN 'transfer_in' ELSE 'contribution' END",
)
# A subsidy names no payer category: it is given to residents, or to people who pay the employees' scheme alone.
SUBSIDY = Lines(
    category="CASE WHEN t.scheme IN ('pension_resident', 'medical_resident') THEN 'resident' ELSE 'flexible' END",
    kind="'subsidy'",
    payer_level="t.payer_level",
    base="0.00",
    ind_share="0.00",
    subsidy="t.subsidy",
    late_fee="0.00",
    batch_kind="'subsidy'",
)

# A batch has one source, so that no bundle spans two files; the file is 0 where it is staged alone.
BUNDLE = "feed_file_id, batch_kind, area_code, scheme, category, period, booked_month, batch_slip, employer_key"
KEY = same_names("person_id", "booked_month", "scheme", "slip_no", "line")

BUNDLES = """
    WITH bundle AS MATERIALIZED (
        SELECT DISTINCT {bundle} FROM ({lines}) l
    ), classed AS MATERIALIZED (
        SELECT b.*, coalesce(e.risk_class, 0)::integer AS risk_class, row_number() OVER () AS bundle_no,
            dense_rank() OVER (
                ORDER BY b.feed_file_id, batch_kind, scheme, b.area_code, booked_month, batch_slip, employer_key
            ) AS batch_no
        FROM bundle b
        LEFT JOIN registry_employer e ON e.id = b.employer_key AND b.scheme = 'work_injury'
    ), asked AS MATERIALIZED (
        SELECT *, contribution_rule_for(area_code, scheme, category, nullif(risk_class, 0), period) AS rule_id,
            base_bound_for(area_code, scheme, period) AS bound_id
        FROM (SELECT DISTINCT area_code, scheme, category, risk_class, period FROM classed) q
    )
    INSERT INTO contribution_bundle
    SELECT c.bundle_no, c.batch_no, c.batch_kind, c.area_code, c.scheme, c.category, c.period, c.booked_month,
        c.batch_slip, c.employer_key, CASE WHEN c.batch_kind <> 'transfer_in' THEN a.rule_id END, r.er_rate,
        r.er_rate_ceiling, r.er_factors, r.ind_rate, r.er_to_account, r.ind_to_account, r.subsidy_to_account,
        r.rounding_mode, bound.lower, bound.upper, c.feed_file_id, false
    FROM classed c JOIN asked a USING (area_code, scheme, category, risk_class, period)
    LEFT JOIN contributions_contributionrule r ON r.id = a.rule_id
    LEFT JOIN contributions_basebound bound ON bound.id = a.bound_id
"""

ER_DUE = "round_money(contribution_base(base, rounding_mode) * er_rate, rounding_mode)"
IND_DUE = "round_money(contribution_base(base, rounding_mode) * ind_rate, rounding_mode)"
ER_CEILING = "round_money(contribution_base(base, rounding_mode) * er_rate_ceiling, rounding_mode)"
# An employer's work-injury rate floats by its own record: any of the factors that the rule names is right.
ER_FITS_A_FACTOR = """EXISTS (
    SELECT FROM unnest(er_factors) factor
    WHERE er_share = round_money(contribution_base(base, rounding_mode) * er_rate * factor, rounding_mode)
)"""

# The first fault of a line, as the key of feed.py's sentence; the part after the colon is the staging column.
FAULT = f"""CASE
    WHEN kind = 'transferred_in' THEN CASE
        WHEN ind_share <> 0 THEN 'no_money:ind_share'
        WHEN late_fee <> 0 THEN 'no_money:late_fee'
        WHEN source_area = '' THEN 'where_from:source_area' END
    WHEN b.rule_id IS NULL THEN 'no_rule:period'
    WHEN kind = 'refund' THEN CASE
        WHEN er_share > 0 THEN 'not_positive:er_share'
        WHEN ind_share > 0 THEN 'not_positive:ind_share'
        WHEN late_fee > 0 THEN 'not_positive:late_fee' END
    WHEN base < 0 THEN 'not_negative:base'
    WHEN er_share < 0 THEN 'not_negative:er_share'
    WHEN ind_share < 0 THEN 'not_negative:ind_share'
    WHEN late_fee < 0 THEN 'not_negative:late_fee'
    WHEN kind = 'subsidy' THEN CASE WHEN subsidy <= 0 THEN 'above_zero:subsidy' END
    WHEN kind = 'normal' THEN CASE
        WHEN base < lower OR base > upper THEN 'bounds:base'
        WHEN er_share <> {ER_DUE} AND (er_factors IS NULL OR NOT {ER_FITS_A_FACTOR}) THEN 'due:er_share'
        WHEN er_share > {ER_CEILING} THEN 'ceiling:er_share'
        WHEN ind_share <> {IND_DUE} THEN 'due:ind_share' END
END"""

PRICE = f"""
    INSERT INTO contribution_line
    SELECT person_id, row, line, b.bundle_no, received_on, slip_no, kind, payer_level, base, er_share, ind_share,
        subsidy, late_fee, source_area,
        coalesce(account_share(base, er_share, er_rate, er_part, rounding_mode), 0),
        coalesce(account_share(base, ind_share, ind_rate, ind_part, rounding_mode), 0),
        coalesce(account_share(subsidy, subsidy, 1, subsidy_part, rounding_mode), 0),
        {FAULT}
    FROM ({{lines}}) l JOIN contribution_bundle b USING ({BUNDLE})
    WHERE row NOT IN (SELECT row FROM {KNOWN})
    ORDER BY person_id, bundle_no
"""

RECORD = f"""
    INSERT INTO contributions_contribution (person_id, booked_month, scheme, slip_no, line, area_code, period,
        employer_id, category, kind, payer_level, base, er_share, ind_share, subsidy, late_fee, to_account, received_on,
        source_area, rule_id, batch_id, feed_file_id, feed_row)
    SELECT l.person_id, b.booked_month, b.scheme, l.slip_no, l.line, b.area_code, b.period, nullif(b.employer_key, 0),
        b.category, l.kind, l.payer_level, l.base, l.er_share, l.ind_share, l.subsidy, l.late_fee,
        l.er_to_account + l.ind_to_account + l.subsidy_to_account, l.received_on, l.source_area, b.rule_id, b.batch_id,
        coalesce(%s::bigint, b.feed_file_id), {line_of("l.row")}
    FROM contribution_line l
    JOIN (SELECT * FROM contribution_bundle JOIN (SELECT batch_no, batch_id FROM {{batches}}) p USING (batch_no)) b
    USING (bundle_no)
"""


# A line can only be stored already if its slip (or its month, where slips share a batch) has a batch. Looking at the
# batches first spares a new file the search for each of its lines: an eighth of posting.
# What is found stands in tables: of so many equal columns the planner expects a single row, and would go through all
# lines once for each of them.
HAVE_A_BATCH = """
    UPDATE contribution_bundle b SET has_a_batch = true WHERE EXISTS (
        SELECT FROM {batches} p WHERE p.kind = b.batch_kind AND p.scheme = b.scheme AND p.area_code = b.area_code
            AND p.booked_month = b.booked_month AND p.slip_no = b.batch_slip
    )
"""
SUSPECTS = f"""
    INSERT INTO contribution_suspect
    SELECT row FROM ({{lines}}) l JOIN contribution_bundle b USING ({BUNDLE}) WHERE b.has_a_batch
"""
DROP_EMPTY_BUNDLES = f"""
    DELETE FROM contribution_bundle WHERE EXISTS (SELECT FROM {KNOWN})
        AND bundle_no NOT IN (SELECT bundle_no FROM contribution_line)
"""


def price(cursor, table, lines, batches):
    """Price the new lines of the typed `table` (read as `lines`); yield a Reject for each stored one that differs.

    batches: a table with kind, scheme, area_code, booked_month and slip_no of every batch posted so far.
    """
    cursor.execute(TABLES)
    nothing_known(cursor)
    all_lines = lines.of(table)
    cursor.execute(BUNDLES.format(bundle=BUNDLE, lines=all_lines))
    if cursor.rowcount >= ROWS_WORTH_ANALYSING:
        cursor.execute("ANALYZE contribution_bundle")
    cursor.execute(HAVE_A_BATCH.format(batches=batches))
    if cursor.rowcount:
        cursor.execute(SUSPECTS.format(lines=all_lines))
        suspects = f"(SELECT t.* FROM {table} t JOIN contribution_suspect USING (row))"
        yield from already_there(cursor, suspects, Contribution, KEY, lines.content(), month="booked_month")
    cursor.execute(PRICE.format(lines=all_lines))
    cursor.execute(DROP_EMPTY_BUNDLES)


def record(cursor, batches, feed_file_id):
    """Store the priced lines; `batches` is a table that gives each `batch_no` its batch_id. Return their number.

    `feed_file_id`: the file; None where several are staged together, whose rows say it.
    """
    cursor.execute(RECORD.format(batches=batches), [feed_file_id])
    return cursor.rowcount
