"""No log row, no page: what shows or hands out a person's data fails where its row cannot be written."""

import io

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection
from django.urls import reverse

from accounts.models import Account, Batch, Correction
from inquiries.models import AccessLog, DelayedDisplay, LogExport, LookQuestion
from tests import visitors
from tests.cast import AUDITOR, CAST, CLERK, OPERATOR, SECOND_OPERATOR
from tests.looking import into_books, person_of, plant

pytestmark = pytest.mark.django_db


def agent():
    return visitors.agent(CAST.agent)


def operator_on(member=CAST.wang, staff_no=OPERATOR):
    client = visitors.staff(staff_no)
    form = {"id_type": "citizen", "number": member.number, "purpose": "correction", "reference": "2026-0042"}
    client.post(reverse("look_up_person"), form)
    return client


def entries_address():
    return reverse("batch_entries", args=[Batch.objects.filter(kind="opening").order_by("pk").first().pk])


PAGES = {
    "her own": (lambda: visitors.person(CAST.wang), lambda: reverse("my_accounts")),
    "a list": (agent, lambda: reverse("employer_home")),
    "a list by month": (agent, lambda: reverse("payment_list")),
    "a print": (agent, lambda: reverse("payment_list_print")),
    "at the window": (lambda: visitors.clerk_serving(CAST.wang), lambda: reverse("my_accounts")),
    "what was shown": (lambda: visitors.clerk_serving(CAST.wang), lambda: reverse("finish_visit")),
    "entries of a person": (operator_on, lambda: reverse("person_entries")),
    "entries of a batch": (lambda: into_books(OPERATOR, "batches"), entries_address),
    "questions": (lambda: into_books(SECOND_OPERATOR, "look_questions"), lambda: reverse("look_questions")),
    "orders of secrecy": (lambda: into_books(OPERATOR, "orders_of_secrecy"), lambda: reverse("orders_of_secrecy")),
    "the log": (lambda: into_books(AUDITOR, "audit_looks"), lambda: reverse("audit_looks")),
    "unusual look-ups": (lambda: into_books(AUDITOR, "unusual_looks"), lambda: reverse("unusual_looks")),
}


def without_log(ask, role="portal_web"):
    """What `ask` gives while that role may not write the log. Not in a block of its own: the door wants none around."""
    _change(f"REVOKE INSERT ON inquiries_accesslog FROM {role}")
    try:
        return ask()
    finally:
        _change(f"GRANT INSERT ON inquiries_accesslog TO {role}")


def _change(statement):
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE NONE; {statement}; SET LOCAL ROLE portal_tests")


@pytest.mark.parametrize("name", PAGES)
def test_pages_lists_and_prints(name):
    sign_in, address = PAGES[name]
    client, address = sign_in(), address()
    before = AccessLog.objects.count()
    assert client.get(address).status_code == 200
    assert AccessLog.objects.count() > before
    answer = refused(client, lambda: client.get(address))
    for member in (CAST.wang, CAST.li, CAST.chu):
        assert member.name not in answer.text


def refused(client, ask):
    """The answer 500, for want of the log row and of nothing else."""
    client.raise_request_exception = False
    before, answer = AccessLog.objects.count(), without_log(ask)
    assert answer.status_code == 500
    assert "permission denied for table inquiries_accesslog" in str(client.exc_info or answer.exc_info)
    assert AccessLog.objects.count() == before
    client.exc_info = None
    return answer


def send(client, name, **form):
    form["inquiry"] = visitors.inquiry_token(client)
    return refused(client, lambda: client.post(reverse(name), form))


def test_an_export_of_the_log():
    send(into_books(AUDITOR, "audit_looks"), "export_looks", reason="x")
    assert not LogExport.objects.exists()


def test_an_operators_deed_beside_the_record():
    account = Account.objects.filter(person_id=person_of(CAST.wang).pk).first()
    send(operator_on(), "ask_for_correction", account=account.pk, year="2026")
    assert not Correction.objects.exists()


def test_deeds_about_look_ups():
    inquiry = plant(CAST.li, capacity="operator", agency="x")
    send(into_books(SECOND_OPERATOR, "look_questions"), "answer_question", question=1, answer="x")
    form = {"id_type": "citizen", "number": CAST.li.number, "document_no": "x", "law_article": "x"}
    client = into_books(OPERATOR, "orders_of_secrecy")
    send(client, "ask_for_delay", **form, shown_from="2027-01-01")
    assert not DelayedDisplay.objects.exists()
    assert not LookQuestion.objects.filter(inquiry=inquiry).exists()


def test_a_whole_record_as_a_file(tmp_path):
    path = tmp_path / "record.zip"
    arguments = ("--person", str(person_of(CAST.wang).pk), "--by", CLERK, "--out", str(path))
    with pytest.raises(ProgrammingError, match="permission denied for table inquiries_accesslog"):
        without_log(lambda: call_command("export_record", *arguments, stdout=io.StringIO()), role="portal_job")
    assert not path.exists()
