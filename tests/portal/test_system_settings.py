import pytest
from django.conf import settings
from django.urls import reverse

from tests import visitors
from tests.cast import AUDITOR, CAST, CLERK, OPERATOR, SECURITY_ADMINISTRATOR, SYSTEM_ADMINISTRATOR

pytestmark = pytest.mark.django_db
ADDRESS = reverse("system_settings")


@pytest.mark.parametrize("staff_no", [SYSTEM_ADMINISTRATOR, SECURITY_ADMINISTRATOR, AUDITOR])
def test_administrators_and_auditors_see_how_it_is_set_up_and_no_secret(staff_no):
    page = visitors.staff(staff_no).get(ADDRESS)
    assert page.status_code == 200
    assert "ALLOWED_HOSTS" in page.text
    for secret in (settings.SECRET_KEY, settings.LOOKUP_KEY, settings.ENCRYPTION_KEYS[0].partition(":")[2]):
        assert secret not in page.text
    assert "postgresql://" not in page.text


def test_others_do_not():
    clients = [visitors.staff(CLERK), visitors.staff(OPERATOR), visitors.person(CAST.wang)]
    assert {client.get(ADDRESS).status_code for client in clients} == {403}


def test_security_txt_is_there_with_a_contact_alone(client, settings):
    assert client.get("/.well-known/security.txt").status_code == 404
    settings.SECURITY_CONTACT = "mailto:security@portal.example"
    answer = client.get("/.well-known/security.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.text.startswith("Contact: mailto:security@portal.example\nExpires: 20")
