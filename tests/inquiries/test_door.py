"""The door: who may see what, the log row before the page, the transaction that cannot write."""

from datetime import timedelta

import pytest
from django.db import Error, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account
from contributions import payment_records
from inquiries import opening
from inquiries.models import AccessLog, EmployerAgent, Inquiry, StaffMember
from registry.models import InsuredPerson
from registry.roles import acting_as
from tests import visitors
from tests.cast import CAST, months_ago

pytestmark = pytest.mark.django_db
RECORD_PAGES = ["my_accounts", "payment_records", "registration_status", "who_looked", "me"]


def person_of(member):
    return InsuredPerson.objects.with_number("citizen", member.number).get()


def log_of(member):
    return AccessLog.objects.filter(person_id=person_of(member).pk)


@pytest.mark.parametrize("name", RECORD_PAGES)
def test_signed_out_visitors_are_sent_to_sign_in(name):
    answer = Client().get(reverse(name))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("home"))


@pytest.mark.parametrize("name", RECORD_PAGES)
def test_each_page_writes_one_log_row_about_the_person_shown(name):
    client = visitors.person(CAST.wang)
    before = log_of(CAST.wang).count()
    assert client.get(reverse(name)).status_code == 200
    rows = log_of(CAST.wang).order_by("at")
    assert rows.count() == before + 1
    assert (rows.last().capacity, rows.last().purpose, rows.last().kind) == ("self", "own_record", "look")


@pytest.mark.parametrize("name", RECORD_PAGES)
def test_an_agent_gets_no_record_page(name):
    assert visitors.agent(CAST.agent).get(reverse(name)).status_code == 403


@pytest.mark.parametrize("name", RECORD_PAGES)
def test_a_clerk_without_a_visit_is_sent_to_today(name):
    assert visitors.staff().get(reverse(name)).headers["Location"] == reverse("window_today")


@pytest.mark.parametrize("name", ["employer_home", "payment_list"])
def test_a_person_gets_no_employer_page(name):
    assert visitors.person(CAST.wang).get(reverse(name)).status_code == 403


def test_a_stranger_never_sees_her_values():
    client = visitors.person(CAST.li)
    for name in RECORD_PAGES:
        text = client.get(reverse(name)).text
        assert CAST.wang.name not in text
        assert "海港食品" not in text
        assert "12,345.67" not in text


def test_the_log_row_stays_when_the_page_fails(monkeypatch):
    client = visitors.person(CAST.wang)
    before = log_of(CAST.wang).count()

    def fails(*args):
        raise ZeroDivisionError

    monkeypatch.setattr(payment_records, "_first_year", fails)
    client.raise_request_exception = False
    assert client.get(reverse("payment_records")).status_code == 500
    assert log_of(CAST.wang).count() == before + 1


def test_the_page_is_made_in_a_transaction_that_cannot_write_and_names_the_inquiry(monkeypatch):
    client = visitors.person(CAST.wang)
    seen = {}

    def look(*args):
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('transaction_read_only'), current_setting('portal.inquiry')")
            seen["settings"] = cursor.fetchone()
        return 2026

    monkeypatch.setattr(payment_records, "_first_year", look)
    client.get(reverse("payment_records"))
    assert seen["settings"] == ("on", visitors.inquiry_token(client))


def test_an_expired_inquiry_opens_nothing():
    client = visitors.person(CAST.wang)
    Inquiry.objects.filter(token=visitors.inquiry_token(client)).update(
        expires_at=timezone.now() - timedelta(seconds=1)
    )
    assert client.get(reverse("my_accounts")).status_code == 302


def test_another_users_token_opens_nothing():
    hers, his = visitors.person(CAST.wang), visitors.person(CAST.li)
    session = his.session
    session["inquiry"] = visitors.inquiry_token(hers)
    session.save()
    assert his.get(reverse("my_accounts")).status_code == 302


def test_an_agents_role_that_ended_ends_at_once(as_job):
    client = visitors.agent(CAST.agent)
    assert client.get(reverse("employer_home")).status_code == 200
    user = client.session["_auth_user_id"]
    with as_job():
        EmployerAgent.objects.filter(user_id=user).update(until=timezone.localdate())
    assert client.get(reverse("employer_home")).headers["Location"] == reverse("choose_employer")
    assert "海港食品" not in client.get(reverse("choose_employer")).text


def test_a_clerks_role_that_ended_ends_at_once(as_job):
    client = visitors.clerk_serving(CAST.wang)
    assert client.get(reverse("my_accounts")).status_code == 200
    user = client.session["_auth_user_id"]
    with as_job():
        StaffMember.objects.filter(user_id=user).update(until=timezone.localdate())
    assert client.get(reverse("my_accounts")).status_code == 403


def test_the_record_of_a_merged_duplicate_shows_with_the_person(as_job):
    client = visitors.person(CAST.wang)
    with as_job():
        InsuredPerson.objects.filter(pk=person_of(CAST.chen).pk).update(merged_into=person_of(CAST.wang))
    balance = Account.objects.get(person_id=person_of(CAST.chen).pk, scheme="pension").balance
    assert f"{balance:,.2f}" in client.get(reverse("insurance", args=["pension"])).text
    arrived = {"year": months_ago(4).year}
    assert "31,415.92" in client.get(reverse("account_entries", args=["pension"]), arrived).text


def test_log_detail_holds_known_words_of_the_address_only():
    client = visitors.person(CAST.wang)
    client.get(reverse("payment_records"), {"insurance": "medical", "year": "2026", "q": CAST.li.number})
    row = log_of(CAST.wang).order_by("at").last()
    assert row.detail == "medical 2026"


def test_closing_says_when():
    client = visitors.person(CAST.wang)
    token = visitors.inquiry_token(client)
    visitors.sign_in("person", CAST.wang.number, client=client)
    assert Inquiry.objects.get(token=token).closed_at is not None
    assert opening.OWN_RECORD_HOURS == 8


@pytest.mark.parametrize("statement", ["UPDATE", "DELETE", "TRUNCATE"])
@pytest.mark.parametrize(
    "table", ["inquiries_accesslog", "accounts_entry", "contributions_contribution", "accounts_batch"]
)
@pytest.mark.parametrize("role", ["web", "job", "owner"])
def test_nobody_changes_or_removes_rows(table, statement, role):
    column = {"accounts_batch": "slip_no"}.get(table, "person_id")
    sql = {
        "UPDATE": "UPDATE {table} SET {column} = {column}",
        "DELETE": "DELETE FROM {table}",
        "TRUNCATE": "TRUNCATE {table}",
    }[statement].format(table=table, column=column)
    with pytest.raises(Error), transaction.atomic(), acting_as(role), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("table", ["inquiries_accesslog_y2026", "accounts_entry_y2026", "accounts_entry_default"])
def test_a_partition_gives_the_web_role_nothing_and_refuses_the_owner(table):
    for role, sql in [
        ("web", f"SELECT FROM {table}"),
        ("owner", f"TRUNCATE {table}"),
        ("owner", f"DELETE FROM {table}"),
    ]:
        with pytest.raises(Error), transaction.atomic(), acting_as(role), connection.cursor() as cursor:
            cursor.execute(sql)
