from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from inquiries import mandates
from inquiries.models import AccessLog, Inquiry, Mandate, User
from registry.models import Identifier, InsuredPerson
from registry.roles import acting_as
from tests import visitors
from tests.cast import CAST, Member
from tests.entrusting import EVERYTHING, answers, day_in, grant, person_of, proxy_of

pytestmark = pytest.mark.django_db
NOBODY = Member("贺无人", 190)


def end(client, mandate):
    form = {"mandate": mandate.token, "inquiry": visitors.inquiry_token(client)}
    return client.post(reverse("end_mandate"), form)


def check(client, proxy, **changes):
    form = answers(proxy, **changes) | {"inquiry": visitors.inquiry_token(client)}
    return client.post(reverse("check_mandate"), form)


def test_answers_are_checked_before_anything_is_granted():
    page = check(visitors.person(CAST.wang), CAST.chen)
    assert CAST.chen.number in page.text
    assert "缴费" in page.text
    assert not Mandate.objects.exists()


def test_a_mandate_is_granted_and_listed():
    client = visitors.person(CAST.wang)
    assert grant(client, CAST.chen).headers["Location"] == reverse("my_mandates")
    mandate = Mandate.objects.get()
    assert (mandate.person, mandate.scopes) == (person_of(CAST.wang), list(EVERYTHING))
    assert (mandate.since, mandate.until) == (timezone.localdate(), timezone.localdate() + timedelta(days=7))
    page = client.get(reverse("my_mandates")).text
    assert "陈*入" in page
    assert CAST.chen.name not in page and CAST.chen.number not in page


def test_the_answer_does_not_tell_whether_the_number_is_known():
    client = visitors.person(CAST.wang)
    known, unknown = check(client, CAST.chen), check(client, NOBODY)

    def without_names(page):
        text = visitors.words(page)
        for member in (CAST.chen, NOBODY):
            text = text.replace(member.name, "").replace(member.number, "")
        return text

    assert without_names(known) == without_names(unknown)
    assert grant(client, NOBODY).status_code == grant(client, CAST.chen).status_code == 302
    assert Mandate.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"name": ""}, "name"),
        ({"number": "990101198403071013"}, "number"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["statements_of_others"]}, "scopes"),
        ({"purpose": "audit"}, "purpose"),
        ({"last_day": day_in(-1)}, "last_day"),
        ({"last_day": day_in(30)}, "last_day"),
        ({"last_day": "soon"}, "last_day"),
        ({"number": CAST.wang.number}, "number"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_granted(changes, wrong):
    client = visitors.person(CAST.wang)
    for answer in (check(client, CAST.chen, **changes), grant(client, CAST.chen, **changes)):
        assert answer.status_code == 200
        assert set(answer.context["form"].errors) == {wrong}
    assert not Mandate.objects.exists()


def test_thirty_days_today_included():
    grant(visitors.person(CAST.wang), CAST.chen, last_day=day_in(29))
    mandate = Mandate.objects.get()
    assert mandate.until - mandate.since == timedelta(days=30)
    with pytest.raises(IntegrityError), transaction.atomic():
        longer = {"until": mandate.until + timedelta(days=1), "token": "another", "proxy_key": "person:another"}
        Mandate.objects.create(**_fields_of(mandate) | longer)


def _fields_of(mandate):
    names = ("kind", "person", "grantor_name", "proxy_key", "proxy_name", "proxy_number_masked", "scopes", "purpose")
    return {name: getattr(mandate, name) for name in (*names, "since", "until", "granted_at", "granted_by")}


def test_two_at_once_give_one_mandate(monkeypatch):
    client = visitors.person(CAST.wang)
    grant(client, CAST.chen)
    answer = grant(client, CAST.chen)
    assert answer.status_code == 200
    assert "number" in answer.context["form"].errors
    assert Mandate.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Mandate.objects.create(**_fields_of(Mandate.objects.get()) | {"token": "another"})


def test_after_the_last_day_the_same_proxy_can_be_named_again():
    client = visitors.person(CAST.wang)
    today = timezone.localdate()
    key = User.key_of("person", CAST.chen.number)
    facts = {"grantor_name": "王小明", "proxy_key": key, "proxy_name": "陈转入", "proxy_number_masked": "99"}
    Mandate.objects.create(
        token="old",
        kind="entrusted",
        person=person_of(CAST.wang),
        scopes=["payments"],
        purpose="balance",
        since=today - timedelta(days=7),
        until=today,
        granted_at=timezone.now(),
        granted_by=User.objects.get(person=person_of(CAST.wang)),
        **facts,
    )
    assert not Mandate.objects.in_force().exists()
    assert not Mandate.objects.get().is_in_force
    assert grant(client, CAST.chen).status_code == 302
    assert Mandate.objects.in_force().count() == 1


def test_the_proxy_chooses_whose_record_and_sees_both_names():
    grant(visitors.person(CAST.wang), CAST.chen)
    client = visitors.person(CAST.chen)
    assert client.answer.headers["Location"] == reverse("choose_record")
    page = client.get(reverse("choose_record"))
    assert "王*明" in page.text and CAST.wang.name not in page.text
    mandate = page.context["held"][0]
    assert client.post(reverse("choose_record"), {"mandate": mandate.token}).headers["Location"] == reverse(
        "my_accounts"
    )
    for name in ("my_accounts", "payment_records", "registration_status"):
        text = client.get(reverse(name)).text
        assert "陈*入" in text and "王*明" in text
        assert CAST.wang.name not in text
    assert "海港食品" in client.get(reverse("registration_status")).text


def test_the_log_holds_both_and_the_grantor_reads_it():
    client, mandate = proxy_of(CAST.wang, CAST.chen)
    client.get(reverse("payment_records"))
    row = AccessLog.objects.filter(person_id=mandate.person_id, page="contributions.payment_records").latest("at")
    assert (row.capacity, row.purpose, row.user_id) == ("proxy", "balance", User.objects.get(name=CAST.chen.name).pk)
    assert Inquiry.objects.get(pk=row.inquiry_id).mandate == mandate
    grantor = visitors.person(CAST.wang)
    for page in ("who_looked", "my_accounts"):
        assert f"受托人 <bdi>{CAST.chen.name}</bdi>" in grantor.get(reverse(page)).text


def test_back_to_the_own_record_nothing_of_the_grantors_is_left():
    client, _mandate = proxy_of(CAST.wang, CAST.chen)
    client.get(reverse("my_accounts"))
    client.post(reverse("choose_record"))
    for name in ("my_accounts", "payment_records", "registration_status", "who_looked", "my_mandates"):
        text = client.get(reverse(name)).text
        assert "王*明" not in text and "海港食品" not in text and "14,185.67" not in text


def test_an_ended_mandate_ends_the_look_up_under_way():
    client, mandate = proxy_of(CAST.wang, CAST.chen)
    assert client.get(reverse("payment_records")).status_code == 200
    assert end(visitors.person(CAST.wang), mandate).headers["Location"] == reverse("my_mandates")
    answer = client.get(reverse("payment_records"))
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("choose_record"))
    assert "王*明" not in client.get(reverse("choose_record")).text
    assert client.post(reverse("choose_record"), {"mandate": mandate.token}).status_code == 404


