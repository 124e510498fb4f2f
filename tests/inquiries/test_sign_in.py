import pytest
from django.test import Client
from django.urls import reverse

from inquiries.models import Inquiry, User
from registry.models import InsuredPerson
from tests import visitors
from tests.cast import CAST, CLERK, OPERATOR, PASSWORD

pytestmark = pytest.mark.django_db
REFUSED = "证件号码或密码不对。如果第一次使用，请先领取启用码。"


def test_a_person_signs_in_and_sees_her_accounts():
    client = visitors.person(CAST.wang)
    assert client.answer.headers["Location"] == reverse("my_accounts")
    assert CAST.wang.name in client.get(reverse("my_accounts")).text


def test_signing_in_opens_an_inquiry_about_her_own_record():
    visitors.person(CAST.wang)
    inquiry = Inquiry.objects.latest("pk")
    assert (inquiry.capacity, inquiry.channel) == ("self", "web")
    assert inquiry.person == InsuredPerson.objects.with_number("citizen", CAST.wang.number).get()


@pytest.mark.parametrize(
    ("login", "password"),
    [
        pytest.param(CAST.wang.number, "not the password at all", id="wrong password"),
        pytest.param(CAST.sun.number[:-1] + "0", PASSWORD, id="no such number"),
        pytest.param(CAST.agent.number, PASSWORD, id="an agent at the person's door"),
        pytest.param(CLERK, PASSWORD, id="a clerk at the person's door"),
    ],
)
def test_every_failure_has_the_same_answer(login, password):
    answer = visitors.sign_in("person", login, password).answer
    assert answer.status_code == 200
    assert REFUSED in answer.text


def test_the_number_may_be_typed_with_spaces_and_a_small_x():
    spaced = f"{CAST.wang.number[:6]} {CAST.wang.number[6:14]} {CAST.wang.number[14:]}".lower()
    assert visitors.sign_in("person", spaced).answer.status_code == 302


def test_empty_fields_say_what_to_enter():
    text = visitors.sign_in("person", "", "").answer.text
    assert "请输入证件号码" in text
    assert "有 2 处需要修改" in text


def test_a_disabled_user_is_refused_with_the_same_words(as_job):
    with as_job():
        User.objects.filter(login_key=User.key_of("person", CAST.li.number)).update(is_active=False)
    assert REFUSED in visitors.person(CAST.li).answer.text


def test_staff_go_to_their_first_page():
    assert visitors.staff(CLERK).answer.headers["Location"] == reverse("window_today")
    assert visitors.staff(OPERATOR).answer.headers["Location"] == reverse("operators_desk")


def test_an_agent_of_one_employer_is_led_straight_on():
    client = visitors.sign_in("employer", CAST.agent.number)
    assert client.answer.headers["Location"] == reverse("choose_employer")
    assert client.get(reverse("choose_employer")).headers["Location"] == reverse("employer_home")


def test_an_agent_of_two_employers_is_asked_and_cannot_choose_a_third():
    client = visitors.sign_in("employer", CAST.double_agent.number)
    page = client.get(reverse("choose_employer")).text
    assert "海港食品有限公司" in page
    assert "远山机械有限公司" in page
    assert client.post(reverse("choose_employer"), {"unit": "91990000MA9999999X"}).status_code == 404


def test_signing_out_ends_session_and_inquiry():
    client = visitors.person(CAST.wang)
    token = visitors.inquiry_token(client)
    answer = client.post(reverse("sign_out"))
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert Inquiry.objects.get(token=token).closed_at is not None
    assert client.get(reverse("my_accounts")).status_code == 302


def test_signing_out_is_a_deed():
    assert visitors.person(CAST.wang).get(reverse("sign_out")).status_code == 405


def test_signing_in_gives_a_new_session_key():
    client = Client()
    client.get(reverse("home"))
    visitors.sign_in("person", CAST.wang.number, client=client)
    first = client.session.session_key
    visitors.sign_in("person", CAST.li.number, client=client)
    assert client.session.session_key != first


def test_private_answers_are_not_kept_by_caches():
    assert "no-store" in visitors.person(CAST.wang).get(reverse("my_accounts")).headers["Cache-Control"]
