"""Account and security: own sessions, the sign-in history, freezing; and the last sign-in on the first page."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from inquiries import activation
from inquiries.models import Inquiry, KnownDevice, Notice, Session, User
from tests import visitors
from tests.cast import CAST, CLERK, OPERATOR, PASSWORD

pytestmark = pytest.mark.django_db
ACCOUNT = reverse("account")
AGENTS = {
    "Chrome on Windows": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36",
    "Edge on Windows": "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
    "Safari on iPhone": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604",
    "WeChat on Android": "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120.0 MicroMessenger/8.0.50",
    "Huawei Browser on HarmonyOS": "Mozilla/5.0 (Linux; HarmonyOS; ABR-AL00) Chrome/114.0 HuaweiBrowser/15.0 Safari",
    "Firefox on Mac": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:144.0) Gecko/20100101 Firefox/144.0",
    "unknown device": "",
}


def from_device(agent, member=CAST.wang):
    return visitors.sign_in("person", member.number, client=Client(headers={"user-agent": agent}))


@pytest.mark.parametrize(("words", "agent"), AGENTS.items())
def test_a_device_is_named_as_people_know_it(words, agent):
    from_device(agent)
    with override("en"):
        assert Session.objects.get().device == words
        assert KnownDevice.objects.get().device == words


def test_the_page_lists_own_sessions_and_sign_ins():
    from_device(AGENTS["Safari on iPhone"]).post(reverse("sign_out"))
    from_device(AGENTS["WeChat on Android"], CAST.li)
    from_device(AGENTS["Firefox on Mac"])
    text = visitors.words(from_device(AGENTS["Edge on Windows"]).get(ACCOUNT))
    assert "Windows 上的 Edge ✓ 本设备" in text
    assert "退出 Mac 上的 Firefox" in text
    assert "退出 Windows 上的 Edge" not in text
    assert "iPhone 上的 Safari" in text
    assert "已退出" in text
    assert "WeChat" not in text


def test_one_session_is_ended_and_its_device_forgotten():
    other, client = from_device(AGENTS["Firefox on Mac"]), from_device(AGENTS["Edge on Windows"])
    first = Session.objects.earliest("pk")
    client.post(reverse("end_session"), {"session": first.pk})
    answer = other.get(reverse("my_accounts"))
    assert "您已从另一台设备退出了这里的登录" in other.get(answer.headers["Location"]).text
    assert client.get(ACCOUNT).status_code == 200
    assert KnownDevice.objects.get(pk=first.known_device_id).revoked_at is not None
    assert KnownDevice.objects.filter(revoked_at=None).count() == 1


def test_sessions_of_others_and_the_own_one_are_not_found():
    stranger = visitors.person(CAST.li)
    client = visitors.person(CAST.wang)
    for session in [*Session.objects.all(), "x", ""]:
        answer = client.post(reverse("end_session"), {"session": getattr(session, "pk", session)})
        assert answer.status_code == 404
    assert stranger.get(ACCOUNT).status_code == 200


def test_all_others_are_ended():
    others = [from_device(AGENTS["Firefox on Mac"]), from_device(AGENTS["Safari on iPhone"])]
    stranger, client = visitors.person(CAST.li), from_device(AGENTS["Edge on Windows"])
    client.post(reverse("end_other_sessions"))
    assert [c.get(ACCOUNT).status_code for c in (*others, client, stranger)] == [302, 302, 200, 200]


@pytest.mark.parametrize(
    "name", ["end_session", "end_other_sessions", "continue_session", "mark_read", "mark_all_read"]
)
def test_deeds_are_sent_and_never_followed(name):
    assert visitors.person(CAST.wang).get(reverse(name)).status_code == 405


class TestFreezing:
    @pytest.fixture
    def frozen(self):
        elsewhere, client = visitors.person(CAST.wang), visitors.person(CAST.wang)
        assert "任何人都不能再登录这个账户" in client.get(reverse("freeze_account")).text
        client.answer = client.post(reverse("freeze_account"))
        client.elsewhere = elsewhere
        return client

    def test_every_device_is_out_and_nobody_gets_in(self, frozen):
        assert "您的账户已冻结" in frozen.answer.text
        assert frozen.answer.headers["Clear-Site-Data"] == '"cache", "storage"'
        assert frozen.get(reverse("my_accounts")).status_code == 302
        assert frozen.elsewhere.get(reverse("my_accounts")).status_code == 302
        assert {s.ended_why for s in Session.objects.all()} == {Session.Ended.FROZEN}
        assert not Inquiry.objects.filter(closed_at=None).exists()
        assert not KnownDevice.objects.filter(revoked_at=None).exists()

    def test_signing_in_is_answered_like_a_wrong_password(self, frozen):
        right, wrong = (visitors.sign_in("person", CAST.wang.number, p).answer for p in (PASSWORD, "not it at all"))
        assert "证件号码或密码不对。如果第一次使用，请先领取启用码。" in right.text
        assert (right.status_code, len(right.content)) == (wrong.status_code, len(wrong.content))

    def test_a_new_code_opens_it_again_and_says_so(self, frozen, as_job):
        user = User.objects.with_login("person", CAST.wang.number)
        with as_job():
            code = activation.issue(user)
        form = {"kind": "person", "login": CAST.wang.number, "name": CAST.wang.name, "code": code}
        words = dict.fromkeys(("password", "again"), "three kites above the bridge") | {"protection": "alone"}
        assert "密码已设好" in Client().post(reverse("activate"), form | words).text
        client = visitors.sign_in("person", CAST.wang.number, words["again"])
        page = client.get(reverse("inbox")).text
        assert "账户已冻结" in page
        assert "经身份核验，您的账户已恢复使用" in page
        assert set(Notice.objects.of(user).values_list("kind", flat=True)) >= {"frozen", "unfrozen", "password"}


class TestLastSignIn:
    FIRST_PAGES = {
        "person": (lambda: visitors.person(CAST.wang), "my_accounts"),
        "agent": (lambda: visitors.agent(CAST.agent), "employer_home"),
        "clerk": (lambda: visitors.staff(CLERK), "window_today"),
        "operator": (lambda: visitors.staff(OPERATOR), "operators_desk"),
    }

    @pytest.mark.parametrize(("visitor", "page"), FIRST_PAGES.values(), ids=FIRST_PAGES)
    def test_the_first_page_says_when_and_how(self, visitor, page):
        assert "上次登录" not in visitor().get(reverse(page)).text
        began = timezone.localtime(Session.objects.get().began_at)
        assert f"上次登录 {began:%Y年%-m月%-d日 %H:%M} 网页" in visitors.words(visitor().get(reverse(page)))

    def test_the_page_of_a_visitor_does_not_show_the_clerks(self):
        visitors.staff(CLERK)
        assert "上次登录" not in visitors.clerk_serving(CAST.wang).get(reverse("my_accounts")).text
