"""Marks of months: the same few a hundred times over, so each is written once for each language."""

from functools import lru_cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

register = template.Library()
KEPT = 128
EMPTY = SafeString("<td></td>")


@register.filter
def month_cells(marks):
    """Table cells of months from their marks (contributions.month_state.Mark, or None for an empty cell)."""
    language = get_language()
    return format_html_join("", "{}", ((_cell(mark, language),) for mark in marks))


@register.filter
def marked(mark):
    """The state of a month in symbol, word and colour; nothing for None."""
    return _marked(mark, get_language()) if mark is not None else ""


@register.filter
def mark_key(marks):
    """The legend of these marks."""
    return _key(tuple(marks), get_language())


@lru_cache(KEPT)
def _cell(mark, language):
    if mark is None:
        return EMPTY
    return format_html('<td class="s-{}" title="{}">{}</td>', mark.value, gettext(mark.word), mark.symbol)


@lru_cache(KEPT)
def _marked(mark, language):
    form = '<span class="state s-{}"><span aria-hidden="true">{}</span> {}</span>'
    return format_html(form, mark.value, mark.symbol, gettext(mark.word))


@lru_cache(KEPT)
def _key(marks, language):
    form = '<li><abbr class="s-{}" aria-hidden="true">{}</abbr>{}</li>'
    items = format_html_join("", form, ((mark.value, mark.symbol, gettext(mark.word)) for mark in marks))
    return format_html('<ul class="key">{}</ul>', items)
