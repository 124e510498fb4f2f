import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from inquiries import notices
from inquiries.models import Notice, User
from registry.models import InsuredPerson
from tests import staged, visitors
from tests.cast import AUDITOR, CAST, CLERK, OPERATOR

pytestmark = pytest.mark.django_db
Kind = Notice.Kind
INBOX = reverse("inbox")
FACTS = {
    "browser": "Chrome",
    "system": "Windows",
    "factor": "TOTP",
    "day": "2026-11-25",
    "office": "3",
    "purpose": "balance",
    "case": "20261122-000017",
    "year": "2025",
}


def person(member=CAST.wang):
    return InsuredPerson.objects.with_number("citizen", member.number).get()


def facts_for(kind):
    return {name: FACTS[name] for name in notices.facts_of(kind)}


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_kind_says_a_whole_sentence(kind, language):
    notice = notices.tell(person(), kind, **facts_for(kind))
    with override(language):
        sentence = notices.sentence_of(notice)
    assert "{" not in sentence
    assert sentence.endswith(("。", "."))
    assert ("您" in sentence) == (language == "zh-hans")


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({}, id="a fact is missing"),
        pytest.param({"office": "3", "purpose": "balance", "clerk": "C1001"}, id="one too many"),
        pytest.param({"office": CAST.wang.number, "purpose": "balance"}, id="an identity number"),
        pytest.param({"office": "13800000000", "purpose": "balance"}, id="a telephone number"),
    ],
)
def test_facts_are_those_of_the_sentence_and_no_personal_number(facts):
    with pytest.raises(ValueError, match="no personal number"):
        notices.tell(person(), Kind.LOOKED_UP, **facts)


def test_many_are_told_at_once_and_once():
    staged.make_person("Without a user")
    everybody = list(InsuredPerson.objects.values_list("pk", flat=True))
    told = User.objects.filter(person__isnull=False, is_active=True).values("person_id").distinct().count()
    assert 0 < told < len(everybody)
    assert notices.tell_insured(everybody, Kind.STATEMENT_ISSUED, year=2025) == told
    assert notices.tell_insured(everybody, Kind.STATEMENT_ISSUED, year=2025) == 0
    assert notices.tell_insured([person().pk], Kind.STATEMENT_ISSUED, year=2024) == 1
    assert set(Notice.objects.values_list("kind", flat=True)) == {"statement"}


def test_the_notice_of_a_statement_leads_to_it():
    notices.tell_insured([person().pk], Kind.STATEMENT_ISSUED, year=2025)
    assert reverse("statement", args=[2025]) in visitors.person(CAST.wang).get(INBOX).text


def test_what_a_fact_says_is_no_markup():
    notice = notices.tell(person(), Kind.LOOKED_UP, office="<b>3</b>", purpose="balance")
    assert "&lt;b&gt;3" in notices.sentence_of(notice)


def test_the_frame_counts_what_is_unread_and_a_form_marks_it():
    client = visitors.person(CAST.wang)
    assert "条未读" not in client.get(reverse("my_accounts")).text
    first = notices.tell(person(), Kind.MANDATE_ENDED)
    notices.tell(User.objects.with_login("person", CAST.wang.number), Kind.CONTACT_CHANGED)
    notices.tell(person(CAST.li), Kind.MANDATE_ENDED)
    assert "2 条未读" in client.get(reverse("my_accounts")).text
    text = visitors.words(client.get(INBOX))
    assert text.index("您的联系方式已更改。 如果不是您本人") < text.index("一项查询您记录的授权已结束。")
    assert "2 条未读" in client.get(INBOX).text
    client.post(reverse("mark_read"), {"notice": first.pk})
    assert "1 条未读" in client.get(INBOX).text
    client.post(reverse("mark_all_read"))
    assert "条未读" not in client.get(INBOX).text
    assert Notice.objects.filter(read_at=None).count() == 1


