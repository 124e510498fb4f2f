"""The cells of the payment calendar: the same few marks a hundred times over, so each is written once."""

from functools import lru_cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

register = template.Library()
CELLS_KEPT = 64
EMPTY = SafeString("<td></td>")


@register.filter
def month_cells(marks):
    """Table cells of months from their marks (contributions.month_state.Mark, or None for an empty cell)."""
    language = get_language()
    return format_html_join("", "{}", ((_cell(mark, language),) for mark in marks))


@lru_cache(CELLS_KEPT)
def _cell(mark, language):
    if mark is None:
        return EMPTY
    return format_html('<td class="s-{}" title="{}">{}</td>', mark.value, gettext(mark.word), mark.symbol)
