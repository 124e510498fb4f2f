"""Rows that are filled in: what comes from records is text, whatever it looks like."""

from django.utils.html import format_html

from registry.row_forms import Cell, row_form, rows

FORM = row_form(Cell("month", "Month", is_head=True), Cell("amount", 'A "sum"', "num"), Cell("note", ""), width=2)


def test_a_form_is_filled_in_row_by_row():
    filled = rows([(FORM, {"month": "May", "amount": 1, "note": format_html("<b>{}</b>", "x")})] * 2)
    row = (
        '<tr><th scope="row" data-label="Month">May</th>'
        '<td class="num" data-label="A &quot;sum&quot;">1</td><td colspan="2"><b>x</b></td></tr>\n'
    )
    assert filled == row * 2


def test_what_is_put_in_is_no_markup():
    hostile = {"month": "<script>", "amount": "{note}", "note": "{0.__class__}"}
    filled = rows([(FORM, hostile)])
    assert "&lt;script&gt;" in filled
    assert ">{note}<" in filled
    assert ">{0.__class__}<" in filled


def test_no_rows_are_nothing():
    assert rows([]) == ""
