"""What every column of a feed file is: cells with titles, checked as text while the file is read, and then staged."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _


def literal(text):
    """A constant of ours as an SQL string."""
    return "'" + str(text).replace("'", "''") + "'"


def escaped(text):
    """Text as a field of COPY's text format; tabs and line ends are never part of a cell."""
    return text.replace("\\", "\\\\") if "\\" in text else text


def bytes_field(value):
    """Bytes as a field of COPY's text format."""
    return "\\\\x" + value.hex()


class CellError(ValueError):
    """What `prepare` found wrong: which header, the cell as it may be shown, and what is expected."""

    def __init__(self, title, shown, expected):
        super().__init__(expected)
        self.title, self.shown, self.expected = title, shown, expected


@dataclass(frozen=True)
class Column:
    """One column: `title` is its header, `name` its staging name; `required`: its cells may not be empty.

    What a cell says alone is checked by `pattern` while the file is read; what it says about other records is checked
    over whole tables (`unknown`). Cells that must not be staged in clear go through `prepare` instead.

    A subclass may also say: `sql_type` of the staged value; `is_personal` (masked in reports); `is_numeric` (a number
    cell of a workbook is accepted); `is_money` (summed in the control row).
    """

    title: str
    name: str
    required: bool = True
    may_be_absent: bool = field(default=False, kw_only=True)
    sql_type = "text"
    is_personal = False
    is_numeric = False
    is_money = False
    prepare = None  # Or a method (*cells of `titles` and `needs`) -> fields of `raw` for COPY; raises CellError.

    @property
    def titles(self):
        return (self.title,)

    @property
    def needs(self):
        """Titles of other columns whose cells `prepare` gets after its own."""
        return ()

    @property
    def title_by_name(self):
        return {self.name: self.title}

    @property
    def pattern(self):
        """Regular expression of a filled cell; it has no capturing groups and matches no tab."""
        raise NotImplementedError

    def form(self, value):
        """The sentence for a filled cell that does not fit the pattern."""
        raise NotImplementedError

    def expected(self, value):
        """The sentence for a cell that is wrong; `value` may be empty."""
        return self.form(value) if value else _("must not be empty")

    @property
    def raw(self):
        """Columns of the raw staging table: name -> SQL type. An empty cell is NULL."""
        return {self.name: self.sql_type}

    @property
    def typed(self):
        """Columns of the typed staging table: name -> (SQL type, expression over the raw table, aliased r)."""
        return {self.name: (self.sql_type, f"r.{self.name}")}

    @property
    def join(self):
        """A LEFT JOIN that the typed expressions need."""
        return ""

    @property
    def unknown(self):
        """Conditions over the typed table `t` for rows that name what nobody knows: [(condition, raw name, sentence)].

        Sentences are marked for translation and translated where they are said.
        """
        return []
