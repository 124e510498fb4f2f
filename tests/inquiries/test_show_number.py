"""The whole identity number: on no page of anybody, but for the deed that says why."""

import re

import pytest
from django.db import connection
from django.urls import reverse

from inquiries.models import AccessLog
from registry.models import InsuredPerson
from tests import visitors
from tests.cast import AUDITOR, CAST, CLERK, LAST, OPERATOR, SECURITY_ADMINISTRATOR, SYSTEM_ADMINISTRATOR
from tests.test_house import patterns

pytestmark = pytest.mark.django_db
SHOW = reverse("show_number")
NUMBERS = {getattr(CAST, name).number for name in CAST.__dataclass_fields__}
GROUPED = re.compile(r"(?<!\d)\d{6}[ -]?\d{8}[ -]?\d{3}[\dXx](?!\d)")


def in_full(member):
    return f"{member.number[:6]} {member.number[6:14]} {member.number[14:]}"


def look_up(client, member, purpose="verify"):
    form = {"id_type": "citizen", "number": member.number, "purpose": purpose, "reference": "核字1号"}
    client.post(reverse("look_up_person"), form)
    return client


def operator():
    return look_up(visitors.staff(OPERATOR), CAST.wang)


def auditor():
    return look_up(visitors.staff(AUDITOR), CAST.wang, "audit")


def show(client, reason, changes=()):
    return client.post(SHOW, {"inquiry": visitors.inquiry_token(client), "reason": reason} | dict(changes))


def reveals():
    person = InsuredPerson.objects.with_number("citizen", CAST.wang.number).get()
    rows = AccessLog.objects.filter(person_id=person.pk, kind="reveal", page="inquiries.whole_number")
    return list(rows.order_by("at").values_list("capacity", "detail", "office"))


VISITORS = {
    "self": (lambda: visitors.person(CAST.wang), "own_number", "whole_number", ""),
    "clerk": (lambda: visitors.clerk_serving(CAST.wang), "compare_document", "whole_number", "1 号窗口"),
    "operator": (operator, "other_office", "operators_whole_number", "机房"),
}


@pytest.mark.parametrize("capacity", VISITORS)
def test_it_is_masked_until_somebody_says_why_and_then_shown_once(capacity):
    sign_in, reason, page, office = VISITORS[capacity]
    client = sign_in()
    before = client.get(reverse(page)).text
    assert "990101********" in before
    assert in_full(CAST.wang) not in before
    assert f'value="{reason}"' in before
    answer = show(client, reason)
    assert in_full(CAST.wang) in answer.text
    assert "no-store" in answer.headers["Cache-Control"]
    assert in_full(CAST.wang) not in client.get(reverse(page)).text
    assert reveals() == [(capacity, reason, office)]


@pytest.mark.parametrize("capacity", VISITORS)
@pytest.mark.parametrize(("changes", "status"), [({"inquiry": "x"}, 409), ({"reason": "because"}, 404)])
def test_without_the_inquirys_token_or_a_reason_nothing_is_shown_or_written(capacity, changes, status):
    sign_in, reason, *_ = VISITORS[capacity]
    answer = show(sign_in(), reason, changes)
    assert answer.status_code == status
    assert CAST.wang.number[-4:] not in answer.text
    assert reveals() == []


def test_a_reason_of_another_capacity_is_none():
    assert show(visitors.person(CAST.wang), "other_office").status_code == 404


def test_an_auditor_and_whoever_has_no_record_open_get_nothing():
    for client in (
        auditor(),
        visitors.staff(OPERATOR),
        visitors.agent(CAST.agent),
        visitors.staff(SYSTEM_ADMINISTRATOR),
    ):
        assert show(client, "compare_document").status_code in {302, 403}
    assert reveals() == []


def test_a_clerk_compares_first():
    client = visitors.staff(CLERK)
    visitors.start_visit(client, CAST.wang)
    assert show(client, "compare_document").status_code == 302
    assert reveals() == []


def test_it_is_a_deed():
    assert visitors.person(CAST.wang).get(SHOW).status_code == 405


def test_the_person_reads_that_it_was_shown_and_why():
    show(visitors.clerk_serving(CAST.wang), "fill_in_form")
    page = visitors.words(visitors.person(CAST.wang).get(reverse("who_looked")))
    assert str(AccessLog.Kind.REVEAL.label) in page or "显示" in page
    assert reveals() == [("clerk", "fill_in_form", "1 号窗口")]


def addresses():
    """Every address of the portal, with a value that exists for each part of it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT max(id) FROM accounts_batch), (SELECT max(id) FROM inquiries_staffmember), "
            "(SELECT max(id) FROM accounts_correction)"
        )
        batch, member, correction = cursor.fetchone()
    values = {
        "insurance": "pension",
        "stated_year:year": LAST.year,
        "record:batch": batch,
        "record:correction": correction or 1,
        "office:number": member,
        "user_kind:kind": "person",
    }
    for pattern, _entry in patterns():
        address = re.sub(
            r"<([^>]+)>",
            lambda part: str(values.get(part[1], values.get(part[1].split(":")[0], "base_bound"))),
            pattern,
        )
        yield f"/{address.removeprefix('^').removesuffix('$')}"


ROLES = {
    "nobody": visitors.Client,
    "self": lambda: visitors.person(CAST.wang),
    "agent": lambda: visitors.agent(CAST.agent),
    "clerk": lambda: visitors.staff(CLERK),
    "clerk in a visit": lambda: visitors.clerk_serving(CAST.wang),
    "operator": operator,
    "auditor": auditor,
    "system": lambda: visitors.staff(SYSTEM_ADMINISTRATOR),
    "security": lambda: visitors.staff(SECURITY_ADMINISTRATOR),
}


@pytest.mark.parametrize("role", ROLES)
def test_no_page_of_anybody_holds_a_whole_number(role):
    client = ROLES[role]()
    opened = 0
    for address in addresses():
        answer = client.get(address)
        assert answer.status_code in {200, 302, 303, 403, 404, 405, 409}, address
        text = b"".join(answer.streaming_content).decode() if answer.streaming else answer.text
        opened += answer.status_code == 200
        found = {re.sub("[ -]", "", number) for number in GROUPED.findall(text)}
        assert not found & NUMBERS, address
        assert not [number for number in NUMBERS if number in text], address
    assert opened >= 5
