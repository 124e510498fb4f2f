"""Local rules: one operator proposes, another approves; a rule in force is withdrawn by two people as well.

The database refuses what is refused here (contributions/rule_guards.py); this module says it in words.
"""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import CharField, Exists, F, OuterRef, Value
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.types.range import Range

from .models import RuleDeed
from .models.dated import DatedRule
from .rules import NOT_IN_FILE, TABLES

TABLE_OF = {model: table for table, model in TABLES.items()}
DRAFT, IN_FORCE, WITHDRAWN = DatedRule.State.DRAFT, DatedRule.State.IN_FORCE, DatedRule.State.WITHDRAWN
COMMON = {"key", "note", "confirmed"} | NOT_IN_FILE - {"ages"}


def columns_of(model):
    """The columns in which the tables differ: what a rule of this model says."""
    return [field for field in model._meta.concrete_fields if field.name not in COMMON and not field.generated]


def key_columns(model):
    """The columns in which two rules of one area and time must differ, from the table's own constraint."""
    overlap = next(c for c in model._meta.constraints if c.name.endswith("_no_overlap"))
    names = [e if isinstance(e, str) else e.source_expressions[0].name for e, _operator in overlap.expressions]
    return [name for name in names if name not in {"area_code", "origin", "period"}]


def propose(rule, user):
    """Enter an unsaved rule (figures, area, period, source) as a draft of an operator.

    Raises ValidationError with the reasons in words.
    """
    rule.origin, rule.state, rule.proposed_by = DatedRule.Origin.LOCAL, DRAFT, user
    rule.key = _new_key(rule)
    same = type(rule).objects.filter(key=rule.key)
    rule.version = (same.aggregate(last=models.Max("version"))["last"] or 0) + 1
    rule.full_clean()
    _write(rule, RuleDeed.Deed.PROPOSED, user)


def approve(rule, user):
    """Bring another operator's draft into force. Raises ValidationError with the reasons in words."""
    if rule.state != DRAFT:
        raise ValidationError(_("This draft was approved or withdrawn meanwhile."))
    if rule.proposed_by_id == user.pk:
        raise ValidationError(_("You proposed this rule: another operator must approve it."))
    rule.state, rule.approved_by = IN_FORCE, user
    rule.full_clean()
    _write(rule, RuleDeed.Deed.APPROVED, user, "state", "approved_by")


def ask_withdrawal(rule, user):
    """Ask that a rule in force be withdrawn; another operator does it."""
    if rule.state != IN_FORCE or asked_for(type(rule)).get((rule.key, rule.version)):
        raise ValidationError(_("This rule is not in force, or its withdrawal was asked for already."))
    _note(rule, RuleDeed.Deed.WITHDRAWAL_ASKED, user)


def withdraw(rule, user):
    """Take back a draft, or withdraw a rule in force for which another operator asked.

    What was posted under the rule stays posted. Raises ValidationError with the reason in words.
    """
    if rule.state == WITHDRAWN:
        raise ValidationError(_("This rule is withdrawn already."))
    if rule.state == IN_FORCE:
        asked_by = asked_for(type(rule)).get((rule.key, rule.version))
        if asked_by in {None, user.pk}:
            raise ValidationError(_("A rule in force is withdrawn by two people: one asks for it, another does it."))
    rule.state, rule.withdrawn_at = WITHDRAWN, timezone.now()
    _write(rule, RuleDeed.Deed.WITHDRAWN, user, "state", "withdrawn_at")


def asked_for(model):
    """Who asked for the withdrawal of which rule of a model: {(key, version): user id}. One query."""
    asked = RuleDeed.objects.filter(rule_model=model._meta.model_name, deed=RuleDeed.Deed.WITHDRAWAL_ASKED)
    return {(key, version): user for key, version, user in asked.values_list("key", "version", "user_id")}


def waiting():
    """What waits for a second person: drafts of all tables, then withdrawals asked for. Two queries.

    Each a dict with table (name in rules.toml), key, version and area_code; `is_withdrawal` tells the two apart.
    """
    drafts = [
        model.objects.filter(origin=DatedRule.Origin.LOCAL, state=DRAFT)
        .order_by()
        .values("key", "version", "area_code", table=Value(table, CharField()))
        for table, model in TABLES.items()
    ]
    found = [row | {"is_withdrawal": False} for row in drafts[0].union(*drafts[1:], all=True).order_by("table", "key")]
    done = RuleDeed.objects.filter(
        rule_model=OuterRef("rule_model"),
        key=OuterRef("key"),
        version=OuterRef("version"),
        deed=RuleDeed.Deed.WITHDRAWN,
    )
    asked = RuleDeed.objects.filter(~Exists(done), deed=RuleDeed.Deed.WITHDRAWAL_ASKED).order_by("at")
    table_of = {model._meta.model_name: table for table, model in TABLES.items()}
    for row in asked.values("key", "version", model=F("rule_model")):
        found.append(row | {"table": table_of[row["model"]], "is_withdrawal": True})
    return found


def _new_key(rule):
    values = [getattr(rule, name) for name in key_columns(type(rule))]
    parts = [str(value.lower if isinstance(value, Range) else value) for value in values if value is not None]
    since = rule.period.lower
    first = f"{since:%Y-%m}" if since.day == 1 else f"{since:%Y-%m-%d}"
    return ".".join(["local", rule.area_code, TABLE_OF[type(rule)], *parts, first])


def _write(rule, deed, user, *columns):
    """Save the rule (all of it, or these columns) and who did it; what two people do at once is told in words."""
    try:
        with transaction.atomic():
            # First the deed: the guard of the table looks for it when a rule in force is withdrawn.
            _note(rule, deed, user)
            rule.save(update_fields=columns or None)
    except IntegrityError as error:
        raise ValidationError(_("Somebody changed these rules at the same moment. Look again, then decide.")) from error


def _note(rule, deed, user):
    values = {"rule_model": rule._meta.model_name, "key": rule.key, "version": rule.version}
    RuleDeed.objects.create(**values, deed=deed, user=user)
