"""The law as data: reads `rules.toml` and keeps the rule tables as the file says.

The reader checks what a text editor can get wrong: names, types, dates, sources. What rows may not be together
(overlaps, more to the account than is paid) the tables themselves refuse; `load` names the row that was refused.
"""

import tomllib
from datetime import date
from pathlib import Path
from typing import NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, NumericRange
from django.utils import timezone
from psycopg.errors import ExclusionViolation

from contributions.models import (
    AccountQuota,
    BaseBound,
    CalculationBase,
    ContributionRule,
    CreditingRate,
    InterestMethod,
    LateFeeRate,
    ResidentTier,
)
from contributions.models.dated import DatedRule
from contributions.models.retirement import RETIREMENT_TABLES
from registry.months import parse_month

RULES_FILE = Path(__file__).with_name("rules.toml")
TABLES = {
    "contribution_rule": ContributionRule,
    "base_bound": BaseBound,
    "calculation_base": CalculationBase,
    "crediting_rate": CreditingRate,
    "interest_method": InterestMethod,
    "late_fee_rate": LateFeeRate,
    "account_quota": AccountQuota,
    "resident_tier": ResidentTier,
    **RETIREMENT_TABLES,
}
BY_DAY = {CreditingRate, LateFeeRate}

# What a value must be in TOML, by column. Decimals are text, because a TOML number with a point is a float.
WRITTEN_AS = [
    (models.DecimalField, str, 'text, such as "0.08"'),
    (ArrayField, list, 'a list of texts, such as ["0.5", "1"]'),
    (models.BooleanField, bool, "true or false"),
    (models.IntegerField, int, "a whole number"),
    (models.Field, str, "text"),
]
# Set by the program, or written in the file under other names (area, from, until, from_age, until_age).
NOT_IN_FILE = {
    *("id", "version", "origin", "state", "proposed_by", "approved_by", "withdrawn_at", "has_account"),
    *("area_code", "period", "ages", "source"),
}
TOLD = ("source", "note", "confirmed")


class RulesError(ValueError):
    """The rules can't be used; `findings` has one sentence each, naming table, key and field."""

    def __init__(self, findings):
        self.findings = findings
        super().__init__("\n".join(findings))


class Outcome(NamedTuple):
    """How many rows a load added, replaced by a new version, told anew (source or note), withdrew, left alone."""

    added: int = 0
    replaced: int = 0
    told: int = 0
    withdrawn: int = 0
    unchanged: int = 0
    local: int = 0

    def __add__(self, other):
        return Outcome(*(a + b for a, b in zip(self, other, strict=True)))


class _Row:
    """One row of the file on its way to a model; collects what is wrong with it."""

    def __init__(self, table, model, raw, sources):
        self.model, self.raw, self.sources = model, dict(raw), sources
        self.place = f"{table}, {self.raw.get('key', 'a row without a key')}"
        self.findings = []

    def say(self, field, sentence):
        self.findings.append(f"{self.place}, {field}: {sentence}")

    def read(self):
        """The unsaved instance, or None with findings."""
        self.raw.pop("domain_row", None)
        values = {
            "area_code": self._area(),
            "period": self._period(),
            "source": self._source(),
            "confirmed": True,
        }
        if self.model is AccountQuota:
            values["ages"] = self._ages()
        columns = {f.name: f for f in self.model._meta.concrete_fields if f.name not in NOT_IN_FILE}
        for name, value in self.raw.items():
            if name in columns:
                values[name] = self._value(columns[name], value)
            else:
                self.say(name, "this table has no such field.")
        for name, column in columns.items():
            if name not in values and not column.has_default() and not column.blank:
                self.say(name, "is missing.")
        if str(values.get("key", "")).startswith("local."):
            self.say("key", "keys that begin with “local.” belong to the localities.")
        if self.findings:
            return None
        return self.model(**values, origin=DatedRule.Origin.NATIONAL, state=DatedRule.State.IN_FORCE)

    def _value(self, column, value):
        written_as, words = next((kind, words) for field, kind, words in WRITTEN_AS if isinstance(column, field))
        parts = value if isinstance(value, list) else [value]
        inner = str if written_as is list else written_as
        if not isinstance(value, written_as) or any(type(part) is not inner for part in parts):
            return self.say(column.name, f"must be {words}.")
        try:
            if isinstance(column, ArrayField):
                return [column.base_field.clean(part, None) for part in value]
            return column.clean(value, None)
        except ValidationError as error:
            return self.say(column.name, " ".join(error.messages))

    def _area(self):
        area = self.raw.pop("area", "")
        if area == "" or (isinstance(area, str) and len(area) == 6 and area.isascii() and area.isdigit()):
            return area
        return self.say("area", "must be a code of six digits (GB/T 2260); leave it out for the whole country.")

    def _source(self):
        keys = self.raw.pop("source", None)
        if not isinstance(keys, list) or not keys or not all(isinstance(key, str) for key in keys):
            return self.say("source", "must be a list of keys of [sources].")
        for key in keys:
            if key not in self.sources:
                self.say("source", f"{key} does not stand in [sources].")
        return "; ".join(str(self.sources.get(key)) for key in keys)

    def _period(self):
        if "from" not in self.raw:
            self.raw.pop("until", None)
            return self.say("from", "is missing.")
        since, until = self._day("from"), self._day("until")
        if since is None:
            return None
        if until is not None and until <= since:
            return self.say("until", "must come after `from`: it is the first month no longer covered.")
        return DateRange(since, until)

    def _day(self, field):
        text = self.raw.pop(field, None)
        if text is None:
            return None
        try:
            if self.model in BY_DAY and len(text) > len("2026-10"):
                return date.fromisoformat(text)
            if "-" in text:
                return parse_month(text)
        except (TypeError, ValueError):
            pass
        return self.say(field, 'must be a month such as "2026-10"' + (" or a day." if self.model in BY_DAY else "."))

    def _ages(self):
        since, until = self.raw.pop("from_age", None), self.raw.pop("until_age", None)
        for field, age in (("from_age", since), ("until_age", until)):
            if age is not None and type(age) is not int:
                return self.say(field, "must be a whole number.")
        if since is None or (until is not None and until <= since):
            return self.say("from_age", "must be there, below `until_age`.")
        return NumericRange(since, until)


