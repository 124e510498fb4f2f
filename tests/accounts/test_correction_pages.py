"""A correction through the pages: asked for, decided by another, posted, and read by the person whose money it is."""

from decimal import Decimal

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts import closings
from accounts.models import Account, Correction, Entry
from inquiries.models import AccessLog
from registry.models import Enrolment
from tests import visitors
from tests.cast import AUDITOR, CAST, OPERATOR, SECOND_OPERATOR
from tests.staged import closure_line, load

from .correcting import ask, right
from .test_operators_pages import log_of, look_up, person_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    return Account.objects.get(person=person_of(CAST.wang), scheme="pension")


@pytest.fixture
def wrong():
    """An entry of Wang's account that is to be corrected."""
    entries = Entry.objects.filter(person_id=person_of(CAST.wang).pk, scheme="pension", kind="contrib_ind", amount=640)
    return entries.order_by("-booked_month")[0]


def choice(entry):
    return f"{entry.booked_month:%Y%m}-{entry.kind}-{entry.batch_id}-{entry.line}"


def form_of(client, account, wrong, **changes):
    return {
        "inquiry": visitors.inquiry_token(client),
        "account": account.pk,
        "year": wrong.booked_month.year,
        "undone": [choice(wrong)],
        "kind_1": "contrib_ind",
        "period_1": f"{wrong.period:%Y-%m}",
        "amount_1": "600.00",
        "reason": "The base was 7,500, not 8,000",
        "document_ref": "2026-0042",
    } | changes


def propose(account, wrong, staff_no=OPERATOR, **changes):
    client = look_up(CAST.wang, staff_no)
    client.answer = client.post(reverse("ask_for_correction"), form_of(client, account, wrong, **changes))
    return client


def look_at(correction, staff_no=SECOND_OPERATOR):
    client = visitors.staff(staff_no)
    client.answer = client.post(reverse("look_at_correction", args=[correction.pk]), follow=True)
    return client


def decide(client, correction, deed="approve_correction", **changes):
    form = {"inquiry": visitors.inquiry_token(client), "decision_reason": "Compared with the slip"}
    return client.post(reverse(deed, args=[correction.pk]), form | changes)


def test_from_the_request_to_the_persons_own_page(account, wrong, capsys):
    before = account.balance
    form = look_up(CAST.wang).get(
        reverse("propose_correction"), {"account": account.pk, "year": wrong.booked_month.year}
    )
    assert choice(wrong) in form.text
    assert 'value="2026-0042"' in form.text
    correction = Correction.objects.get(pk=int(propose(account, wrong).answer.headers["Location"].split("/")[-2]))
    assert (correction.state, correction.asked_by.staff_member.staff_no) == ("waiting", OPERATOR)
    assert decide(look_at(correction), correction).status_code == 302
    auditors_page = look_at(correction, AUDITOR).answer.text
    assert OPERATOR in auditors_page and SECOND_OPERATOR in auditors_page
    call_command("post_corrections")
    assert "Corrections posted: 1" in capsys.readouterr().out
    account.refresh_from_db()
    assert account.balance == before - 40
    page = visitors.words(visitors.person(CAST.wang).get(reverse("account_entries", args=["pension"])))
    for words in ("The base was 7,500, not 8,000", "2026-0042", "-640.00", "600.00", f"{account.balance:,.2f}"):
        assert words in page
    for unnamed in ("杨操作", "何复核", OPERATOR, SECOND_OPERATOR):
        assert unnamed not in page
    assert "7,500" not in visitors.person(CAST.li).get(reverse("account_entries", args=["pension"])).text


@pytest.mark.parametrize("amount", ["0.00", "100.00"])
def test_a_closed_account_is_opened_again(account, amount, capsys):
    """Who was closed by mistake: the closing is undone, and the person reads why, also where nothing was paid out."""
    last = Entry.objects.filter(person_id=account.person_id, scheme="pension").latest("booked_month").booked_month
    kept_by = Enrolment.objects.filter(person=account.person_id, scheme="pension").latest("pk").agency_id
    words = {"month": last, "area_code": account.area_code, "agency_code": kept_by}
    load("closures", [closure_line(account.person_id, amount, **words)])
    (closing,) = closings.of_account(account)
    client = look_up(CAST.wang)
    assert "该账户已结清。" in client.get(reverse("person_entries")).text
    form = client.get(reverse("propose_correction"), {"account": account.pk, "year": last.year}).text
    assert f'value="{choice(closing)}" checked' in form
    nothing_right = {"kind_1": "", "period_1": "", "amount_1": "", "reason": "Another person left"}
    assert "须将结清时支付的各笔一并冲正" in propose(account, closing, undone=[], kind_1="manual").answer.text
    asked = propose(account, closing, **nothing_right).answer.headers["Location"]
    correction = Correction.objects.get(pk=int(asked.split("/")[-2]))
    second = look_at(correction)
    assert "本次更正撤销账户结清" in second.answer.text
    decide(second, correction)
    call_command("post_corrections")
    assert "Corrections posted: 1" in capsys.readouterr().out
    assert Account.objects.get(pk=account.pk).status == "open"
    page = visitors.words(visitors.person(CAST.wang).get(reverse("account_entries", args=["pension"])))
    assert "Another person left" in page
    assert "本次更正撤销了账户结清，账户已恢复。" in page


def test_the_number_of_corrections_costs_the_persons_page_no_query(account, wrong, django_assert_num_queries):
    client = visitors.person(CAST.wang)
    client.get(reverse("account_entries", args=["pension"]))
    for _each in range(3):
        asked = ask(person_of(CAST.wang).pk, undone=(), rights=[right("manual", "1.00")])
        decide(look_at(asked), asked)
    call_command("post_corrections", verbosity=0)
    with django_assert_num_queries(19):
        assert "2026-0042" in client.get(reverse("account_entries", args=["pension"])).text


