"""What is wrong with a file, how it is said, and the report as a file for the sender."""

import csv
import os

from django.utils import timezone
from django.utils.translation import gettext as _

from registry import identity

from .characters import printable
from .kinds import Reject

MOST = 1_000
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\0")


class FileRefused(Exception):
    """The file cannot be taken: one sentence about the whole of it, or about one line."""

    def __init__(self, expected, row=0, column="", value=""):
        super().__init__(expected)
        self.reject = Reject(row, column, value, expected)


class Rejects:
    """The complaints about one file: at most 1,000 are kept, all are counted."""

    def __init__(self):
        self.kind = None
        self.kept = []
        self.count = 0

    def __bool__(self):
        return self.count > 0

    @property
    def is_full(self):
        return len(self.kept) >= MOST

    @property
    def lines(self):
        """Number of lines with a complaint, among those kept."""
        return len({reject.row for reject in self.kept if reject.row})

    def add(self, reject):
        self.count += 1
        if not self.is_full:
            self.kept.append(Reject(reject.row, self._title(reject), self._shown(reject), str(reject.expected)))

    def extend(self, rejects):
        for reject in rejects:
            self.add(reject)

    def _title(self, reject):
        return self.kind.title_of.get(reject.column, reject.column) if self.kind else reject.column

    def _shown(self, reject):
        value = printable(str(reject.value)) if reject.value is not None else ""
        if self.kind is None or reject.column not in self.kind.personal_names:
            return value
        return identity.masked_name(value) if reject.column == "name" else identity.masked(value)


def sentence(reject):
    """One complaint as a line to read: "Line 9, 个人缴费金额: at most two decimals (640.005)"."""
    values = {"row": reject.row, "column": reject.column, "expected": reject.expected, "value": reject.value}
    if not reject.row:
        said = f"{reject.column}: {reject.expected}" if reject.column else reject.expected
    elif reject.column:
        said = _("Line %(row)s, %(column)s: %(expected)s") % values
    else:
        said = _("Line %(row)s: %(expected)s") % values
    return f"{said} ({reject.value})" if reject.value else said


def _cell(text):
    """Text that a spreadsheet takes for text and not for a formula."""
    text = str(text)
    return "'" + text if text.startswith(FORMULA_SIGNS) else text


class Report:
    """Every complaint of a run as one CSV file in `folder`, made when the first file is refused.

    Its name is the time alone: what a sender calls a file is never the name of one of ours.
    """

    def __init__(self, folder):
        self.folder, self.path, self._file = folder, None, None

    def __enter__(self):
        return self

    def __exit__(self, *error):
        if self._file:
            self._file.close()

    def add(self, name, rejects):
        """Write the complaints about the file called `name`."""
        if self._file is None:
            self._open()
        rows = [[name, r.row or "", r.column, r.value, r.expected] for r in rejects.kept]
        if rejects.count > len(rejects.kept):
            more = _("%(count)s more complaints are not listed") % {"count": rejects.count - len(rejects.kept)}
            rows.append([name, "", "", "", more])
        self._writer.writerows([_cell(value) for value in row] for row in rows)

    def _open(self):
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = self.folder / f"rejects-{timezone.localtime():%Y%m%d-%H%M%S-%f}.csv"
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = open(descriptor, "w", encoding="utf-8-sig", newline="")  # noqa: SIM115 - closed on exit
        self._writer = csv.writer(self._file)
        self._writer.writerow(["file", "row", "column", "value", "expected"])
