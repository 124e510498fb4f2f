"""Balances taken over from older records, and money that came with a person from another area."""

from django.utils.translation import gettext as _

from accounts.models import Takeover
from contributions.already_there import already_there
from contributions.feed import AREA, BOOKED, LINE, SCHEME
from registry.feed.columns import Money, Text, Word
from registry.feed.kinds import Kind
from registry.feed.people import Person
from registry.feed.records import reject_rows, same_names

from .limits import account_possible, takes_from
from .posting import Posting

TAKEN_OVER = {"期初": Takeover.Kind.OPENING, "转入": Takeover.Kind.TRANSFER_IN}
TAKEOVER_KEY = same_names("person_id", "booked_month", "scheme", "slip_no", "line")
TAKEOVER_CONTENT = same_names("area_code", "kind", "amount", "pooled_amount", "source_area")
TAKEOVER_ENTRIES = """
    SELECT batch_no, person_id, kind, row AS line, booked_month AS period, amount, NULL::bigint AS rule_id,
        row AS feed_row
    FROM ledger_line WHERE amount <> 0
"""
TAKEOVER_FUND = """
    SELECT s.batch_no, f.kind, f.amount
    FROM (
        SELECT batch_no, kind, sum(amount) AS amount, sum(pooled_amount) AS pooled_amount
        FROM ledger_line GROUP BY batch_no, kind
    ) s CROSS JOIN LATERAL (VALUES
        ('pooled', s.pooled_amount),
        (CASE s.kind WHEN 'opening' THEN 'taken_over' ELSE 'transfers' END, -s.amount - s.pooled_amount)
    ) f (kind, amount)
"""


def _known_takeovers(cursor, table):
    yield from already_there(cursor, table, Takeover, TAKEOVER_KEY, TAKEOVER_CONTENT, month="booked_month")


def _openings_bring_no_pooled_money(cursor, table):
    query = f"SELECT row, pooled_amount FROM {table} WHERE kind = 'opening' AND pooled_amount <> 0"
    return reject_rows(cursor, query, "pooled_amount", _("0.00: only a transfer brings money of another pooled fund"))


OPENINGS = Kind(
    "openings",
    "期初余额",
    (
        Text("业务流水号", "slip_no", max_length=40),
        LINE,
        Person(),
        SCHEME,
        AREA,
        BOOKED,
        Word("类型", "kind", words=TAKEN_OVER),
        Money("个人账户金额", "amount"),
        Money("统筹转入金额", "pooled_amount"),
        Text("来源说明", "source_area", required=False, max_length=60),
    ),
    key=tuple(TAKEOVER_KEY),
    store=Posting(Takeover, TAKEOVER_KEY | TAKEOVER_CONTENT, "t.kind", TAKEOVER_ENTRIES, TAKEOVER_FUND),
    checks=(
        _known_takeovers,
        account_possible("amount"),
        _openings_bring_no_pooled_money,
        takes_from("amount", sign="+"),
    ),
    has_control_total=True,
    amounts=("amount", "pooled_amount"),
)
