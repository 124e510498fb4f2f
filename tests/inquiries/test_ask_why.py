"""为什么查我: a person asks about somebody else's look-up, another member of that agency answers."""

import uuid
from datetime import date

import pytest
from django.db import Error, connection, transaction
from django.urls import reverse
from django.utils import timezone

from inquiries import asking_why
from inquiries.models import AccessLog, LookQuestion, Notice
from registry.models import Employer
from registry.roles import acting_as
from tests import visitors
from tests.cast import AUDITOR, CAST, HARBOUR, OPERATOR, SECOND_OPERATOR
from tests.cast_feed import agency
from tests.looking import into_books, person_of, plant, say_why, user_of

pytestmark = pytest.mark.django_db
BEIJING_OFFICE, SHANGHAI_OFFICE = agency("SI", "110000"), agency("SI", "310000")


def act_of(inquiry):
    return AccessLog.objects.filter(inquiry_id=inquiry.pk).values_list("act", flat=True).first()


def ask(client, act, text="您为什么看我的缴费记录？", token=None):
    form = {"act": act, "text": text, "inquiry": visitors.inquiry_token(client) if token is None else token}
    return client.post(reverse("ask_why"), form)


@pytest.fixture
def looked_by_operator():
    """An operator of Beijing looked at Li's record."""
    return plant(
        CAST.li,
        capacity="operator",
        user=user_of(OPERATOR),
        agency=BEIJING_OFFICE,
        office="机房",
        reference="2026-0042",
    )


@pytest.fixture
def asked(looked_by_operator):
    ask(visitors.person(CAST.li), act_of(looked_by_operator))
    return LookQuestion.objects.get(inquiry=looked_by_operator)


def answer(client, question, text="为核对您的转移申请。"):
    form = {"question": question.pk, "answer": text, "inquiry": visitors.inquiry_token(client)}
    return client.post(reverse("answer_question"), form, follow=True)


def test_a_question_goes_to_the_agency_that_looked(looked_by_operator):
    client = visitors.person(CAST.li)
    assert "为什么查我" in client.get(reverse("who_looked")).text
    answered = ask(client, act_of(looked_by_operator))
    assert answered.headers["Location"] == reverse("who_looked")
    question = LookQuestion.objects.get(inquiry=looked_by_operator)
    assert (question.person, question.agency_id, question.office) == (person_of(CAST.li), BEIJING_OFFICE, "机房")
    page = visitors.words(client.get(reverse("who_looked")))
    assert question.number in page
    assert "承诺于" in page
    assert "您为什么看我的缴费记录？" in page


def test_a_look_up_by_an_employer_is_asked_of_the_agency_that_keeps_him():
    harbour = Employer.objects.get(credit_code=HARBOUR)
    inquiry = plant(CAST.wang, capacity="agent", employer=harbour.pk)
    ask(visitors.person(CAST.wang), act_of(inquiry))
    question = LookQuestion.objects.get(inquiry=inquiry)
    assert (question.agency_id, question.office) == (BEIJING_OFFICE, harbour.name)


def test_nobody_asks_about_a_strangers_look_up(looked_by_operator):
    assert ask(visitors.person(CAST.wang), act_of(looked_by_operator)).status_code == 404
    assert ask(visitors.person(CAST.wang), uuid.uuid4()).status_code == 404
    assert not LookQuestion.objects.exists()


def test_nobody_asks_about_her_own_look_up_or_twice(asked):
    client = visitors.person(CAST.li)
    client.get(reverse("me"))
    own = AccessLog.objects.filter(person_id=person_of(CAST.li).pk, capacity="self").values_list("act", flat=True)
    assert ask(client, own[0]).status_code == 404
    assert ask(client, asked.act).status_code == 404
    assert LookQuestion.objects.count() == 1


def test_a_form_of_another_inquiry_asks_nothing(looked_by_operator):
    assert ask(visitors.person(CAST.li), act_of(looked_by_operator), token="x").status_code == 409
    assert not LookQuestion.objects.exists()


@pytest.mark.parametrize("text", ["", " ", "问" * 301])
def test_a_question_has_one_to_300_characters(looked_by_operator, text):
    client = visitors.person(CAST.li)
    ask(client, act_of(looked_by_operator), text)
    assert "请填写问题，不超过 300 字。" in client.get(reverse("who_looked")).text
    assert not LookQuestion.objects.exists()


def test_the_clerk_at_the_window_asks_nothing(looked_by_operator):
    client = visitors.clerk_serving(CAST.li)
    assert "为什么查我" not in client.get(reverse("who_looked")).text
    assert ask(client, act_of(looked_by_operator)).status_code == 403


