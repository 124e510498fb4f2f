"""The types of a feed file's columns, and the words that several kinds share."""

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from registry.encryption import encrypt
from registry.insurance import AgencyFamily, Category, Scheme

from .cells import CellError, Column, bytes_field, literal

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

# No sign in front that a spreadsheet takes for a formula.
NO_FORMULA = r"[^=+@\t-][^\t]{{0,{}}}"


@dataclass(frozen=True)
class Text(Column):
    """Free text of at most `max_length` characters, kept as it is; a missing one is an empty string."""

    max_length: int = 100
    personal: bool = False

    @property
    def is_personal(self):
        return self.personal

    @property
    def pattern(self):
        return rf"[^\t]{{1,{self.max_length}}}"

    def form(self, value):
        return _("at most %(count)s characters") % {"count": self.max_length}

    @property
    def typed(self):
        return {self.name: ("text", f"coalesce(r.{self.name}, '')")}


@dataclass(frozen=True)
class Name(Text):
    """What something or somebody is called."""

    @property
    def pattern(self):
        return NO_FORMULA.format(self.max_length - 1)

    def form(self, value):
        return _("a name of at most %(count)s characters, none of = + - @ in front") % {"count": self.max_length}


@dataclass(frozen=True)
class Digits(Text):
    """Exactly `max_length` digits."""

    @property
    def pattern(self):
        return f"[0-9]{{{self.max_length}}}"

    def form(self, value):
        return _("exactly %(count)s digits") % {"count": self.max_length}


@dataclass(frozen=True)
class Code(Text):
    """A number or code that names something: no blanks, no sign in front that a spreadsheet takes for a formula.

    NULL where it is missing.
    """

    @property
    def pattern(self):
        return rf"[^=+@\s-][^\s]{{0,{self.max_length - 1}}}"

    def form(self, value):
        return _("at most %(count)s characters without blanks, none of = + - @ in front") % {"count": self.max_length}

    @property
    def typed(self):
        return {self.name: ("text", f"r.{self.name}")}


@dataclass(frozen=True)
class Word(Column):
    """One of a list of Chinese words; staged as the code it stands for."""

    words: dict = field(default_factory=dict)

    @property
    def pattern(self):
        return "|".join(sorted(map(re.escape, self.words), key=len, reverse=True))

    def form(self, value):
        return _("one of %(words)s") % {"words": "、".join(self.words)}

    @property
    def typed(self):
        cases = " ".join(f"WHEN {literal(word)} THEN {literal(code)}" for word, code in self.words.items())
        return {self.name: ("text", f"CASE r.{self.name} {cases} END")}

    @property
    def as_written(self):
        """The word that a code stands for, as an expression over the typed table, aliased t; of several the first."""
        cases = " ".join(f"WHEN {literal(code)} THEN {literal(word)}" for word, code in self.words.items())
        return f"CASE t.{self.name} {cases} END"


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

    pattern = "(?:19|20)[0-9][0-9](?:0[1-9]|1[0-2])"

    def form(self, value):
        return _("a month as six digits, such as 202610")

    @property
    def typed(self):
        return {self.name: ("date", f"(r.{self.name} || '01')::date")}


@dataclass(frozen=True)
class Day(Column):
    """A day as YYYY-MM-DD, 1900 to 2099, that the calendar has."""

    sql_type = "date"
    pattern = (
        "(?:19|20)[0-9][0-9]-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)"
        "|(?:0[13578]|1[02])-31)|(?:19(?:0[48]|[13579][26]|[2468][048])|20(?:[02468][048]|[13579][26]))-02-29"
    )

    def form(self, value):
        return _("a day such as 2026-10-15")


@dataclass(frozen=True)
class Money(Column):
    """Yuan with at most two decimals, no exponent, no thousands separators; negative only where `signed`."""

    signed: bool = False
    sql_type = "numeric(18,2)"
    is_numeric = True
    is_money = True

    @property
    def pattern(self):
        return ("-?" if self.signed else "") + r"(?:0|[1-9][0-9]{0,12})(?:\.[0-9][0-9]?)?"

    def form(self, value):
        if re.fullmatch(r"-?[0-9]+\.[0-9]{3,}", value, re.ASCII):
            return _("at most two decimals")
        if not self.signed and value.startswith("-"):
            return _("an amount that is not negative")
        return _("an amount such as 640.00, without thousands separators")


@dataclass(frozen=True)
class Whole(Column):
    """A whole number from `least` to `most`; a wide range begins at 0 or 1 and ends at 999,999,999."""

    least: int = 0
    most: int = 999_999_999
    sql_type = "integer"
    is_numeric = True

    @property
    def pattern(self):
        if self.most < 1_000:
            return "|".join(map(str, range(self.most, self.least - 1, -1)))
        return ("" if self.least else "0|") + "[1-9][0-9]{0,8}"

    def form(self, value):
        return _("a whole number from %(least)s to %(most)s") % {"least": self.least, "most": self.most}


@dataclass(frozen=True)
class AreaCode(Column):
    """The code of an area (GB/T 2260) that the register knows; where `pooling`, of a pooling area."""

    pooling: bool = False
    pattern = "[0-9]{6}"

    def form(self, value):
        return _("the six digits of an area")

    @property
    def unknown(self):
        codes = "SELECT code FROM registry_area" + (" WHERE is_pooling_area" if self.pooling else "")
        known = (
            gettext_noop("the code of a known pooling area") if self.pooling else gettext_noop("a known area's code")
        )
        return [(f"t.{self.name} NOT IN ({codes})", self.name, known)]


@dataclass(frozen=True)
class AgencyCode(Code):
    """The code of an agency that the register knows."""

    max_length: int = 20

    @property
    def unknown(self):
        codes = "SELECT code FROM registry_agency"
        return [(f"t.{self.name} NOT IN ({codes})", self.name, gettext_noop("the code of a known agency"))]


@dataclass(frozen=True)
class Unit(Code):
    """单位编号: the number that the agency of the row's `agency_code` gave an employer; staged with employer_id."""

    title: str = "单位编号"
    name: str = "unit_no"
    max_length: int = 30

    @property
    def typed(self):
        return {"unit_no": ("text", "r.unit_no"), "employer_id": ("bigint", "u.employer_id")}

    @property
    def join(self):
        return "LEFT JOIN registry_unitnumber u ON u.agency_id = r.agency_code AND u.unit_no = r.unit_no"

    @property
    def unknown(self):
        sentence = gettext_noop("the number that this agency gave a known employer")
        return [("t.employer_id IS NULL AND t.unit_no IS NOT NULL", "unit_no", sentence)]


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

    def prepare(self, cell):
        if self.required and not cell:
            raise CellError(self.title, "", _("must not be empty"))
        if len(cell) > self.max_length:
            raise CellError(self.title, "", _("at most %(count)s characters") % {"count": self.max_length})
        return (bytes_field(encrypt(cell)) if cell else "",)
