"""The rules for everybody to read: each row with its figures, its time, its source and whether it holds today."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Case, IntegerField, Q, Value, When

from contributions.local_rule_forms import ends, said
from contributions.local_rules import columns_of
from contributions.models.dated import DatedRule
from contributions.rules import TABLES
from registry.models import Area

IN_FORCE, WITHDRAWN, DRAFT = DatedRule.State.IN_FORCE, DatedRule.State.WITHDRAWN, DatedRule.State.DRAFT


class Holds(StrEnum):
    """When a rule holds, seen from a day; the order in which they are listed."""

    NOW = "now"
    LATER = "later"
    PAST = "past"
    REPLACED = "replaced"


@dataclass(frozen=True)
class PublicRule:
    """One row: `subject` is what it is about, `figures` are (words, value); `area` is empty for the whole country."""

    rule: DatedRule
    area: str
    subject: str
    figures: list
    since: str
    last: str
    holds: Holds


def rows_of(table, today):
    """The rows of a table of the law (a name of rules.toml) that are or were in force: those of `today` first.

    A draft is no rule yet and is left out.
    """
    rank = Case(
        When(state=WITHDRAWN, then=Value(3)),
        When(period__contains=today, then=Value(0)),
        When(Q(period__startswith__gt=today), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    rows = TABLES[table].objects.exclude(state=DRAFT).annotate(rank=rank)
    return rows.order_by("rank", "area_code", "key", "-version")


def shown(rules):
    """The PublicRules of some rows of `rows_of`. One query, for the names of their areas."""
    rules = list(rules)
    codes = {rule.area_code for rule in rules} - {""}
    names = dict(Area.objects.filter(code__in=codes).values_list("code", "name"))
    return [_shown(rule, names.get(rule.area_code, rule.area_code)) for rule in rules]


def _shown(rule, area):
    """What says the column's default (nothing to the account, the usual rounding) is left out: it would say nothing."""
    columns = [c for c in columns_of(type(rule)) if not c.has_default() or getattr(rule, c.name) != c.get_default()]
    subject = [str(value) for _name, value in said(rule, [c for c in columns if c.choices])]
    figures = list(said(rule, [c for c in columns if not c.choices]))
    title = " · ".join(subject) or str(rule._meta.verbose_name)
    return PublicRule(rule, area, title, figures, *ends(rule), list(Holds)[rule.rank])


def tables():
    """[(name in rules.toml, words)] of all tables of the law."""
    return [(table, model._meta.verbose_name_plural) for table, model in TABLES.items()]
