"""Django's admin: by address, role and second factor; it shows and does nothing."""

from ipaddress import ip_network

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from tests import visitors
from tests.cast import AUDITOR, CAST, CLERK, OPERATOR, SECURITY_ADMINISTRATOR, SYSTEM_ADMINISTRATOR

pytestmark = pytest.mark.django_db
INDEX = "/admin/"


def proved_twice(client):
    session = client.session
    session["second_factor"] = "app"
    session.save()
    return client


@pytest.mark.parametrize("staff_no", [OPERATOR, AUDITOR])
def test_operators_and_auditors_with_a_second_factor_look(staff_no):
    client = proved_twice(visitors.staff(staff_no))
    for address in (
        INDEX,
        reverse("admin:inquiries_staffmember_changelist"),
        reverse("admin:admin_logentry_changelist"),
    ):
        assert client.get(address).status_code == 200


def test_without_a_second_factor_nobody_looks():
    client = visitors.staff(OPERATOR)
    session = client.session
    session.pop("second_factor", None)
    session.save()
    assert client.get(INDEX, follow=True).status_code == 403


@pytest.mark.parametrize("staff_no", [CLERK, SYSTEM_ADMINISTRATOR, SECURITY_ADMINISTRATOR])
def test_other_staff_do_not(staff_no):
    assert proved_twice(visitors.staff(staff_no)).get(INDEX, follow=True).status_code == 403


def test_persons_and_agents_do_not():
    for client in (visitors.person(CAST.wang), visitors.agent(CAST.agent)):
        assert proved_twice(client).get(INDEX, follow=True).status_code == 403


def test_who_is_not_signed_in_is_led_to_the_staff_door():
    answer = Client().get(INDEX, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("sign_in", args=["staff"])


@pytest.mark.parametrize("address", [INDEX, "/admin/login/", "/admin/inquiries/staffmember/", "/admin/nothing/"])
@pytest.mark.parametrize(
    "networks", [[], [ip_network("192.0.2.0/24")], [ip_network("2001:db8::/32")]], ids=["none", "other", "six"]
)
def test_from_an_unknown_address_there_is_no_admin(settings, address, networks):
    settings.ADMIN_ADDRESSES = networks
    for client in (Client(), proved_twice(visitors.staff(OPERATOR))):
        assert client.get(address).status_code == 404


def test_a_forwarded_address_is_believed_from_a_listed_proxy_alone(settings):
    settings.ADMIN_ADDRESSES = [ip_network("192.0.2.0/24")]
    client = proved_twice(visitors.staff(OPERATOR))
    claims = {"X-Forwarded-For": "192.0.2.7"}
    assert client.get(INDEX, headers=claims).status_code == 404
    settings.TRUSTED_PROXIES = [ip_network("127.0.0.1")]
    assert client.get(INDEX, headers=claims).status_code == 200
    assert client.get(INDEX, headers={"X-Forwarded-For": "192.0.2.7, 198.51.100.1"}).status_code == 404


def test_a_password_is_set_nowhere_in_it_and_signing_out_is_ours():
    client = proved_twice(visitors.staff(OPERATOR))
    assert client.get("/admin/password_change/").headers["Location"] == reverse("change_password")
    assert client.post("/admin/logout/").headers["Location"] == reverse("home")
    assert "_auth_user_id" not in client.session


def test_nothing_in_it_can_be_added_changed_or_removed(rf):
    request = rf.get(INDEX)
    request.user = visitors.staff(OPERATOR).get(reverse("home"), follow=True).wsgi_request.user
    assert LogEntry in admin.site._registry
    for model, registered in admin.site._registry.items():
        assert not registered.has_add_permission(request), model
        assert not registered.has_change_permission(request), model
        assert not registered.has_delete_permission(request), model