def test_whoever_asked_cannot_decide(account, wrong):
    correction = Correction.objects.get(pk=int(propose(account, wrong).answer.headers["Location"].split("/")[-2]))
    client = look_at(correction, OPERATOR)
    assert reverse("approve_correction", args=[correction.pk]) not in client.answer.text
    answer = decide(client, correction)
    assert answer.status_code == 200
    correction.refresh_from_db()
    assert correction.state == "waiting"


def test_an_auditor_looks_and_does_not_decide():
    correction = ask(person_of(CAST.wang).pk, undone=(), rights=[right("manual", "1.00")])
    client = look_at(correction, AUDITOR)
    assert client.answer.status_code == 200
    assert reverse("approve_correction", args=[correction.pk]) not in client.answer.text
    assert decide(client, correction).status_code == 403
    correction.refresh_from_db()
    assert correction.state == "waiting"


def test_a_refusal_is_kept_with_its_reason():
    correction = ask(person_of(CAST.wang).pk, undone=(), rights=[right("manual", "1.00")])
    client = look_at(correction)
    decide(client, correction, "refuse_correction", decision_reason="Not proved")
    page = client.get(reverse("correction", args=[correction.pk])).text
    assert "Not proved" in page
    assert decide(client, correction).status_code == 200
    correction.refresh_from_db()
    assert (correction.state, correction.decision_reason) == ("refused", "Not proved")


@pytest.mark.parametrize("deed", ["approve_correction", "refuse_correction"])
def test_a_decision_needs_a_word(deed):
    correction = ask(person_of(CAST.wang).pk, undone=(), rights=[right("manual", "1.00")])
    client = look_at(correction)
    answer = decide(client, correction, deed, decision_reason=" ")
    assert (answer.status_code, "id_decision_reason_error" in answer.text) == (200, True)
    correction.refresh_from_db()
    assert correction.state == "waiting"


def test_looking_at_a_request_is_logged_with_its_document():
    correction = ask(person_of(CAST.wang).pk, undone=(), rights=[right("manual", "1.00")])
    before = log_of(CAST.wang).count()
    client = look_at(correction)
    assert log_of(CAST.wang).count() == before + 1
    row = log_of(CAST.wang).latest("at")
    assert (row.page, row.purpose, row.detail) == ("accounts.correction", "correction", str(correction.pk))
    decide(client, correction)
    assert log_of(CAST.wang).count() == before + 2


def test_a_request_about_somebody_else_is_not_found():
    correction = ask(person_of(CAST.wang).pk, undone=(), rights=[right("manual", "1.00")])
    client = look_up(CAST.li, SECOND_OPERATOR)
    for number in (correction.pk, 999999999):
        assert client.get(reverse("correction", args=[number])).status_code == 404
        assert decide(client, Correction(pk=number)).status_code == 404
    assert client.post(reverse("look_at_correction", args=[999999999])).status_code == 404


def test_without_a_look_up_one_is_sent_to_the_list():
    client = visitors.staff(SECOND_OPERATOR)
    assert client.get(reverse("correction", args=[7])).headers["Location"] == reverse("corrections")


def test_a_form_of_an_earlier_look_up_does_nothing(account, wrong):
    assert propose(account, wrong, inquiry="of an earlier tab").answer.status_code == 409
    correction = ask(person_of(CAST.wang).pk, undone=(), rights=[right("manual", "1.00")])
    assert decide(look_at(correction), correction, inquiry="of an earlier tab").status_code == 409
    correction.refresh_from_db()
    assert correction.state == "waiting"
    assert Correction.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"reason": ""},
        {"document_ref": ""},
        {"undone": [], "kind_1": "", "period_1": "", "amount_1": ""},
        {"undone": ["202601-contrib_ind-1-1"]},
        {"amount_1": "-600.00"},
        {"amount_1": ""},
        {"amount_1": "6.001"},
        {"period_1": "soon"},
        {"kind_1": "interest_current"},
        {"kind_1": "reversal"},
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(account, wrong, changes):
    client = propose(account, wrong, **changes)
    assert client.answer.status_code == 200
    assert 'class="errors"' in client.answer.text
    if "reason" not in changes:
        assert "The base was 7,500, not 8,000" in client.answer.text
    assert not Correction.objects.exists()


def test_another_persons_account_is_not_found(account, wrong):
    client = look_up(CAST.li)
    answer = client.post(reverse("ask_for_correction"), form_of(client, account, wrong))
    assert answer.status_code == 404
    assert client.get(reverse("propose_correction"), {"account": account.pk}).status_code == 404
    assert not Correction.objects.exists()


def test_what_was_undone_is_marked_and_offered_no_more(account, wrong):
    correction = Correction.objects.get(pk=int(propose(account, wrong).answer.headers["Location"].split("/")[-2]))
    year = {"account": account.pk, "year": wrong.booked_month.year}
    for _asked_then_posted in range(2):
        assert choice(wrong) not in look_up(CAST.wang).get(reverse("propose_correction"), year).text
        decide(look_at(correction), correction)
        call_command("post_corrections", verbosity=0)
    assert Entry.objects.filter(kind="reversal").get().amount == Decimal("-640.00")


def test_the_log_of_others_is_left_alone(account, wrong):
    before = AccessLog.objects.exclude(person_id=person_of(CAST.wang).pk).count()
    propose(account, wrong)
    assert AccessLog.objects.exclude(person_id=person_of(CAST.wang).pk).count() == before
