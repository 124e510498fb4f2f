"""The rows of the payment list on the screen, names and numbers masked."""

from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.translation import get_language, gettext

from contributions.templatetags.month_cells import marked
from registry.row_forms import Cell, row_form, rows
from registry.templatetags.words import day, masked_id, masked_name, money, month

register = template.Library()
KEPT = 16  # forms: two for each language
NONE = "–"


@register.filter
def list_rows(lines, schemes):
    """One row for each Line; its scheme stands in it where the list has several."""
    form = _form(len(schemes) > 1, get_language())
    return rows((form, _cells(line)) for line in lines)


def _cells(line):
    return {
        "number": line.number,
        "name": masked_name(line.name),
        "id_number": masked_id(line.id_number),
        "state": marked(line.state),
        "scheme": line.scheme.label,
        "kind": line.kind.label if line.kind else NONE,
        "base": money(line.base),
        "er_share": money(line.er_share),
        "ind_share": money(line.ind_share),
        "late_fee": money(line.late_fee),
        "total": money(line.total),
        "booked_month": month(line.booked_month) or NONE,
        "received_on": _received(line),
    }


def _received(line):
    if line.received_on:
        return day(line.received_on)
    return format_html("<small>{}</small><br>{}", gettext("due by"), day(line.due_on))


@lru_cache(KEPT)
def _form(has_schemes, language):
    return row_form(
        Cell("number", gettext("No."), "num"),
        Cell("name", "", is_head=True),
        Cell("id_number", gettext("Identity number")),
        Cell("state", gettext("State")),
        *([Cell("scheme", gettext("Scheme"))] if has_schemes else []),
        Cell("kind", gettext("Kind of payment")),
        Cell("base", gettext("Base"), "num"),
        Cell("er_share", gettext("Employer contribution"), "num"),
        Cell("ind_share", gettext("Employee contribution"), "num"),
        Cell("late_fee", gettext("Late fee"), "num"),
        Cell("total", gettext("Total"), "num"),
        Cell("booked_month", gettext("Booked month")),
        Cell("received_on", gettext("Received on")),
    )
