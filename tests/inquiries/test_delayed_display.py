"""Legal orders of secrecy: shown later, by two people, never left out, and only for what was not shown yet."""

from datetime import timedelta

import pytest
from django.db import Error, connection, transaction
from django.urls import reverse
from django.utils import timezone

from inquiries import delays
from inquiries.models import AccessLog, DelayedDisplay
from registry.roles import acting_as
from tests import visitors
from tests.behind_the_wall import web
from tests.cast import AUDITOR, CAST, CLERK, OPERATOR, SECOND_OPERATOR
from tests.looking import into_books, person_of, plant, user_of

pytestmark = pytest.mark.django_db
DOCUMENT = "京刑调〔2026〕7号"


def in_days(count):
    return timezone.localdate() + timedelta(days=count)


def ask(client, member=CAST.li, **changes):
    form = {
        "id_type": "citizen",
        "number": member.number,
        "document_no": DOCUMENT,
        "law_article": "刑事诉讼法 §54",
        "shown_from": in_days(90).isoformat(),
        "inquiry": visitors.inquiry_token(client),
    }
    return client.post(reverse("ask_for_delay"), form | changes, follow=True)


def decide(client, member=CAST.li, decision="approved", order=None):
    order = order or DelayedDisplay.objects.latest("pk")
    form = {"id_type": "citizen", "number": member.number, "order": order.pk, "decision": decision}
    return client.post(reverse("decide_delay"), form | {"inquiry": visitors.inquiry_token(client)}, follow=True)


def look_up(staff_no, member=CAST.li, reference=DOCUMENT):
    """An operator looks the person up for the sake of this document."""
    client = visitors.staff(staff_no)
    form = {"id_type": "citizen", "number": member.number, "purpose": "verify", "reference": reference}
    client.post(reverse("look_up_person"), form)
    return client.get(reverse("person_entries"))


def her_page(member=CAST.li):
    return visitors.words(visitors.person(member).get(reverse("who_looked")))


@pytest.fixture
def approved():
    ask(into_books(OPERATOR, "orders_of_secrecy"))
    decide(into_books(SECOND_OPERATOR, "orders_of_secrecy"))
    return DelayedDisplay.objects.get(document_no=DOCUMENT)


