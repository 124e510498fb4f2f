"""From rows to the typed staging table: COPY, then checks over whole tables.

Two temporary tables per kind, emptied at commit: `feed_raw_<kind>` holds the cells as text, `feed_typed_<kind>` what
they mean. Identity numbers are in neither.
"""

import re
from copy import copy
from decimal import Decimal
from itertools import islice
from operator import itemgetter

from django.utils.translation import gettext as _

from .cells import CellError, escaped
from .kinds import Reject
from .rejects import MOST, FileRefused
from .rows import file_of

CONTROL_WORD, LINE_TITLE = "合计", "行号"
PLACE_TITLES = ("机构编码", "区划代码")
PLAIN_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,2})?")
BUFFERED_ROWS = 500
# Below this the planner's guess of a temporary table is good enough, and ANALYZE costs more than it gains.
ROWS_WORTH_ANALYSING = 5_000


def create_tables(cursor, kind, *, may_hold_rows=True):
    """Make the kind's two temporary tables unless this session has them; they are empty afterwards.

    Commit empties them; only inside an outer transaction (`may_hold_rows`) can a file before have left something.
    """
    cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f"pg_temp.{kind.typed_table}"])
    if cursor.fetchone()[0]:
        if may_hold_rows:
            cursor.execute(f"TRUNCATE {kind.raw_table}, {kind.typed_table}")
        return
    raw = ", ".join(f"{name} {sql_type}" for column in kind.columns for name, sql_type in column.raw.items())
    typed = ", ".join(
        f"{name} {sql_type}" for column in kind.columns for name, (sql_type, _sql) in column.typed.items()
    )
    cursor.execute(
        f"CREATE TEMP TABLE {kind.raw_table} (row bigint, {raw}) ON COMMIT DELETE ROWS; "
        f"CREATE TEMP TABLE {kind.typed_table} (row bigint, {typed}) ON COMMIT DELETE ROWS"
    )


class Loading:
    """One file on its way into the raw table.

    Afterwards `lines` (data lines read), `control` (the control row, title -> cell) and `places` (the agency and area
    codes that the lines name, right or wrong) are known, and what is wrong with single rows stands in `rejects`.
    """

    def __init__(self, kind, header, rejects):
        self.kind, self.header, self.rejects = kind, header, rejects
        self.lines, self.control, self.places, self._first_row = 0, None, set(), 0
        self._pick_place = _place_picker(header) if kind.speaks_for_sources else None
        columns = [column for column in kind.columns if column.titles[0] in header]
        self._plain = [column for column in columns if column.prepare is None]
        self._pick_plain = _picker(header, [column.title for column in self._plain])
        self._row_pattern = re.compile("\t".join(_cell_pattern(column) for column in self._plain))
        prepared = [column for column in columns if column.prepare is not None]
        self._prepared = [(column.prepare, _picker(header, column.titles + column.needs)) for column in prepared]
        names = [column.name for column in self._plain] + [name for column in prepared for name in column.raw]
        self.copy_sql = f"COPY {kind.raw_table} (row, {', '.join(names)}) FROM STDIN (NULL '')"

    @property
    def numeric_titles(self):
        """Headers under which a workbook's number cell is accepted."""
        return frozenset(column.title for column in self.kind.columns if column.is_numeric)

    def of_another(self, rejects, first_row):
        """The Loading of one more file with the same header; its rows are numbered from `first_row` on (rows.py)."""
        other = copy(self)
        other.rejects, other._first_row = rejects, first_row
        other.lines, other.control, other.places = 0, None, set()
        return other

    def copy(self, cursor, lines):
        """Stream lines of COPY, of this file or of several with its header, into the raw table."""
        with cursor.db.wrap_database_errors, cursor.copy(self.copy_sql) as copying:
            while buffered := list(islice(lines, BUFFERED_ROWS)):
                copying.write("".join(buffered))

    def copy_lines(self, rows):
        """COPY's lines for the rows that are right; damage further down ends the rows, not the checks of these."""
        try:
            for row in rows:
                if isinstance(row, Reject):
                    self.lines += 1
                    self.rejects.add(row)
                elif line := self._line(*row):
                    yield line
                    continue
                if self.rejects.is_full:
                    return
        except FileRefused as refusal:
            self.rejects.add(refusal.reject)

    def _line(self, number, cells):
        """The row in COPY's text format; None for the control row and for a wrong one."""
        if self.control is not None:
            self.rejects.add(Reject(number, "", "", _("nothing may follow the control row")))
            return None
        if cells[0] == CONTROL_WORD and self.kind.has_control_total:
            self.control = dict(zip(self.header, cells, strict=False))
            return None
        self.lines += 1
        if self._pick_place and len(self.places) < MOST:
            self.places.add(self._pick_place(cells))
        plain = "\t".join(self._pick_plain(cells))
        right = self._row_pattern.fullmatch(plain)
        if not right:
            self._reject_cells(number, cells)
        fields = [str(self._first_row + number), escaped(plain)]
        for prepare, pick in self._prepared:
            try:
                fields += prepare(*pick(cells))
            except CellError as error:
                right = None
                self.rejects.add(Reject(number, error.title, error.shown, error.expected))
        return "\t".join(fields) + "\n" if right else None

    def _reject_cells(self, number, cells):
        """Complain about each cell that does not fit the pattern of its column."""
        for column, cell in zip(self._plain, self._pick_plain(cells), strict=True):
            if not re.fullmatch(_cell_pattern(column), cell):
                self.rejects.add(Reject(number, column.name, cell, column.expected(cell)))