def test_the_day_after_the_last_one_a_look_up_under_way_is_over():
    client, mandate = proxy_of(CAST.wang, CAST.chen)
    with acting_as("owner"):
        days = timedelta(days=7)
        Mandate.objects.update(since=mandate.since - days, until=mandate.until - days)
    assert client.get(reverse("payment_records")).headers["Location"] == reverse("choose_record")
    assert client.get(reverse("choose_record")).context["held"] == []


def test_a_mandate_holds_for_number_and_name_together():
    grant(visitors.person(CAST.wang), CAST.chen, name=CAST.li.name)
    client = visitors.person(CAST.chen)
    assert client.answer.headers["Location"] == reverse("my_accounts")
    mandate = Mandate.objects.get()
    assert client.post(reverse("choose_record"), {"mandate": mandate.token}).status_code == 404


def test_a_stranger_neither_uses_nor_ends_it():
    _client, mandate = proxy_of(CAST.wang, CAST.chen)
    stranger = visitors.person(CAST.li)
    assert stranger.post(reverse("choose_record"), {"mandate": mandate.token}).status_code == 404
    assert end(stranger, mandate).status_code == 404
    assert Mandate.objects.get().is_in_force


def test_a_form_of_an_earlier_inquiry_grants_nothing():
    client = visitors.person(CAST.wang)
    answer = client.post(reverse("confirm_mandate"), answers(CAST.chen) | {"inquiry": "of an earlier tab"})
    assert answer.status_code == 409
    assert not Mandate.objects.exists()


@pytest.mark.parametrize("begin", [lambda: visitors.agent(CAST.agent), visitors.staff], ids=["agent", "clerk"])
def test_only_insured_persons_choose_a_record(begin):
    assert begin().get(reverse("choose_record")).status_code == 403


def test_a_proxy_for_many_is_unusual():
    grantors = (CAST.wang, CAST.li, CAST.zhao, CAST.qian)
    this_month = timezone.localdate().replace(day=1)
    for number, member in enumerate(grantors, 1):
        grant(visitors.person(member), CAST.chen)
        found = list(Mandate.objects.unusual(this_month))
        assert bool(found) == (number > 3)
    assert found == [{"proxy_key": User.key_of("person", CAST.chen.number), "persons": 4}]


def test_own_number_whichever_it_is(as_job):
    with as_job():
        Identifier.objects.create(
            person=person_of(CAST.wang),
            id_type="passport",
            number_hash=Identifier.hash_of("passport", "E12345678"),
            number_encrypted=Identifier.objects.filter(person=person_of(CAST.li)).get().number_encrypted,
            is_main=False,
        )
    assert mandates.is_own_number(person_of(CAST.wang), CAST.li.number)
    assert mandates.is_own_number(person_of(CAST.wang), CAST.wang.number.lower())
    assert not mandates.is_own_number(person_of(CAST.li), CAST.wang.number)


@pytest.mark.parametrize(
    ("birth", "last_day", "until"),
    [
        (date(2015, 5, 6), None, date(2033, 5, 6)),
        (date(2015, 5, 6), date(2026, 12, 31), date(2027, 1, 1)),
        (date(2015, 5, 6), date(2040, 1, 1), date(2033, 5, 6)),
        (date(2012, 2, 29), None, date(2030, 3, 1)),
        (date(1984, 5, 6), date(2026, 12, 31), date(2027, 1, 1)),
        (date(1984, 5, 6), None, None),
        (date(2008, 11, 22), None, None),
    ],
)
def test_how_long_a_guardian_acts(birth, last_day, until):
    if until is None:
        with pytest.raises(mandates.OfAge):
            mandates.guardian_until(InsuredPerson(birth_date=birth), last_day, date(2026, 11, 22))
        return
    assert mandates.guardian_until(InsuredPerson(birth_date=birth), last_day, date(2026, 11, 22)) == until
