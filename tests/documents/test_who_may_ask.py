"""Who gets the employer's pages, what each look-up leaves in the log, and what a page costs."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inquiries.models import AccessLog, EmployerAgent
from inquiries.models.access_log import NO_PERSON
from registry.months import add_months
from tests import visitors
from tests.cast import CAST

from .conftest import MONTH, TODAY, make_person
from .listing import ask, names_of

PAGES = ["employer_home", "payment_list", "payment_list_print"]
# Session, user, inquiry, role; first and last month, sums, lines, sources; the log row; two transactions read only.
LIST_QUERIES = 11
# As above, with the sums of the months and of the insurances (two each) in the place of sums and lines; the roles.
HOME_QUERIES = 14


def log_of(client, **facts):
    return AccessLog.objects.filter(user_id=client.user.pk, **facts)


@pytest.mark.parametrize("name", PAGES)
def test_signed_out_visitors_are_sent_home(db, name):
    answer = Client().get(reverse(name))
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, reverse("home"))


@pytest.mark.parametrize("name", PAGES)
def test_an_insured_person_is_refused(db, name):
    assert visitors.person(CAST.wang).get(reverse(name)).status_code == 403


@pytest.mark.parametrize("name", PAGES)
def test_a_clerk_is_sent_to_the_window(db, name):
    assert visitors.staff().get(reverse(name)).headers["Location"] == reverse("window_today")


@pytest.mark.parametrize("name", PAGES)
def test_an_agent_whose_mandate_ended_is_refused(works, client_of, as_job, name):
    client = client_of(works)
    with as_job():
        EmployerAgent.objects.filter(user=client.user).update(until=TODAY)
    assert client.get(reverse(name)).status_code in {302, 403}
    assert not log_of(client).exists()


@pytest.mark.parametrize("name", PAGES)
def test_no_page_takes_a_deed(works, client_of, name):
    assert client_of(works).post(reverse(name)).status_code == 405


def test_an_agent_of_two_employers_sees_the_chosen_one_alone(works, neighbour, client_of, as_job):
    with as_job():
        works.receive(make_person("本厂人", 701))
        neighbour.receive(make_person("邻厂人", 702))
    client = client_of(works, neighbour)
    assert names_of(ask(client)) == ["本*人"]
    client.post(reverse("choose_employer"), {"unit": neighbour.employer.credit_code})
    assert names_of(ask(client)) == ["邻*人"]


def test_each_person_shown_gets_a_log_row_and_nobody_else(works, client_of, as_job):
    with as_job():
        people = [make_person(f"员{n:02}", 710 + n) for n in range(52)]
        for person in people:
            works.receive(person)
        works.receive(people[0], "-500.00", kind="refund")
    client = client_of(works)
    ask(client, page=2)
    rows = log_of(client)
    assert sorted(rows.values_list("person_id", flat=True)) == [person.pk for person in people[49:]]
    row = rows.first()
    assert (row.page, row.kind, row.capacity, row.purpose) == (
        *("documents.payment_list", "look", "agent", "payment_list"),
    )
    assert (row.employer_id, row.detail) == (works.employer.pk, f"pension {MONTH:%Y-%m} 2")


def test_home_logs_that_nobody_was_shown(works, client_of):
    client = client_of(works)
    assert client.get(reverse("employer_home")).status_code == 200
    assert [(row.person_id, row.page) for row in log_of(client)] == [(NO_PERSON, "documents.employer_home")]


def test_the_person_reads_who_looked(db):
    agent = visitors.agent(CAST.agent)
    ask(agent, add_months(MONTH, 1))
    text = visitors.person(CAST.wang).get(reverse("who_looked")).text
    assert "职工缴费名单" in text
    assert "王经办" not in text


def questions(client, name, **asked):
    """How many times the page asks the database something, the words of its transactions left out."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(reverse(name), asked).status_code == 200
    return sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE")) for query in captured)


@pytest.mark.parametrize("count", [1, 60])
def test_a_page_asks_as_often_however_long_the_list(works, client_of, as_job, count):
    with as_job():
        for n in range(count):
            works.receive(make_person("某人", 800 + n))
            works.assess(make_person("某人", 870 + n))
    client = client_of(works)
    assert questions(client, "payment_list") == LIST_QUERIES
    assert questions(client, "payment_list_print") == LIST_QUERIES
    assert questions(client, "employer_home") == HOME_QUERIES
