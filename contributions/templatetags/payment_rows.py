"""The rows of a year's payments and of its bases."""

from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.translation import get_language, gettext

from registry.row_forms import Cell, row_form, rows
from registry.templatetags.words import day, money, month

from ..models import Contribution
from .month_cells import marked

register = template.Library()
KEPT = 16  # forms: a few for each language
NONE = "–"


@register.filter
def payment_rows(records):
    """The rows of a YearOfRecords: one for each line of a month, and one for a month without lines."""
    return rows(_payment_rows(records))


@register.filter
def base_rows(steps):
    """The rows of BaseSteps: month, wage, floor, base, ceiling."""
    return rows(_base_rows(steps))


def _payment_rows(records):
    line_form, empty_form = _payment_forms(records.has_account, get_language())
    for found in records.months:
        covered = month(found.month)
        for line in found.lines:
            yield line_form, {"month": covered, **_line(line)}
        if not found.lines:
            yield empty_form, {"month": covered, "state": marked(found.state)}


def _line(line):
    record = line.record
    is_subsidy = line.is_received and record.kind == Contribution.Kind.SUBSIDY
    return {
        "state": marked(line.state),
        "employer": _subsidy(record) if is_subsidy else line.employer or NONE,
        "base": money(record.base) if record.base else NONE,
        "own": NONE if is_subsidy else money(record.ind_share),
        "share": NONE if is_subsidy else money(record.er_share),
        "account": money(record.to_account) if line.is_received else NONE,
        "declared": _declared(line),
        "received": _received(line),
    }


def _subsidy(record):
    """What the government gave, with the level that gave it."""
    level = record.get_payer_level_display() if record.payer_level else ""
    return format_html(
        "{} <strong>{}</strong> <small>{}</small>", gettext("Government subsidy"), money(record.subsidy), level
    )


def _declared(line):
    if not line.assessed:
        return NONE
    told = format_html("{} <small>{} {}</small>", money(line.declared), gettext("Due on"), day(line.due_on))
    if line.is_other_than_declared:
        told = format_html("{} <strong>{}</strong>", told, gettext("another amount was received"))
    return told


def _received(line):
    if not line.is_received:
        return format_html("{} <small>{}</small>", gettext("not received yet"), gettext("not posted yet"))
    posted = month(line.record.booked_month)
    return format_html("{} <small>{} {}</small>", day(line.record.received_on), gettext("Posted"), posted)


@lru_cache(KEPT)
def _payment_forms(has_account, language):
    """(form of a line, form of a month without lines)."""
    covered, state = Cell("month", gettext("Month"), is_head=True), Cell("state", gettext("State"))
    others = [
        Cell("employer", gettext("Employer")),
        Cell("base", gettext("Base"), "num"),
        Cell("own", gettext("Employee contribution"), "num"),
        Cell("share", gettext("Employer contribution"), "num"),
        *([Cell("account", gettext("To the personal account"), "num")] if has_account else []),
        Cell("declared", gettext("Declared"), "num ticks"),
        Cell("received", gettext("Received on"), "ticks"),
    ]
    return row_form(covered, state, *others), row_form(covered, state, width=1 + len(others))


def _base_rows(steps):
    form = _base_form(get_language())
    unknown, unpublished = gettext("not known here"), gettext("not published here")
    for step in steps.steps:
        yield (
            form,
            {
                "month": month(step.month),
                "wage": unknown if step.declared_wage is None else money(step.declared_wage),
                "lower": unpublished if step.lower is None else money(step.lower),
                "base": money(step.base),
                "upper": unpublished if step.upper is None else money(step.upper),
            },
        )


@lru_cache(KEPT)
def _base_form(language):
    return row_form(
        Cell("month", gettext("Month"), is_head=True),
        Cell("wage", gettext("Declared wage"), "num"),
        Cell("lower", gettext("Floor"), "num"),
        Cell("base", gettext("Base"), "num"),
        Cell("upper", gettext("Ceiling"), "num"),
    )
