"""The types of a feed file's columns: what a cell must look like, and what it becomes in the typed staging table.

A column speaks SQL about the raw staging table, aliased `r`, where every cell is text and an empty cell is NULL; its
checks are conditions over whole tables. What must not be staged in clear (identity numbers, phones) is turned into
hashes and ciphertext by `prepare` while the file is read.
"""

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from registry.encryption import encrypt
from registry.insurance import AgencyFamily, Category, Scheme

ID_TYPES = {
    "居民身份证": "citizen",
    "港澳台居民居住证": "hmt_permit",
    "外国人永久居留身份证": "foreigner_permit",
    "护照": "passport",
}
SCHEMES = {
    "职工基本养老保险": Scheme.PENSION,
    "机关事业单位养老保险": Scheme.PENSION_PUBLIC,
    "城乡居民养老保险": Scheme.PENSION_RESIDENT,
    "职工基本医疗保险": Scheme.MEDICAL,
    "城乡居民医疗保险": Scheme.MEDICAL_RESIDENT,
    "失业保险": Scheme.UNEMPLOYMENT,
    "工伤保险": Scheme.WORK_INJURY,
    "生育保险": Scheme.MATERNITY,
}
CATEGORIES = {
    "职工": Category.EMPLOYEE,
    "灵活就业": Category.FLEXIBLE,
    "灵活就业单建统筹": Category.FLEXIBLE_POOL_ONLY,
    "城乡居民": Category.RESIDENT,
    "退休": Category.RETIREE,
}
FAMILIES = {
    "社会保险经办机构": AgencyFamily.HUMAN_RESOURCES,
    "医疗保障经办机构": AgencyFamily.MEDICAL_SECURITY,
    "税务机关": AgencyFamily.TAX,
}