def test_counting_costs_no_query_of_its_own():
    client = visitors.person(CAST.wang)
    client.get(reverse("me"))
    with CaptureQueriesContext(connection) as before:
        client.get(reverse("payment_records"))
    for _number in range(40):
        notices.tell(person(), Kind.MANDATE_ENDED)
    with CaptureQueriesContext(connection) as after:
        assert "40 条未读" in client.get(reverse("payment_records")).text
    assert len(after) == len(before)
    with CaptureQueriesContext(connection) as inbox:
        assert "第 1 页" in client.get(INBOX).text
    # The browser's session, the session with its user, the count and the list.
    assert len(inbox) == 4


def test_notices_of_others_are_not_found():
    theirs = notices.tell(person(CAST.li), Kind.MANDATE_ENDED)
    client = visitors.person(CAST.wang)
    for asked in (theirs.pk, "x", "", 0):
        assert client.post(reverse("mark_read"), {"notice": asked}).status_code == 404
    assert "一项查询您记录的授权已结束" not in client.get(INBOX).text
    theirs.refresh_from_db()
    assert theirs.read_at is None


@pytest.mark.parametrize(
    "visitor",
    [
        *(lambda: visitors.person(CAST.wang), lambda: visitors.agent(CAST.agent)),
        *(lambda: visitors.staff(CLERK), lambda: visitors.staff(OPERATOR), lambda: visitors.staff(AUDITOR)),
    ],
    ids=["person", "agent", "clerk", "operator", "auditor"],
)
def test_everybody_has_an_inbox_of_her_own(visitor):
    client = visitor()
    notices.tell(User.objects.get(pk=client.session["_auth_user_id"]), Kind.CONTACT_CHANGED)
    assert "您的联系方式已更改" in client.get(INBOX).text
    assert Client().get(INBOX).status_code == 302


class TestWhatIsTold:
    def test_a_sign_in_from_a_new_device(self):
        client = Client(headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Firefox/144.0"})
        visitors.sign_in("person", CAST.wang.number, client=client)
        assert list(Notice.objects.values()) == []
        client.post(reverse("sign_out"))
        visitors.sign_in("person", CAST.wang.number, client=client)
        assert not Notice.objects.exists()
        phone = Client(headers={"user-agent": "Mozilla/5.0 (iPhone) Version/18.0 Safari/604"})
        visitors.sign_in("person", CAST.wang.number, client=phone)
        assert "您的账户在一台新设备上登录：iPhone 上的 Safari。" in client.get(INBOX).text

    def test_a_record_looked_up_at_the_window(self):
        visitors.clerk_serving(CAST.wang)
        text = visitors.words(visitors.person(CAST.wang).get(INBOX))
        assert "记录在窗口被查询" in text
        assert "您的记录在窗口被查询：" in text

    def test_one_without_a_user_finds_it_when_there_is_one(self):
        notice = notices.tell(person(CAST.chen), Kind.MANDATE_ENDED)
        assert notice.user is None
        assert "一项查询您记录的授权已结束" in visitors.person(CAST.chen).get(INBOX).text


class TestOnlyEverAddedTo:
    @pytest.fixture
    def notice(self):
        return notices.tell(person(), Kind.MANDATE_ENDED)

    @pytest.mark.parametrize("changes", [{"kind": Kind.ANSWERED}, {"facts": {"office": "1"}}, {"person": None}])
    def test_the_web_role_changes_nothing_of_it(self, notice, changes):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Notice.objects.filter(pk=notice.pk).update(**changes)

    def test_nor_removes_it(self, notice):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Notice.objects.filter(pk=notice.pk).delete()

    def test_read_is_read(self, notice):
        notices.mark_read(User.objects.with_login("person", CAST.wang.number))
        with pytest.raises(ProgrammingError, match="only ever read"), transaction.atomic():
            Notice.objects.filter(pk=notice.pk).update(read_at=None)

    def test_it_goes_to_one(self, notice):
        with pytest.raises(IntegrityError, match="notice_to_one"), transaction.atomic():
            Notice.objects.create(kind=Kind.ANSWERED, at=notice.at)
