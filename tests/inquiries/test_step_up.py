from datetime import timedelta

import pytest
from django.urls import reverse

from inquiries.models import Session, User
from tests import visitors
from tests.cast import CAST, PASSWORD
from tests.time_passes import in_use_for

pytestmark = pytest.mark.django_db
FREEZE = reverse("freeze_account")
UNDONE = "您刚才提交的内容没有办理。"


@pytest.fixture
def client():
    """Wang, who signed in eleven minutes ago and is still there."""
    client = visitors.person(CAST.wang)
    Session.objects.update(proved_at=Session.objects.get().proved_at - timedelta(minutes=11))
    return client


def test_whoever_has_just_signed_in_is_not_asked():
    assert visitors.person(CAST.wang).get(FREEZE).status_code == 200


def test_after_ten_minutes_the_password_is_asked_and_leads_back(client):
    answer = client.get(FREEZE)
    assert answer.headers["Location"] == f"{reverse('step_up')}?next=%2Faccount%2Ffreeze%2F"
    page = client.get(answer.headers["Location"]).text
    assert UNDONE not in page
    key = client.session.session_key
    back = client.post(reverse("step_up"), {"password": PASSWORD, "next": FREEZE})
    assert back.headers["Location"] == FREEZE
    assert client.session.session_key != key
    assert client.get(FREEZE).status_code == 200


def test_a_stopped_form_is_said_to_be_undone(client):
    answer = client.post(FREEZE, headers={"referer": f"http://testserver{FREEZE}"})
    assert answer.headers["Location"] == f"{reverse('step_up')}?next=%2Faccount%2Ffreeze%2F&undone=1"
    assert UNDONE in client.get(answer.headers["Location"]).text
    assert User.objects.get(pk=client.session["_auth_user_id"]).frozen_at is None


def test_a_wrong_password_is_refused_and_counted(client):
    for _try in range(5):
        assert "密码不对。" in client.post(reverse("step_up"), {"password": "not it at all"}).text
    assert "尝试次数较多" in client.post(reverse("step_up"), {"password": PASSWORD}).text
    assert client.get(FREEZE).status_code == 302


def test_use_alone_keeps_nothing_fresh(client):
    in_use_for(timedelta(minutes=11))
    client.get(reverse("my_accounts"))
    assert client.get(FREEZE).status_code == 302


def test_nobody_is_led_to_another_site(client):
    form = {"password": PASSWORD, "next": "https://elsewhere.example/"}
    assert client.post(reverse("step_up"), form).headers["Location"] == reverse("account")