def literal(text):
    """A constant of ours as an SQL string."""
    return "'" + str(text).replace("'", "''") + "'"


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

    Attributes a subclass may give: `sql_type` of the typed column; `is_personal` (masked in reports); `is_numeric` (a
    number cell of a workbook is accepted); `is_money` (summed in the control row).
    """

    title: str
    name: str
    required: bool = True
    may_be_absent: bool = field(default=False, kw_only=True)
    sql_type = "text"
    is_personal = False
    is_numeric = False
    is_money = False
    prepare = None  # Or a method (*cells of `titles`) -> COPY fields in the order of `raw`; raises CellError.

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
    def raw(self):
        """Columns of the raw staging table: name -> SQL type."""
        return {self.name: "text"}

    @property
    def typed(self):
        """Columns of the typed staging table: name -> (SQL type, expression over the raw table)."""
        return {self.name: (self.sql_type, f"r.{self.name}")}

    @property
    def join(self):
        """A LEFT JOIN that the typed expressions need."""
        return ""

    @property
    def wrong(self):
        """SQL condition that is true for a filled cell of the wrong form; empty for "anything goes"."""
        return ""

    @property
    def checked(self):
        """What to check once staged: [(raw name, whether required, condition of the wrong form)]."""
        return [(self.name, self.required, self.wrong)]

    @property
    def unresolved(self):
        """Conditions over the typed table `t` for rows that name what is not known: [(condition, name, sentence)]."""
        return []

    def expected(self, value):
        """The sentence for a cell of the wrong form; `value` is None where the cell is empty."""
        return _("must not be empty") if value is None else self.form(value)

    def form(self, value):
        raise NotImplementedError


@dataclass(frozen=True)
class Text(Column):
    """Free text of at most `max_length` characters, kept as it is; a missing one is an empty string."""

    max_length: int = 100
    personal: bool = False

    @property
    def is_personal(self):
        return self.personal

    @property
    def typed(self):
        return {self.name: ("text", f"coalesce(r.{self.name}, '')")}

    @property
    def wrong(self):
        return f"char_length(r.{self.name}) > {self.max_length}"

    def form(self, value):
        return _("at most %(count)s characters") % {"count": self.max_length}


@dataclass(frozen=True)
class Name(Text):
    """What something or somebody is called. A sign that a spreadsheet takes for a formula cannot begin it."""

    @property
    def wrong(self):
        return f"(char_length(r.{self.name}) > {self.max_length} OR r.{self.name} ~ '^[=+@-]')"

    def form(self, value):
        return _("a name of at most %(count)s characters, none of = + - @ in front") % {"count": self.max_length}


@dataclass(frozen=True)
class Digits(Text):
    """Exactly `max_length` digits."""

    @property
    def wrong(self):
        return f"r.{self.name} !~ '^[0-9]{{{self.max_length}}}$'"

    def form(self, value):
        return _("exactly %(count)s digits") % {"count": self.max_length}


@dataclass(frozen=True)
class Code(Text):
    """A number or code that names something: no blanks, no sign in front that a spreadsheet takes for a formula."""

    @property
    def typed(self):
        return {self.name: ("text", f"r.{self.name}")}

    @property
    def wrong(self):
        return f"(char_length(r.{self.name}) > {self.max_length} OR r.{self.name} ~ '^[=+@-]|[ 　]')"

    def form(self, value):
        return _("at most %(count)s characters without blanks, and none of = + - @ in front") % {
            "count": self.max_length
        }


@dataclass(frozen=True)
class Word(Column):
    """One of a list of Chinese words; staged as the code it stands for."""

    words: dict = field(default_factory=dict)

    @property
    def typed(self):
        cases = " ".join(f"WHEN {literal(word)} THEN {literal(code)}" for word, code in self.words.items())
        return {self.name: ("text", f"CASE r.{self.name} {cases} END")}

    @property
    def wrong(self):
        return f"r.{self.name} NOT IN ({', '.join(map(literal, self.words))})"

    def form(self, value):
        return _("one of %(words)s") % {"words": "、".join(self.words)}


@dataclass(frozen=True)
class Flag(Word):
    """是 or 否."""

    words: dict = field(default_factory=lambda: {"是": "true", "否": "false"})

    @property
    def typed(self):
        return {self.name: ("boolean", f"r.{self.name} = '是'")}


@dataclass(frozen=True)
class Month(Column):
    """A month as YYYYMM, 1900 to 2099; staged as the date of its first day."""

    @property
    def typed(self):
        return {self.name: ("date", f"(r.{self.name} || '01')::date")}

    @property
    def wrong(self):
        return f"r.{self.name} !~ '^(19|20)[0-9]{{2}}(0[1-9]|1[0-2])$'"

    def form(self, value):
        return _("a month as six digits, such as 202610")


@dataclass(frozen=True)
class Day(Column):
    """A day as YYYY-MM-DD, 1900 to 2099, that the calendar has."""

    @property
    def typed(self):
        return {self.name: ("date", f"r.{self.name}::date")}

    @property
    def wrong(self):
        cell = f"r.{self.name}"
        last = f"extract(day FROM (left({cell}, 8) || '01')::date + interval '1 month - 1 day')"
        return (
            f"CASE WHEN {cell} !~ '^(19|20)[0-9]{{2}}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' THEN true "
            f"WHEN right({cell}, 2) <= '28' THEN false ELSE right({cell}, 2)::int > {last} END"
        )

    def form(self, value):
        return _("a day such as 2026-10-15")


@dataclass(frozen=True)
class Money(Column):
    """Yuan with at most two decimals, no exponent, no thousands separators; negative only where `signed`."""

    signed: bool = False
    is_numeric = True
    is_money = True

    @property
    def typed(self):
        return {self.name: ("numeric(18,2)", f"r.{self.name}::numeric(18,2)")}

    @property
    def wrong(self):
        sign = "-?" if self.signed else ""
        return f"r.{self.name} !~ '^{sign}(0|[1-9][0-9]{{0,12}})(\\.[0-9]{{1,2}})?$'"

    def form(self, value):
        if re.fullmatch(r"-?[0-9]+\.[0-9]{3,}", value, re.ASCII):
            return _("at most two decimals")
        if not self.signed and value.startswith("-"):
            return _("an amount that is not negative")
        return _("an amount such as 640.00, without thousands separators")


@dataclass(frozen=True)
class Whole(Column):
    """A whole number between `least` and `most`."""

    least: int = 0
    most: int = 2_000_000_000
    is_numeric = True

    @property
    def typed(self):
        return {self.name: ("integer", f"r.{self.name}::integer")}

    @property
    def wrong(self):
        cell = f"r.{self.name}"
        return (
            f"CASE WHEN {cell} !~ '^(0|[1-9][0-9]{{0,9}})$' THEN true "
            f"ELSE {cell}::bigint NOT BETWEEN {self.least} AND {self.most} END"
        )

    def form(self, value):
        return _("a whole number from %(least)s to %(most)s") % {"least": self.least, "most": self.most}


@dataclass(frozen=True)
class AreaCode(Column):
    """The code of an area (GB/T 2260) that the register knows; where `pooling`, of a pooling area."""

    pooling: bool = False

    @property
    def wrong(self):
        only = " WHERE is_pooling_area" if self.pooling else ""
        return f"r.{self.name} NOT IN (SELECT code FROM registry_area{only})"

    def form(self, value):
        return _("the code of a known pooling area") if self.pooling else _("the code of a known area")


@dataclass(frozen=True)
class AgencyCode(Column):
    """The code of an agency that the register knows."""

    @property
    def wrong(self):
        return f"r.{self.name} NOT IN (SELECT code FROM registry_agency)"

    def form(self, value):
        return _("the code of a known agency")


@dataclass(frozen=True)
class Unit(Column):
    """单位编号: the number that the agency of the row's `agency_code` gave an employer; staged with employer_id."""

    title: str = "单位编号"
    name: str = "unit_no"

    @property
    def typed(self):
        return {"unit_no": ("text", "r.unit_no"), "employer_id": ("bigint", "u.employer_id")}

    @property
    def join(self):
        return "LEFT JOIN registry_unitnumber u ON u.agency_id = r.agency_code AND u.unit_no = r.unit_no"

    @property
    def unresolved(self):
        return [
            (
                "t.employer_id IS NULL AND t.unit_no IS NOT NULL",
                "unit_no",
                gettext_noop("the number that this agency gave a known employer"),
            )
        ]


@dataclass(frozen=True)
class Secret(Column):
    """Text that is personal and kept encrypted; staged as `<name>_encrypted`, NULL where it is missing."""

    max_length: int = 100
    is_personal = True

    @property
    def raw(self):
        return {f"{self.name}_encrypted": "bytea"}

    @property
    def typed(self):
        return {f"{self.name}_encrypted": ("bytea", f"r.{self.name}_encrypted")}

    @property
    def checked(self):
        return []

    def prepare(self, cell):
        if not cell:
            if self.required:
                raise CellError(self.title, "", _("must not be empty"))
            return ("",)
        if len(cell) > self.max_length:
            raise CellError(self.title, "", _("at most %(count)s characters") % {"count": self.max_length})
        return (bytes_field(encrypt(cell)),)