def test_another_operator_of_the_agency_answers(asked):
    client = into_books(SECOND_OPERATOR, "look_questions")
    page = visitors.words(client.get(reverse("look_questions")))
    assert "李*国" in page
    assert CAST.li.name not in page
    assert "2026-0042" in page
    assert "答复已写入" in answer(client, asked).text
    asked.refresh_from_db()
    assert (asked.answer, asked.answered_by) == ("为核对您的转移申请。", user_of(SECOND_OPERATOR))
    assert "为核对您的转移申请。" in visitors.person(CAST.li).get(reverse("who_looked")).text
    assert Notice.objects.filter(person=person_of(CAST.li), kind="answered").count() == 1
    assert "没有待答复的提问。" in client.get(reverse("look_questions")).text


def test_each_person_on_the_list_gets_a_log_row(asked):
    client = into_books(SECOND_OPERATOR, "look_questions")
    before = AccessLog.objects.filter(page="inquiries.look_questions").count()
    client.get(reverse("look_questions"))
    rows = AccessLog.objects.filter(page="inquiries.look_questions")
    assert rows.count() == before + 1
    assert rows.latest("at").person_id == person_of(CAST.li).pk


def test_whoever_looked_does_not_answer(asked):
    client = into_books(OPERATOR, "look_questions")
    assert "查询由您本人作出，须由他人答复。" in client.get(reverse("look_questions")).text
    assert "查询由您本人作出，须由他人答复。" in answer(client, asked).text
    asked.refresh_from_db()
    assert asked.answer == ""


def test_another_agencys_question_is_not_listed_nor_answered():
    inquiry = plant(CAST.zheng, agency=SHANGHAI_OFFICE, office="3 号窗口")
    ask(visitors.person(CAST.zheng), act_of(inquiry))
    question = LookQuestion.objects.get(inquiry=inquiry)
    client = into_books(OPERATOR, "look_questions")
    assert question.number not in client.get(reverse("look_questions")).text
    assert "属于其他机构" in answer(client, question).text
    question.refresh_from_db()
    assert question.answer == ""


def test_an_answer_is_written_once_and_by_an_operator(asked):
    auditor = into_books(AUDITOR, "look_questions")
    assert "answer_question" not in auditor.get(reverse("look_questions")).text
    form = {"question": asked.pk, "answer": "x", "inquiry": visitors.inquiry_token(auditor)}
    assert auditor.post(reverse("answer_question"), form).status_code == 403
    client = into_books(SECOND_OPERATOR, "look_questions")
    answer(client, asked)
    answer(client, asked, "另一个答复")
    asked.refresh_from_db()
    assert asked.answer == "为核对您的转移申请。"


@pytest.mark.parametrize("changes", [{"text": "别的"}, {"due_on": date(2030, 1, 1)}, {"person_id": 1}])
def test_the_database_keeps_what_was_asked(asked, changes):
    with pytest.raises(Error, match="never changes"), transaction.atomic(), acting_as("owner"):
        LookQuestion.objects.filter(pk=asked.pk).update(**changes)
    with pytest.raises(Error), transaction.atomic(), acting_as("owner"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM inquiries_lookquestion")


def test_the_database_refuses_an_answer_of_whoever_looked(asked):
    facts = {"answer": "x", "answered_at": timezone.now(), "answered_by": user_of(OPERATOR)}
    with pytest.raises(Error, match="whoever looked"), transaction.atomic():
        LookQuestion.objects.filter(pk=asked.pk).update(**facts)


@pytest.mark.parametrize(
    ("asked_on", "due"),
    [
        (date(2026, 11, 20), date(2026, 12, 4)),
        (date(2026, 11, 21), date(2026, 12, 4)),
        (date(2026, 11, 23), date(2026, 12, 7)),
    ],
)
def test_ten_working_days(asked_on, due):
    assert asking_why.working_days_after(asked_on, 10) == due


def test_a_late_answer_is_marked(looked_by_operator):
    LookQuestion.objects.create(
        person=person_of(CAST.li),
        inquiry=looked_by_operator,
        act=uuid.uuid4(),
        looked_at=timezone.now(),
        page="inquiries.me",
        kind="look",
        agency_id=BEIJING_OFFICE,
        text="?",
        due_on=date(2026, 1, 5),
    )
    assert "已逾期" in into_books(SECOND_OPERATOR, "look_questions").get(reverse("look_questions")).text


def test_the_list_needs_a_reason_first(asked):
    client = visitors.staff(SECOND_OPERATOR)
    assert client.get(reverse("look_questions")).headers["Location"].startswith(reverse("why_these_entries"))
    assert say_why(client, "look_questions").headers["Location"] == reverse("look_questions")