def the_day_comes():
    """The order's day is here: somebody who owns the server turned the calendar back for it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE; SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE inquiries_delayeddisplay SET shown_from = %s", [timezone.localdate()])
        cursor.execute("SET LOCAL session_replication_role = origin; SET LOCAL ROLE portal_tests")


def test_a_look_up_under_an_order_is_shown_on_its_day_and_auditors_see_it_at_once(approved):
    assert look_up(OPERATOR).status_code == 200
    row = AccessLog.objects.filter(person_id=person_of(CAST.li).pk, capacity="operator")
    assert row.count() == 1
    assert "操作员" not in her_page()
    assert "近 12 个月只有您本人查询过。" in her_page()
    assert "操作员" not in visitors.words(visitors.person(CAST.li).get(reverse("my_accounts")))
    auditor = into_books(AUDITOR, "audit_looks")
    assert DOCUMENT in auditor.get(reverse("audit_looks")).text
    the_day_comes()
    assert "操作员" in her_page()
    assert "只有您本人" not in her_page()


def test_the_auditor_sees_it_in_the_log_of_one_person_too(approved):
    look_up(OPERATOR)
    client = visitors.staff(AUDITOR)
    form = {"id_type": "citizen", "number": CAST.li.number, "purpose": "audit", "reference": "A-7"}
    client.post(reverse("look_up_person"), form)
    assert DOCUMENT in client.get(reverse("audit_looks")).text


def test_until_a_second_person_approves_it_is_shown():
    ask(into_books(OPERATOR, "orders_of_secrecy"))
    look_up(OPERATOR)
    assert "操作员" in her_page()


def test_what_was_shown_stays_shown():
    look_up(OPERATOR)
    ask(into_books(OPERATOR, "orders_of_secrecy"))
    decide(into_books(SECOND_OPERATOR, "orders_of_secrecy"))
    assert "操作员" in her_page()


def test_other_look_ups_of_the_person_and_of_others_are_shown(approved):
    look_up(OPERATOR, reference="2026-0042")
    look_up(OPERATOR, CAST.wang)
    plant(CAST.li, office="甲窗", reference=DOCUMENT)
    page = her_page()
    assert "操作员" in page
    assert "甲窗" in page
    assert "操作员" in her_page(CAST.wang)


def test_a_refused_order_delays_nothing():
    ask(into_books(OPERATOR, "orders_of_secrecy"))
    decide(into_books(SECOND_OPERATOR, "orders_of_secrecy"), decision="refused")
    look_up(OPERATOR)
    assert "操作员" in her_page()


def test_whoever_asked_does_not_decide():
    client = into_books(OPERATOR, "orders_of_secrecy")
    ask(client)
    assert "申请由您提出，须由他人复核。" in decide(client).text
    assert DelayedDisplay.objects.get().decision == ""


def test_the_second_person_finds_the_same_person_by_the_document():
    ask(into_books(OPERATOR, "orders_of_secrecy"))
    answer = decide(into_books(SECOND_OPERATOR, "orders_of_secrecy"), CAST.wang)
    assert "号码与申请所涉及的人不一致。" in answer.text
    assert DelayedDisplay.objects.get().decision == ""


def test_no_page_of_orders_names_a_person(approved):
    for staff_no in (OPERATOR, SECOND_OPERATOR, AUDITOR):
        page = into_books(staff_no, "orders_of_secrecy").get(reverse("orders_of_secrecy")).text
        assert DOCUMENT in page
        assert CAST.li.name not in page
        assert CAST.li.number not in page


@pytest.mark.parametrize("days", [-1, 0, 181])
def test_a_delay_lasts_at_most_180_days(days):
    answer = ask(into_books(OPERATOR, "orders_of_secrecy"), shown_from=in_days(days).isoformat())
    assert "日期须在今天起 180 天之内。" in answer.text
    assert not DelayedDisplay.objects.exists()


@pytest.mark.parametrize("field", ["document_no", "law_article", "shown_from", "number"])
def test_an_order_names_document_law_day_and_person(field):
    ask(into_books(OPERATOR, "orders_of_secrecy"), **{field: ""})
    assert not DelayedDisplay.objects.exists()


def test_a_renewal_needs_two_people_again_and_keeps_hidden_what_was(approved):
    look_up(OPERATOR)
    ask(into_books(OPERATOR, "orders_of_secrecy"), shown_from=in_days(150).isoformat())
    renewal = DelayedDisplay.objects.latest("pk")
    assert renewal.renews == approved
    decide(into_books(SECOND_OPERATOR, "orders_of_secrecy"))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE; SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE inquiries_delayeddisplay SET shown_from = %s WHERE id = %s", [timezone.localdate(), approved.pk]
        )
        cursor.execute("SET LOCAL session_replication_role = origin; SET LOCAL ROLE portal_tests")
    assert "操作员" not in her_page()


def test_a_delay_that_ended_is_not_renewed(approved):
    look_up(OPERATOR)
    the_day_comes()
    answer = ask(into_books(OPERATOR, "orders_of_secrecy"))
    assert "已展示的记录不再隐藏" in answer.text
    assert DelayedDisplay.objects.count() == 1


def test_a_renewal_that_comes_too_late_is_not_approved(approved):
    ask(into_books(OPERATOR, "orders_of_secrecy"))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE; SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE inquiries_delayeddisplay SET shown_from = %s WHERE id = %s", [timezone.localdate(), approved.pk]
        )
        cursor.execute("SET LOCAL session_replication_role = origin; SET LOCAL ROLE portal_tests")
    with pytest.raises(delays.DelayRefused, match="已展示的记录不再隐藏"):
        delays.decide(
            DelayedDisplay.objects.latest("pk").pk, "approved", person_of(CAST.li).pk, user_of(SECOND_OPERATOR)
        )


@pytest.mark.parametrize(
    "change", ["shown_from = shown_from - 1", "decision = 'refused'", "document_no = 'x'", "person_id = person_id + 1"]
)
def test_an_order_never_changes_and_is_never_removed(approved, change):
    for statement in (f"UPDATE inquiries_delayeddisplay SET {change}", "DELETE FROM inquiries_delayeddisplay"):
        with pytest.raises(Error), transaction.atomic(), acting_as("owner"), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize("column", ["decision = 'approved', decided_at = now(), decided_by_id = asked_by_id"])
def test_the_database_wants_two_people(column):
    ask(into_books(OPERATOR, "orders_of_secrecy"))
    with pytest.raises(Error, match="two_people"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE inquiries_delayeddisplay SET {column}")


def test_her_own_inquiry_finds_no_order(approved):
    token = visitors.inquiry_token(visitors.person(CAST.li))
    with web(token) as cursor:
        cursor.execute("SELECT count(*) FROM inquiries_delayeddisplay")
        assert cursor.fetchone() == (0,)


def test_clerks_and_auditors_ask_and_decide_nothing(approved):
    assert visitors.staff(CLERK).get(reverse("orders_of_secrecy")).status_code == 403
    client = into_books(AUDITOR, "orders_of_secrecy")
    assert ask(client).status_code == 403
    assert decide(client, order=approved).status_code == 403


def test_a_form_of_another_inquiry_asks_for_nothing():
    client = into_books(OPERATOR, "orders_of_secrecy")
    assert ask(client, inquiry="x").status_code == 409
    assert not DelayedDisplay.objects.exists()
