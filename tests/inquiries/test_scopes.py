"""Every capacity against every page: what stands in its row opens, everything else is refused by the row alone."""

import pytest
from django.http import HttpResponse
from django.urls import URLPattern, get_resolver, reverse

from inquiries.door import on_record
from inquiries.door.scopes import OF_CAPACITY, OF_SCOPE, SCOPES_OF_PURPOSE, every_page
from inquiries.forms import StartVisitForm
from inquiries.mandate_forms import PURPOSES
from inquiries.models import Inquiry, Mandate, Scope
from tests import visitors
from tests.cast import CAST, HARBOUR, OPERATOR
from tests.entrusting import at_kiosk, caller, clerk_serving_proxy, come_for_unit, desk, kiosk, match, proxy_of

pytestmark = pytest.mark.django_db
NO_RECORD = {"deed", "window", "operators", "phone", "staff"}
PERSON = ["my_accounts", "payment_records", "lifetime", "registration_status"]
PERSON += ["who_looked", "my_mandates", "phone_code"]
EMPLOYER = ["employer_home", "payment_list"]
PAGES = [*PERSON, *EMPLOYER, "me"]
PAYMENTS = {"payment_records", "lifetime"}
RECORD = {"my_accounts", "registration_status"} | PAYMENTS


def doors(resolver=None):
    for entry in (resolver or get_resolver()).url_patterns:
        if not isinstance(entry, URLPattern):
            if not str(entry.pattern).startswith("admin/"):
                yield from doors(entry)
        elif getattr(entry.callback, "door", None):
            yield entry.callback.door


def served(actor, purpose="balance"):
    return lambda: clerk_serving_proxy(CAST.wang, CAST.chen, actor, purpose=purpose)


def guardian():
    clerk_serving_proxy(CAST.wang, CAST.chen, "guardian", last_day="2026-12-31")
    mandate = Mandate.objects.latest("pk")
    client = visitors.person(CAST.chen)
    client.post(reverse("choose_record"), {"mandate": mandate.token})
    return client


def unit():
    client = visitors.staff()
    come_for_unit(client, HARBOUR)
    return client


CAPACITIES = {
    "self": (lambda: visitors.person(CAST.wang), {*PERSON, "me"}),
    "agent": (lambda: visitors.agent(CAST.agent), set(EMPLOYER)),
    "proxy of all": (lambda: proxy_of(CAST.wang, CAST.chen)[0], RECORD),
    "proxy of payments": (lambda: proxy_of(CAST.wang, CAST.chen, scopes=["payments"])[0], PAYMENTS),
    "guardian": (guardian, {*RECORD, "who_looked"}),
    "clerk with the person": (lambda: visitors.clerk_serving(CAST.wang), {*RECORD, "who_looked", "me"}),
    "clerk with a proxy": (served("proxy"), {"my_accounts", *PAYMENTS}),
    "clerk with a proxy for registration": (served("proxy", "registration"), {"registration_status"}),
    "clerk with a unit": (unit, set(EMPLOYER)),
    "desk": (lambda: desk(CAST.wang, caller(CAST.wang)[1]), RECORD - {"lifetime"}),
    "kiosk": (lambda: at_kiosk(kiosk(OPERATOR), CAST.wang), RECORD),
}


@pytest.mark.parametrize("capacity", CAPACITIES)
def test_a_capacity_opens_its_pages_and_no_other(second_clerk, phone_desk, capacity):
    begin, opened = CAPACITIES[capacity]
    client = begin()
    answers = {name: client.get(reverse(name)) for name in PAGES}
    assert {name for name, answer in answers.items() if answer.status_code == 200} == opened
    refused = [answer for name, answer in answers.items() if name not in opened]
    assert {answer.status_code for answer in refused} == {403}
    assert all("这项内容不在您的查询范围内" in answer.text for answer in refused)


@pytest.mark.parametrize("capacity", CAPACITIES)
def test_a_page_leads_nowhere_that_is_refused(second_clerk, phone_desk, capacity):
    begin, opened = CAPACITIES[capacity]
    client = begin()
    refused = [f'href="{reverse(name)}' for name in PAGES if name not in opened]
    for name in opened - {"me"}:
        text = client.get(reverse(name)).text
        assert [link for link in refused if link in text] == []


def test_the_desk_and_the_kiosk_have_rows_of_their_own(phone_desk):
    """The entries of one insurance: a kiosk's balance tile leads there, the desk's caller has not agreed to it."""
    page = reverse("insurance", args=["pension"])
    assert at_kiosk(kiosk(OPERATOR), CAST.wang).get(page).status_code == 200
    at_the_desk = desk(CAST.wang, caller(CAST.wang)[1])
    assert at_the_desk.get(page).status_code == 403
    assert page not in at_the_desk.get(reverse("my_accounts")).text


def test_every_page_behind_the_door_stands_in_a_row():
    assert set(doors()) - every_page() - NO_RECORD == set()


def test_a_page_in_no_row_is_open_to_nobody(rf):
    client = visitors.person(CAST.wang)
    request = rf.get("/nowhere/")
    request.session, request.user = client.session, Inquiry.objects.latest("pk").user
    page = on_record("inquiries.nowhere")(lambda request, person: HttpResponse("open"))
    assert page(request).status_code == 403


def test_no_capacity_is_without_a_row():
    rows = {capacity for capacity, _channel in OF_CAPACITY}
    # A proxy's row is the mandate, a clerk's the visitor.
    assert rows | {"proxy", "clerk"} == set(Inquiry.Capacity)
    assert set(OF_SCOPE) == set(Scope)


def test_each_purpose_of_a_visit_opens_something_to_a_proxy():
    purposes = {value for value, _label in StartVisitForm.base_fields["purpose"].choices if value}
    assert purposes == set(SCOPES_OF_PURPOSE) == set(PURPOSES)
    assert all(any(OF_SCOPE[scope] for scope in scopes) for scopes in SCOPES_OF_PURPOSE.values())


def test_deeds_keep_to_the_rows_too(second_clerk):
    client = clerk_serving_proxy(CAST.wang, CAST.chen)
    token = {"inquiry": visitors.inquiry_token(client)}
    assert client.post(reverse("issue_code"), token).status_code == 403
    assert client.post(reverse("make_phone_code"), token).status_code == 403
    proxy = proxy_of(CAST.li, CAST.chen)[0]
    assert proxy.post(reverse("end_mandate"), {"inquiry": visitors.inquiry_token(proxy)}).status_code == 403


def test_no_capacity_takes_what_it_may_only_see(second_clerk):
    client = clerk_serving_proxy(CAST.wang, CAST.chen)
    assert client.get(reverse("confirm_identity")).status_code == 405
    assert match(client).status_code == 302
