"""The progress of moves between areas (转移接续). Nothing is posted: the money comes with openings and movements."""

from django.utils.translation import gettext as _

from accounts.models import Direction, TransferEvent, TransferState
from accounts.models.transfers import RANKS
from contributions.already_there import KNOWN, already_there, known
from contributions.feed import AGENCY, AREA, SCHEME, agency_keeps_the_records, record_keeper
from registry.feed.columns import Day, Money, Text, Word
from registry.feed.kinds import Kind, Reject, Stored
from registry.feed.people import Person
from registry.feed.records import reject_rows, same_names
from registry.feed.rejects import MOST

DIRECTIONS = {"转入": Direction.IN, "转出": Direction.OUT}
STATES = {
    "已申请": TransferState.APPLIED,
    "已受理": TransferState.ACCEPTED,
    "转出地已发信息表": TransferState.INFO_SENT,
    "资金已划转": TransferState.MONEY_SENT,
    "已办结": TransferState.MERGED,
    "不予办理": TransferState.REJECTED,
}
TRANSFER = ("person_id", "scheme", "area_code", "direction", "application_no")
KEY = same_names(*TRANSFER, "state")
CONTENT = same_names("other_area", "reached_on", "account_amount", "pooled_amount", "reason")
RANK = "CASE state " + " ".join(f"WHEN '{state}' THEN {rank}" for state, rank in RANKS.items()) + " END"

# Every step known of the transfers that a file names, with the file's new ones (those have a row).
STEPS = f"""
    SELECT NULL AS row, {", ".join(TRANSFER)}, state, reached_on, {RANK} AS rank FROM accounts_transferevent
    WHERE ({", ".join(TRANSFER)}) IN (SELECT {", ".join(TRANSFER)} FROM {{table}})
    UNION ALL
    SELECT row, {", ".join(TRANSFER)}, state, reached_on, {RANK} FROM {{table}}
    WHERE row NOT IN (SELECT row FROM {KNOWN})
"""
# A step beside or behind one that is known already, or with an earlier day than the step before it.
BACKWARDS = f"""
    WITH step AS ({STEPS})
    SELECT DISTINCT ON (new.row) new.row, new.state, other.state, new.reached_on, other.reached_on,
        new.rank <= other.rank
    FROM step new JOIN step other USING ({", ".join(TRANSFER)})
    WHERE new.row IS NOT NULL AND new.state <> other.state AND (
        other.row IS NULL AND new.rank <= other.rank
        OR other.row IS NOT NULL AND new.rank = other.rank AND new.row > other.row
        OR new.rank > other.rank AND new.reached_on < other.reached_on
    ) ORDER BY new.row, other.rank DESC LIMIT {MOST + 1}
"""
REGISTER = f"""
    INSERT INTO accounts_transfer AS o ({", ".join(TRANSFER)}, other_area, state, state_since, account_amount,
        pooled_amount, reason)
    SELECT DISTINCT ON ({", ".join(TRANSFER)}) {", ".join(TRANSFER)}, other_area, state, reached_on, account_amount,
        pooled_amount, reason
    FROM {{table}} WHERE row NOT IN (SELECT row FROM {KNOWN})
    ORDER BY {", ".join(TRANSFER)}, {RANK} DESC
    ON CONFLICT ({", ".join(TRANSFER)}) DO UPDATE SET other_area = EXCLUDED.other_area, state = EXCLUDED.state,
        state_since = EXCLUDED.state_since, account_amount = EXCLUDED.account_amount,
        pooled_amount = EXCLUDED.pooled_amount, reason = EXCLUDED.reason
"""


def _known_steps(cursor, table):
    yield from already_there(cursor, table, TransferEvent, KEY, CONTENT)


def _nothing_of_these_moves(cursor, table):
    query = f"SELECT row, {SCHEME.as_written} FROM {table} t WHERE scheme IN ('work_injury', 'maternity')"
    expected = _("pension, medical or unemployment insurance: of work injury and maternity nothing moves")
    yield from reject_rows(cursor, query, "scheme", expected)


def _only_forward(cursor, table):
    cursor.execute(BACKWARDS.format(table=table))
    word = {state.value: word for word, state in STATES.items()}
    for row, state, other, day, other_day, is_behind in cursor.fetchall():
        if is_behind:
            sentence = _("a state after %(state)s, which it has reached already") % {"state": word[other]}
            yield Reject(row, "state", word[state], sentence)
        else:
            sentence = _("a day not before %(day)s, when it was %(state)s") % {"day": other_day, "state": word[other]}
            yield Reject(row, "reached_on", str(day), sentence)


def _refusals_are_explained(cursor, table):
    query = f"SELECT row, reason FROM {table} WHERE state = 'rejected' AND reason = ''"
    yield from reject_rows(cursor, query, "reason", _("the reason of the refusal"))


def _store_steps(cursor, table, feed_file_id):
    columns = KEY | CONTENT
    cursor.execute(
        f"INSERT INTO accounts_transferevent ({', '.join(columns)}, feed_file_id, feed_row) "
        f"SELECT {', '.join(columns.values())}, %s, t.row FROM {table} t WHERE t.row NOT IN (SELECT row FROM {KNOWN})",
        [feed_file_id],
    )
    added = cursor.rowcount
    cursor.execute(REGISTER.format(table=table))
    return Stored(added, known(cursor))


TRANSFERS = Kind(
    "transfers",
    "转移接续",
    (
        Text("申请编号", "application_no", max_length=40),
        AGENCY,
        Person(),
        SCHEME,
        AREA,
        Word("转移方向", "direction", words=DIRECTIONS),
        Text("对方统筹区", "other_area", max_length=60),
        Word("办理状态", "state", words=STATES),
        Day("办理日期", "reached_on"),
        Money("个人账户金额", "account_amount"),
        Money("统筹基金金额", "pooled_amount"),
        Text("原因", "reason", required=False, max_length=200),
    ),
    key=tuple(KEY),
    store=_store_steps,
    checks=(
        agency_keeps_the_records(record_keeper),
        _known_steps,
        _nothing_of_these_moves,
        _only_forward,
        _refusals_are_explained,
    ),
    source="transfers",
)
