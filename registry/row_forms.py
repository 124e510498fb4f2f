"""Rows of long tables: written once for each language as a form that every row fills in.

A template loop takes several times as long for the same cells (docs/decisions/019-rows-are-filled-in.md).
"""

from dataclasses import dataclass

from django.utils.html import format_html, format_html_join


@dataclass(frozen=True)
class Cell:
    """A cell of the form: the name of what is put in, the column's label where it is said beside the cell on a narrow
    screen, the classes, and whether it heads the row."""

    name: str
    label: str
    classes: str = ""
    is_head: bool = False


def row_form(*cells, width=1):
    """A row of Cells as HTML with each name in braces, for `rows`; the last cell is `width` columns wide."""
    widths = [1] * (len(cells) - 1) + [width]
    forms = (_form(cell, columns) for cell, columns in zip(cells, widths, strict=True))
    return format_html("<tr>{}</tr>\n", format_html_join("", "{}", ((form,) for form in forms)))


def _form(cell, width):
    attributes = {
        "scope": "row" if cell.is_head else "",
        "class": cell.classes,
        "colspan": width if width > 1 else "",
        "data-label": cell.label,
    }
    given = format_html_join("", ' {}="{}"', ((name, value) for name, value in attributes.items() if value))
    return format_html("<{0}{1}>{2}</{0}>", "th" if cell.is_head else "td", given, f"{{{cell.name}}}")


def rows(filled):
    """Rows from (form, {name: text or HTML}) of each."""
    return format_html_join("", "{}", ((format_html(form, **values),) for form, values in filled))
