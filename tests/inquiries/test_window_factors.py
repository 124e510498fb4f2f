"""What a clerk hands out in a visit: a sheet of codes, and a bound phone."""

import re

import pytest
from django.urls import reverse

from inquiries import bound_phones, printed_codes, second_factors
from inquiries.models import AccessLog, BoundPhone, PrintedCode, User, Visit
from tests import visitors
from tests.cast import CAST, CLERK

pytestmark = pytest.mark.django_db
PRINTED = re.compile(r'class="id">(\d{4} \d{4})<')


@pytest.fixture
def sent(settings, tmp_path):
    settings.CODE_FILE = tmp_path / "messages.txt"
    return lambda: settings.CODE_FILE.read_text(encoding="utf-8") if settings.CODE_FILE.exists() else ""


def user_of(member):
    return User.objects.with_login("person", member.number)


def deed(client, name, **form):
    return client.post(reverse(name), {"inquiry": visitors.inquiry_token(client)} | form)


def test_a_sheet_of_ten_codes_is_handed_out_once_and_opens():
    client = visitors.clerk_serving(CAST.li)
    assert "打印纸质登录码" in client.get(reverse("finish_visit")).text
    page = deed(client, "hand_out_codes").text
    codes = PRINTED.findall(page)
    assert len(set(codes)) == printed_codes.COUNT
    assert CAST.li.name not in page
    visit, clerk = Visit.objects.latest("pk"), User.objects.with_login("staff", CLERK)
    assert set(PrintedCode.objects.filter(user=user_of(CAST.li)).values_list("visit", "handed_out_by")) == {
        (visit.pk, clerk.pk)
    }
    assert not PRINTED.findall(client.get(reverse("finish_visit")).text)
    hers = visitors.prove_password("person", CAST.li.number)
    assert hers.answer.headers["Location"] == reverse("second_step")
    assert visitors.send_code(hers, codes[0]).headers["Location"] == reverse("my_accounts")


def test_a_new_sheet_helps_whose_codes_are_used_up_or_lost():
    old = printed_codes.hand_out(user_of(CAST.chen))
    new = PRINTED.findall(deed(visitors.clerk_serving(CAST.chen), "hand_out_codes").text)
    hers = visitors.prove_password("person", CAST.chen.number)
    assert visitors.send_code(hers, old[0]).status_code == 200
    assert visitors.send_code(hers, new[0]).status_code == 302


def test_the_sheet_is_kept_before_the_first_activation(as_job):
    with as_job():
        User.objects.filter(person__isnull=False, name=CAST.li.name).update(password="!none")
    deed(visitors.clerk_serving(CAST.li), "hand_out_codes")
    assert second_factors.ways_of(user_of(CAST.li)).printed == printed_codes.COUNT


@pytest.mark.parametrize("name", ["hand_out_codes", "bind_phone"])
def test_nothing_is_handed_out_before_the_identity_matches(name):
    client = visitors.staff()
    visitors.start_visit(client, CAST.li)
    assert deed(client, name, phone="13911112222").headers["Location"] == reverse("check_identity")
    assert not second_factors.ways_of(user_of(CAST.li))


@pytest.mark.parametrize("name", ["hand_out_codes", "bind_phone"])
def test_a_form_of_an_earlier_visit_does_nothing(name):
    client = visitors.clerk_serving(CAST.li)
    assert client.post(reverse(name), {"inquiry": "earlier", "phone": "13911112222"}).status_code == 409
    assert not second_factors.ways_of(user_of(CAST.li))


@pytest.mark.parametrize("visitor", [lambda: visitors.person(CAST.chen), lambda: visitors.agent(CAST.agent)])
@pytest.mark.parametrize("name", ["hand_out_codes", "bind_phone"])
def test_the_deeds_are_the_window_s_alone(visitor, name):
    client = visitor()
    before = PrintedCode.objects.count()
    deed(client, name, phone="13911112222")
    assert (PrintedCode.objects.count(), BoundPhone.objects.count()) == (before, 0)


def test_a_phone_is_bound_at_once_and_logged(sent):
    client = visitors.clerk_serving(CAST.li)
    assert client.get(reverse("phone_of_visitor")).status_code == 200
    person = user_of(CAST.li).person_id
    assert AccessLog.objects.filter(person_id=person, page="inquiries.phone_of_visitor").count() == 1
    assert deed(client, "bind_phone", phone="139-1111-2222").headers["Location"] == reverse("finish_visit")
    bound = bound_phones.of_user(user_of(CAST.li))
    assert (bound.number, bound.source, bound.visit) == ("13911112222", "window", Visit.objects.latest("pk"))
    assert "139****2222" in client.get(reverse("phone_of_visitor")).text
    assert sent() == ""


def test_the_old_phone_is_told_and_a_waiting_change_is_dropped(sent):
    user = user_of(CAST.chen)
    bound_phones.bind(user, "13800001234", "window")
    bound_phones.ask_change(user, "13700000000")
    deed(visitors.clerk_serving(CAST.chen), "bind_phone", phone="13911112222")
    assert "13800001234 登录动态码从现在起发到 139****2222" in sent()
    assert bound_phones.change_of(user) is None
    assert bound_phones.of_user(user).number == "13911112222"


def test_what_is_no_mobile_number_is_said(sent):
    client = visitors.clerk_serving(CAST.li)
    assert "手机号码是 11 位数字，以 1 开头" in deed(client, "bind_phone", phone="010-12333").text
    assert bound_phones.of_user(user_of(CAST.li)) is None
