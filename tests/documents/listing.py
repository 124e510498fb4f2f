"""Asking for a payment list, and reading the page as somebody would who copies its table."""

import re

from django.urls import reverse

from documents.payment_list import PaymentList
from registry.insurance import Insurance
from tests.behind_the_wall import inquiry_of, web

from .conftest import MONTH, TODAY


def ask(client, month=MONTH, insurance="pension", name="payment_list", **more):
    answer = client.get(reverse(name), {"month": f"{month:%Y-%m}", "insurance": insurance} | more)
    assert answer.status_code == 200
    return answer


def words_of(html):
    """What a reader sees of a piece of HTML, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def table_of(answer):
    """The words in the cells of the page's last table; nothing where it has none."""
    bodies = re.findall(r"<tbody>.*?</tbody>", answer.text, re.S)
    rows = re.findall(r"<tr>.*?</tr>", bodies[-1], re.S) if bodies else []
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S) for row in rows]
    return [[words_of(cell) for cell in row] for row in cells]


def names_of(answer):
    return [row[1] for row in table_of(answer)]


def lines_of(works, month=MONTH, insurance=Insurance.PENSION):
    """Every line, as an agent's open inquiry finds it."""
    with web(inquiry_of(employer_id=works.employer.pk, capacity="agent")):
        return PaymentList(works.employer, month, insurance, TODAY).lines()