def _picker(header, titles):
    """Function from a row to the tuple of its cells under `titles`."""
    places = [header.index(title) for title in titles]
    return itemgetter(*places) if len(places) > 1 else lambda cells: tuple(cells[place] for place in places)


def _place_picker(header):
    """Function from a row to its (agency code, area code); "" where the file does not name one."""
    places = [header.index(title) if title in header else None for title in PLACE_TITLES]
    return lambda cells: tuple("" if place is None else cells[place] for place in places)


def _cell_pattern(column):
    """A column's pattern as part of a row's; atomic, so that a wrong row fails at once."""
    return f"(?>{column.pattern})" if column.required else f"(?>(?:{column.pattern})?)"


def check_one_agency(cursor, kind, agencies):
    """Yield a Reject where the lines of a file with a control row name more than one agency (`agencies`: codes)."""
    if not kind.has_control_total or len(agencies) < 2:
        return
    cursor.execute(f"SELECT min(row), agency_code FROM {kind.typed_table} GROUP BY agency_code ORDER BY 1 LIMIT 2")
    for row, code in cursor.fetchall()[1:]:
        yield Reject(row, "agency_code", code, _("all lines of a file come from one agency"))


def fill_typed(cursor, kind):
    """Fill the typed table from the raw one."""
    typed = {name: sql for column in kind.columns for name, (_type, sql) in column.typed.items()}
    joins = " ".join(column.join for column in kind.columns if column.join)
    cursor.execute(
        f"INSERT INTO {kind.typed_table} (row, {', '.join(typed)}) "
        f"SELECT r.row, {', '.join(typed.values())} FROM {kind.raw_table} r {joins}"
    )
    if cursor.rowcount >= ROWS_WORTH_ANALYSING:
        cursor.execute(f"ANALYZE {kind.typed_table}")


def check_known(cursor, kind):
    """Yield a Reject for each row that names an area, agency, employer or person nobody knows; drop those rows."""
    tests = [test for column in kind.columns for test in column.unknown]
    if not tests:
        return
    any_unknown = " OR ".join(f"({condition})" for condition, _name, _sentence in tests)
    values = ", ".join(f"({place}, r.{name}::text, ({test}))" for place, (test, name, _sentence) in enumerate(tests))
    cursor.execute(
        f"SELECT r.row, c.place, c.value FROM {kind.typed_table} t JOIN {kind.raw_table} r USING (row) "
        f"CROSS JOIN LATERAL (VALUES {values}) c (place, value, is_unknown) "
        f"WHERE ({any_unknown}) AND c.is_unknown ORDER BY r.row, c.place LIMIT {MOST + 1}"
    )
    unknown = cursor.fetchall()
    if unknown:
        cursor.execute(f"DELETE FROM {kind.typed_table} t WHERE {any_unknown}")
    for row, place, value in unknown:
        _condition, name, sentence = tests[place]
        yield Reject(row, name, value or "", _(sentence))


def check_key(cursor, kind):
    """Yield a Reject for each row whose key another row of the same file has."""
    if not kind.key:
        return
    key = ", ".join(kind.key)
    cursor.execute(
        f"SELECT unnest(rows[2:]), rows[1] FROM (SELECT array_agg(row ORDER BY row) AS rows "
        f"FROM {kind.typed_table} GROUP BY {key} HAVING count(*) > 1) twice ORDER BY 1 LIMIT {MOST + 1}"
    )
    names = "、".join(dict.fromkeys(kind.title_of.get(name, name) for name in kind.key))
    for row, first in cursor.fetchall():
        sentence = _("%(names)s: the same as in line %(row)s") % {"names": names, "row": first}
        yield Reject(row, "", "", sentence)


def sums_by_file(cursor, kind):
    """The total and the sums of each column of money in the typed table: {file (rows.py): [total, *sums]}."""
    if not kind.has_control_total:
        return {}
    sums = ", ".join(f"coalesce(sum({column.name}), 0)" for column in kind.columns if column.is_money)
    total = " + ".join(f"coalesce(sum({name}), 0)" for name in kind.amounts) or "0"
    cursor.execute(f"SELECT {file_of('row')}, {total}, {sums} FROM {kind.typed_table} GROUP BY 1")
    return {file: sums for file, *sums in cursor.fetchall()}


def check_control(kind, lines, control, sums):
    """Compare the control row with the file's `sums` (None: no lines); return its total, or raise FileRefused."""
    if not kind.has_control_total:
        return None
    if control is None:
        raise FileRefused(_('the last line must be the control row that begins with "合计"; the file may be cut off'))
    money = [column for column in kind.columns if column.is_money]
    total, *found = sums or [Decimal(0)] * (len(money) + 1)
    found = {LINE_TITLE: str(lines)} | {
        column.title: f"{amount:.2f}" for column, amount in zip(money, found, strict=True)
    }
    for title, amount in found.items():
        stated = control.get(title, "")
        if not _same_number(stated, amount):
            sentence = _("the control row states %(stated)s, the lines come to %(found)s")
            raise FileRefused(sentence % {"stated": stated or "—", "found": amount}, column=title)
    return total


def _same_number(stated, found):
    """Whether two texts state the same plain number: 12.5 and 12.50 do, 1,234 and 1e3 state none."""
    return bool(PLAIN_NUMBER.fullmatch(stated)) and Decimal(stated) == Decimal(found)