def read(path=RULES_FILE):
    """The rows of a rules file as unsaved instances, by model. Raises RulesError with every finding."""
    try:
        document = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise RulesError([f"{path}: cannot be read ({error.strerror})."]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RulesError([f"{path}: is not TOML: {error}."]) from error
    sources = document.pop("sources", {})
    findings = [f"{table}: there is no such table." for table in document if table not in TABLES]
    if not isinstance(sources, dict):
        raise RulesError(["sources: write the sources under [sources], one a line."])
    rows = {}
    for table, model in TABLES.items():
        raws = document.get(table, [])
        if not isinstance(raws, list) or not all(isinstance(raw, dict) for raw in raws):
            findings.append(f"{table}: write each row under [[{table}]].")
            continue
        readers = [_Row(table, model, raw, sources) for raw in raws]
        rows[model] = [instance for reader in readers if (instance := reader.read())]
        findings += [finding for reader in readers for finding in reader.findings]
        findings += _twice(table, raws)
    if findings:
        raise RulesError(findings)
    return rows


def _twice(table, raws):
    keys = [str(raw.get("key")) for raw in raws]
    return [f"{table}, {key}, key: stands more than once." for key in sorted({k for k in keys if keys.count(k) > 1})]


def load(rows):
    """Make the national rows of the tables those that `read` gave, all or nothing; local rows are left alone.

    A row in force is never rewritten: if its figures or period differ, it is withdrawn and a new version stands in
    its place, so what was posted under it still shows the rule it was posted under. Raises RulesError if the tables
    refuse a row.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Two loads at once would each add what the other adds.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('contributions.rules'))")
        outcome, findings = Outcome(), []
        for table, model in TABLES.items():
            outcome += _load_table(table, model, rows[model], findings)
        if findings:
            raise RulesError(findings)
    return outcome


def try_out(rows):
    """What `load` would do, done and undone. Raises RulesError as `load` does."""
    with transaction.atomic():
        outcome = load(rows)
        transaction.set_rollback(True)
    return outcome


def _load_table(table, model, wanted, findings):
    national = model.objects.filter(origin=DatedRule.Origin.NATIONAL)
    in_force = {row.key: row for row in national.filter(state=DatedRule.State.IN_FORCE)}
    last_version = dict(
        national.order_by().values_list("key").annotate(last=models.Max("version")).values_list("key", "last")
    )
    dropped = in_force.keys() - {row.key for row in wanted}
    added, replaced, told = [], [], []
    for row in wanted:
        old = in_force.get(row.key)
        if old is None:
            added.append(row)
        elif _law(row) != _law(old):
            replaced.append(row)
        elif any(getattr(row, name) != getattr(old, name) for name in TOLD):
            told.append(row)
    gone = dropped | {row.key for row in replaced}
    # Withdrawn first: a new version may cover months of the old one.
    national.filter(state=DatedRule.State.IN_FORCE, key__in=gone).update(
        state=DatedRule.State.WITHDRAWN, withdrawn_at=timezone.now()
    )
    for row in told:
        model.objects.filter(pk=in_force[row.key].pk).update(**{name: getattr(row, name) for name in TOLD})
    for row in added + replaced:
        row.version = last_version.get(row.key, 0) + 1
        _insert(table, row, findings)
    return Outcome(
        len(added),
        len(replaced),
        len(told),
        len(dropped),
        len(wanted) - len(added) - len(replaced) - len(told),
        model.objects.filter(origin=DatedRule.Origin.LOCAL, state=DatedRule.State.IN_FORCE).count(),
    )


def _law(row):
    """What a rule says, without who said it where: the part that never changes while it is in force."""
    said = {f.name for f in row._meta.concrete_fields} - (NOT_IN_FILE - {"area_code", "period", "ages"}) - set(TOLD)
    return {name: getattr(row, name) for name in said}


def _insert(table, row, findings):
    """Save a row; what the table refuses becomes a finding, so that one run names every such row."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        told = error.__cause__.diag
        messages = {c.name: c.violation_error_message for c in row._meta.constraints}
        reason = messages.get(told.constraint_name, told.message_primary)
        # For an overlap the detail names the other row's period; for a check it repeats the whole row.
        detail = f" {told.message_detail}" if isinstance(error.__cause__, ExclusionViolation) else ""
        findings.append(f"{table}, {row.key}: {reason}{detail}")
