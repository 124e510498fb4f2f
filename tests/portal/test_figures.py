"""Whatever files arrived: every figure on a person's pages is what the books hold, read here by SQL of its own."""

import re
from collections import Counter
from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse
from hypothesis import Phase, given, settings

from inquiries import activation, opening
from registry.insurance import SCHEMES_OF, Insurance
from registry.models import InsuredPerson
from registry.roles import acting_as
from tests import visitors
from tests.accounts.test_books_properties import YEARS_OF_FILES, World, files, quick
from tests.staged import load

ROW = re.compile(r"<tr>(.*?)</tr>", re.S)
CELL = re.compile(r"<t[dh][^>]*>(.*?)</t[dh]>", re.S)
FIGURE = re.compile(r'<data value="(-?[\d.]+)">')
MONEY = re.compile(r"-?[\d,]+\.\d\d")
WITH_ACCOUNTS = (Insurance.PENSION, Insurance.MEDICAL)


@contextmanager
def example():
    """What an example wrote is rolled back: to a savepoint, since the door's log row bears no transaction around it."""
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT example")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK TO SAVEPOINT example")


def asked(sql, *arguments):
    with acting_as("read"), connection.cursor() as cursor:
        cursor.execute(sql, arguments)
        return cursor.fetchall()


def owner_of(pk):
    """A client in which this person looks at her own record."""
    person = InsuredPerson.objects.get(pk=pk)
    user = activation.user_for_person(person, f"figures:{pk}")
    client = visitors.let_in(Client(), user)
    request = RequestFactory().get("/")
    request.session, request.user, request.own_session = client.session, user, None
    opening.open_own_record(request)
    request.session.save()
    return client


def page(client, name, query=None, **named):
    answer = client.get(reverse(name, kwargs=named), query or {})
    assert answer.status_code == 200
    return answer.text


def rows(text):
    """The cells of each table row, as text."""
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in CELL.findall(row)] for row in ROW.findall(text)]


def amounts(cells):
    return [Decimal(cell.replace(",", "")) for cell in cells if MONEY.fullmatch(cell)]


def figures(text):
    return {Decimal(value) for value in FIGURE.findall(text)}


def balances(pk, insurance):
    """[yuan] of the accounts in the order in which they are numbered."""
    sql = (
        """SELECT balance FROM accounts_account WHERE person_id = %s AND scheme = ANY (%s) ORDER BY opened_month, id"""
    )
    return [row[0] for row in asked(sql, pk, [*SCHEMES_OF[insurance]])]


def see_the_overview(client, pk):
    shown = figures(page(client, "my_accounts"))
    for insurance in WITH_ACCOUNTS:
        assert {balance for balance in balances(pk, insurance) if balance} <= shown


def see_the_sources(client, pk, insurance):
    for number, balance in enumerate(balances(pk, insurance), 1):
        text = page(client, "balance_sources", {"account": number}, insurance=insurance.value)
        end = text.index("</tfoot>")
        table = text[text.rindex("<table", 0, end) : end]
        *terms, total = [each for each in rows(table) if len(each) == 2 and MONEY.fullmatch(each[1])]
        # The sum of a group stands in its last row, printed strong, when it has several terms.
        strong = {re.sub(r"<[^>]+>", "", s) for s in re.findall(r"<td><strong>(.*?)</strong>", table)}
        assert amounts(total) == [balance]
        assert sum((amounts(each)[0] for each in terms if each[0] not in strong), Decimal(0)) == balance
        assert balance in figures(text)


def see_the_entries(client, pk, insurance):
    for year in YEARS_OF_FILES:
        text = page(client, "account_entries", {"year": year}, insurance=insurance.value)
        sql = """SELECT amount FROM accounts_entry WHERE person_id = %s AND scheme = ANY (%s)
            AND extract(year FROM booked_month) = %s"""
        booked = Counter(row[0] for row in asked(sql, pk, [*SCHEMES_OF[insurance]], year))
        # A year without entries shows the latest that has some.
        if booked:
            assert (
                Counter(amounts(cells[3:4])[0] for cells in rows(text) if len(cells) == 5 and amounts(cells)) == booked
            )


def see_the_payments(client, pk, insurance):
    for year in YEARS_OF_FILES:
        text = page(client, "payment_records", {"insurance": insurance.value, "year": year})
        sql = """SELECT base, ind_share, er_share FROM contributions_contribution WHERE person_id = %s
            AND scheme = ANY (%s) AND extract(year FROM period) = %s"""
        received = asked(sql, pk, [*SCHEMES_OF[insurance]], year)
        table = text[text.index('<table class="stack dense">') :]
        shown = [
            tuple(amounts(cell.replace("–", "0.00") for cell in cells[3:6]))
            for cells in rows(table[: table.index("</table>")])
            if len(cells) > 6
        ]
        assert Counter(row for row in shown if row) == Counter(received)
        if received:
            assert {sum(row[1] for row in received), sum(row[2] for row in received)} <= figures(text)


def see_the_insurance(client, pk, insurance):
    text = page(client, "insurance", insurance=insurance.value)
    sql = """SELECT coalesce(sum(ind_share), 0), coalesce(sum(er_share), 0), coalesce(sum(subsidy), 0),
        coalesce(sum(ind_share + er_share + subsidy), 0) FROM contributions_contribution
        WHERE person_id = %s AND scheme = ANY (%s)"""
    (sums,) = asked(sql, pk, [*SCHEMES_OF[insurance]])
    shown = {amount for cells in rows(text) for amount in amounts(cells)}
    assert {amount for amount in sums if amount} <= shown


# A failing example is told as it is: to make it shorter takes minutes.
@pytest.mark.django_db
@settings(quick, phases=[Phase.explicit, Phase.generate])
@given(files)
def test_the_pages_show_what_the_books_hold(drawn):
    with example():
        world = World()
        for number, (kind, lines) in enumerate(drawn):
            load(kind, world.rows(kind, number, lines))
        pk = world.people[0]
        client = owner_of(pk)
        see_the_overview(client, pk)
        for insurance in WITH_ACCOUNTS:
            see_the_sources(client, pk, insurance)
            see_the_entries(client, pk, insurance)
        for insurance in Insurance:
            see_the_payments(client, pk, insurance)
            see_the_insurance(client, pk, insurance)
