"""Pages and deeds of the local rules, for operators; auditors look."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from inquiries.door import deed_of_operator, for_operator
from inquiries.models import StaffMember
from registry.models import Area

from . import local_rules
from .local_rule_forms import RuleListForm, ends, form_for, said
from .models.dated import DatedRule
from .rules import TABLES

PAGE_SIZE = 20
REFUSED = 409


@dataclass
class ShownRule:
    """One rule of the list, and which deeds the member of staff who looks may do on it."""

    rule: DatedRule
    area: str
    figures: list
    since: str
    last: str
    may_approve: bool = False
    may_ask: bool = False
    may_withdraw: bool = False
    is_asked: bool = False


@require_safe
@for_operator
def local_rules_list(request, member):
    """The rules of one table, national and local, and what waits for a second person in all of them."""
    return _list(request, member, request.GET)


@require_safe
@for_operator
def propose_rule(request, member, table):
    """The empty form of a rule of this table."""
    if member.role != StaffMember.Role.OPERATOR:
        raise PermissionDenied
    return _form(request, table, form_for(TABLES[table])())


@deed_of_operator
def add_draft(request, member, table):
    """Enter the proposed rule as a draft."""
    form = form_for(TABLES[table])(request.POST)
    if form.is_valid():
        try:
            local_rules.propose(form.instance, request.user)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The draft is entered. Another operator must approve it before it applies."))
            return redirect(_address(table))
    return _form(request, table, form)


@deed_of_operator
def approve_rule(request, member):
    """Bring another operator's draft into force."""
    return _decide(request, member, local_rules.approve, _("The rule is in force."))


@deed_of_operator
def ask_rule_withdrawal(request, member):
    """Ask that a rule in force be withdrawn."""
    done = _("Another operator must withdraw the rule; until then it is in force.")
    return _decide(request, member, local_rules.ask_withdrawal, done)


@deed_of_operator
def withdraw_rule(request, member):
    """Take back a draft, or withdraw a rule for which another operator asked."""
    return _decide(request, member, local_rules.withdraw, _("The rule is withdrawn. What was posted stays posted."))


def _decide(request, member, deed, done):
    table = request.POST.get("table")
    number = request.POST.get("rule", "")
    if table not in TABLES or not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Http404
    local = TABLES[table].objects.filter(origin=DatedRule.Origin.LOCAL)
    rule = local.select_for_update().filter(pk=number).first()
    if rule is None:
        raise Http404
    try:
        with transaction.atomic():
            deed(rule, request.user)
    except ValidationError as error:
        return _list(request, member, request.POST, error.messages)
    messages.success(request, done)
    return redirect(_address(table))


def _address(table):
    return f"{reverse('local_rules')}?{urlencode({'table': table})}"


def _form(request, table, form):
    context = {"form": form, "table": table, "kind": TABLES[table]._meta.verbose_name}
    return render(request, "contributions/propose_rule.html", context)


def _list(request, member, asked, refusals=()):
    form = RuleListForm(asked)
    table, rows = form.asked()
    page = Paginator(rows, PAGE_SIZE).get_page(asked.get("page"))
    waiting = local_rules.waiting()
    codes = {rule.area_code for rule in page} | {row.get("area_code") for row in waiting}
    names = dict(Area.objects.filter(code__in=codes - {"", None}).values_list("code", "name"))
    asked_for = local_rules.asked_for(TABLES[table])
    is_operator = member.role == StaffMember.Role.OPERATOR
    for row in waiting:
        row["kind"] = TABLES[row["table"]]._meta.verbose_name
        row["area"] = names.get(row.get("area_code"), row.get("area_code", ""))
    context = {
        "form": form,
        "table": table,
        "kind": TABLES[table]._meta.verbose_name_plural,
        "page": page,
        "rules": [_shown(rule, names, asked_for, request.user, is_operator) for rule in page],
        "waiting": waiting,
        "is_operator": is_operator,
        "refusals": refusals,
        "query": urlencode({name: asked[name] for name in form.fields if asked.get(name)}) + "&",
    }
    return render(request, "contributions/local_rules.html", context, status=REFUSED if refusals else 200)


def _shown(rule, names, asked_for, user, is_operator):
    since, last = ends(rule)
    shown = ShownRule(rule, names.get(rule.area_code, rule.area_code), list(said(rule)), since, last)
    asked_by = asked_for.get((rule.key, rule.version))
    shown.is_asked = asked_by is not None and rule.state == DatedRule.State.IN_FORCE
    if is_operator and rule.origin == DatedRule.Origin.LOCAL:
        is_draft, is_in_force = (rule.state == state for state in (DatedRule.State.DRAFT, DatedRule.State.IN_FORCE))
        shown.may_approve = is_draft and rule.proposed_by_id != user.pk
        shown.may_ask = is_in_force and asked_by is None
        shown.may_withdraw = is_draft or (shown.is_asked and asked_by != user.pk)
    return shown
