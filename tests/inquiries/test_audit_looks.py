"""The access log for auditors: filters, pages, one person with a reason, files."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.db import Error, connection, transaction
from django.urls import reverse
from django.utils import timezone

from inquiries import log_list
from inquiries.look_forms import LogForm
from inquiries.models import AccessLog, LogExport
from registry.roles import acting_as
from tests import visitors
from tests.cast import AUDITOR, CAST, CLERK, OPERATOR, SECOND_OPERATOR
from tests.looking import into_books, moment, person_of, plant, user_of

pytestmark = pytest.mark.django_db
QUERIES = 15
OFFICE = "稽核试验窗口"


@pytest.fixture
def auditor():
    return into_books(AUDITOR, "audit_looks")


def rows_of(client, **asked):
    page = client.get(reverse("audit_looks"), {"office": OFFICE} | asked)
    assert page.status_code == 200
    return page.text.count("<small>社会保险法 §74</small>")


def export(client, **asked):
    form = {"inquiry": visitors.inquiry_token(client), "office": OFFICE, "reason": "年度审计"} | asked
    return client.post(reverse("export_looks"), form)


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({}, 5),
        ({"staff_no": CLERK}, 3),
        ({"staff_no": OPERATOR}, 2),
        ({"staff_no": "nobody"}, 0),
        ({"capacity": "operator"}, 2),
        ({"purpose": "balance"}, 3),
        ({"kind": "print"}, 2),
        ({"page": "inquiries.finish_visit"}, 3),
        ({"channel": "window"}, 3),
        ({"channel": "phone"}, 0),
        ({"agency": "x"}, 5),
        ({"office": "elsewhere"}, 0),
    ],
)
def test_filters(auditor, asked, count):
    plant(CAST.li, count=3, office=OFFICE, page="inquiries.finish_visit")
    plant(CAST.zhao, capacity="operator", user=user_of(OPERATOR), count=2, office=OFFICE, kind="print")
    assert rows_of(auditor, **asked) == count


def test_the_period_is_a_week_unless_named_and_92_days_at_most(auditor):
    plant(CAST.li, office=OFFICE, at=moment(3))
    plant(CAST.li, office=OFFICE, at=moment(30))
    plant(CAST.li, office=OFFICE, at=moment(120))
    today = timezone.localdate()
    assert rows_of(auditor) == 1
    assert rows_of(auditor, since=(today - timedelta(days=60)).isoformat()) == 2
    page = auditor.get(reverse("audit_looks"), {"office": OFFICE, "since": (today - timedelta(days=200)).isoformat()})
    assert "一次最多 92 天。" in page.text
    assert rows_of(auditor, until=(today - timedelta(days=10)).isoformat()) == 0


def test_a_long_log_is_read_page_by_page_and_no_address_names_a_person(monkeypatch):
    now = timezone.now()
    for number in range(3):
        plant(CAST.li, office=OFFICE, at=now - timedelta(minutes=number), count=1)
    inquiry = plant(CAST.li, office=OFFICE, at=now - timedelta(hours=1))
    for member in (CAST.wang, CAST.zhao, CAST.qian, CAST.wu):
        plant(member, office=OFFICE, at=now - timedelta(hours=1), inquiry=inquiry)
    seen, before = [], ""
    monkeypatch.setattr(log_list, "PAGE_SIZE", 2)
    while True:
        page = log_list.LogPage(LogForm({"office": OFFICE}), before)
        seen += [(row.act, row.person_id) for row in page.rows]
        assert not page.older or re.fullmatch(r"[0-9T:.+-]+~\d+", page.older)
        if not page.older:
            break
        before = page.older
    assert len(seen) == len(set(seen)) == 8


@pytest.mark.parametrize(
    "before", ["x", "~", "2026-01-01~1", "2026-01-01T00:00:00+08:00~x", "2026-13-01T00:00:00+08:00~1"]
)
def test_a_strange_place_shows_the_newest(auditor, before):
    plant(CAST.li, office=OFFICE)
    assert rows_of(auditor, before=before) == 1


def test_nobody_is_named(auditor):
    plant(CAST.li, office=OFFICE)
    page = auditor.get(reverse("audit_looks"), {"office": OFFICE}).text
    assert CAST.li.name not in page
    assert CAST.li.number not in page
    assert str(person_of(CAST.li).pk) in page


def test_one_person_is_read_with_a_reason_and_she_can_see_it():
    plant(CAST.li, office=OFFICE)
    plant(CAST.wang, office=OFFICE)
    client = visitors.staff(AUDITOR)
    form = {"id_type": "citizen", "number": CAST.li.number, "purpose": "audit", "reference": "A-7"}
    client.post(reverse("look_up_person"), form)
    before = AccessLog.objects.filter(person_id=person_of(CAST.li).pk, page="inquiries.audit_looks").count()
    assert rows_of(client) == 1
    assert AccessLog.objects.filter(person_id=person_of(CAST.li).pk, page="inquiries.audit_looks").count() == before + 1
    assert "审计员" in visitors.person(CAST.li).get(reverse("who_looked")).text


def test_the_auditors_own_look_is_logged(auditor):
    before = AccessLog.objects.filter(page="inquiries.audit_looks").count()
    auditor.get(reverse("audit_looks"))
    rows = AccessLog.objects.filter(page="inquiries.audit_looks")
    assert rows.count() == before + 1
    assert (rows.latest("at").capacity, rows.latest("at").person_id) == ("auditor", 0)


@pytest.mark.parametrize("name", ["audit_looks", "unusual_looks"])
def test_for_auditors_alone(name):
    assert visitors.staff(OPERATOR).get(reverse(name)).status_code == 403
    assert into_books(OPERATOR, name).get(reverse(name)).status_code == 403
    assert visitors.staff(CLERK).get(reverse(name)).status_code == 403
    assert visitors.person(CAST.wang).get(reverse(name)).status_code == 403
    assert visitors.staff(AUDITOR).get(reverse(name)).headers["Location"].startswith(reverse("why_these_entries"))


def test_queries_do_not_depend_on_the_rows(auditor, django_assert_num_queries):
    for count in (1, 45):
        plant(CAST.li, count=count, office=OFFICE)
        auditor.get(reverse("audit_looks"))
        with django_assert_num_queries(QUERIES):
            auditor.get(reverse("audit_looks"))


def test_a_file_holds_what_was_chosen_and_is_kept_with_its_reason(auditor):
    plant(CAST.li, count=2, office=OFFICE, reference="=1+1")
    plant(CAST.li, office="anderswo")
    answer = export(auditor)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 3
    assert rows[1][-1] == "'=1+1"
    assert CAST.li.number not in answer.content.decode()
    kept = LogExport.objects.get()
    assert (kept.user, kept.reason, kept.rows) == (user_of(AUDITOR), "年度审计", 2)
    assert f"office={OFFICE}" in kept.filters
    assert AccessLog.objects.filter(page="inquiries.audit_export", kind="export").count() == 1


def test_a_file_needs_a_reason(auditor):
    assert "请说明导出用途。" in export(auditor, reason="").text
    assert not LogExport.objects.exists()


def test_three_files_a_day(auditor):
    for _ in range(3):
        assert export(auditor).headers["Content-Type"].startswith("text/csv")
    assert "每天最多导出 3 次，请明天再试。" in export(auditor).text
    assert LogExport.objects.count() == 3


def test_a_file_is_bounded(auditor, monkeypatch):
    monkeypatch.setattr(log_list, "ROWS_OF_AN_EXPORT", 2)
    plant(CAST.li, count=3, office=OFFICE)
    assert "超过 2 行。" in export(auditor).text
    assert not LogExport.objects.exists()


def test_operators_make_no_file():
    assert export(into_books(SECOND_OPERATOR, "look_questions")).status_code == 403


def test_the_list_of_files_is_only_ever_added_to(auditor):
    export(auditor)
    for statement in ("UPDATE inquiries_logexport SET rows = 0", "DELETE FROM inquiries_logexport"):
        with pytest.raises(Error), transaction.atomic(), acting_as("owner"), connection.cursor() as cursor:
            cursor.execute(statement)
