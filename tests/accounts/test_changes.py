"""What changed since I last looked: exactly what came in after what was shown, and nothing of anybody else."""

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import changes
from accounts.models import Batch, Entry, FundAccount, FundEntry, Mark
from accounts.own_check import own_check
from contributions.models import Contribution
from inquiries.models import Inquiry
from registry.models import EnrolmentEvent
from registry.roles import acting_as
from tests import long_life, staged, visitors
from tests.cast import BEIJING, CAST, LAST, NOW
from tests.entrusting import person_of

pytestmark = pytest.mark.django_db
QUERIES = 12


def page_of(client):
    return client.get(reverse("changes"))


def send(client, name, **form):
    return client.post(reverse(name), {"inquiry": visitors.inquiry_token(client), **form}, follow=True)


def shown_by(page):
    return re.search(r'name="shown" value="([^"]*)"', page.text)[1]


def see(client):
    return send(client, "mark_seen", shown=shown_by(page_of(client)))


def credit(member, amount="12.34", slip_no="M-NEW"):
    """An amount that an operator's file brings into the member's account."""
    line = staged.movement_line(
        person_of(member).pk, amount, "manual", "pension", NOW, slip_no=slip_no, area_code=BEIJING
    )
    line |= {"agency_code": f"SI{BEIJING}", "reason": "补记", "document_no": "D9"}
    staged.load("account_movements", [line])


@pytest.fixture
def client():
    return visitors.person(CAST.wang)


def test_without_a_mark_the_newest_of_all_is_shown(client):
    person = person_of(CAST.wang)
    ids = {"person_id__in": person.record_ids}
    events = EnrolmentEvent.objects.filter(enrolment__person=person).count()
    records = events + Contribution.objects.filter(**ids).count()
    others = Entry.objects.filter(**ids).exclude(batch_id__in=Contribution.objects.filter(**ids).values("batch_id"))
    found = changes.since(person, None)
    assert found.count == len(found.changes) == records + others.count()
    page = visitors.words(page_of(client))
    assert "您还没有标记过“已看过”" in page
    assert "12,345.67" in page


def test_what_was_seen_is_not_told_again_and_what_comes_then_is(client):
    assert "已标记" in visitors.words(see(client))
    assert "之后没有新到的记录" in visitors.words(page_of(client))
    credit(CAST.wang)
    page = visitors.words(page_of(client))
    assert "1 条新记录" in page
    assert "12.34" in page
    see(client)
    assert "12.34" not in visitors.words(page_of(client))


def test_what_comes_between_the_page_and_the_deed_is_not_marked(client):
    shown = shown_by(page_of(client))
    credit(CAST.wang)
    send(client, "mark_seen", shown=shown)
    assert "12.34" in visitors.words(page_of(client))


def test_a_batch_with_a_lower_number_that_comes_later_is_told(client):
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('accounts_batch', 'id'))")
        (lower,) = cursor.fetchone()
    credit(CAST.wang)
    see(client)
    with acting_as("job"):
        facts = {"scheme": "pension", "area_code": BEIJING, "booked_month": NOW}
        Batch.objects.create(id=lower, kind="manual", source_ref="late", posted_at=timezone.now(), **facts)
        Entry.objects.create(
            person_id=person_of(CAST.wang).pk, kind="manual", batch_id=lower, line=1, period=NOW, amount=77, **facts
        )
        fund = FundAccount.objects.get(scheme="pension", area_code=BEIJING, kind="pooled")
        FundEntry.objects.create(batch_id=lower, fund_account=fund, amount=-77)
    page = visitors.words(page_of(client))
    assert "77.00" in page
    assert "12.34" not in page


def test_numbers_loaded_long_before_are_kept_as_a_bound_alone(client):
    with acting_as("owner"), connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE accounts_batch DISABLE TRIGGER USER; ALTER TABLE registry_feedfile DISABLE TRIGGER USER"
        )
        cursor.execute("UPDATE accounts_batch SET posted_at = now() - interval '3 days'")
        cursor.execute("UPDATE registry_feedfile SET loaded_at = now() - interval '3 days'")
    credit(CAST.wang)
    see(client)
    mark = Mark.objects.get()
    assert mark.batches == [Batch.objects.latest("pk").pk]
    assert 0 < mark.batches_until < mark.batches[0]
    assert mark.files == []
    assert mark.files_until > 0


def test_two_open_pages_mark_no_less_than_one(client):
    old = shown_by(page_of(client))
    credit(CAST.wang)
    see(client)
    send(client, "mark_seen", shown=old)
    assert "12.34" not in visitors.words(page_of(client))


@pytest.mark.parametrize("form", ["", "nonsense"])
def test_a_form_of_no_page_marks_nothing(client, form):
    answer = visitors.words(send(client, "mark_seen", shown=form))
    assert "打开的时间太长" in answer
    assert not Mark.objects.exists()


def test_a_form_of_another_inquiry_marks_nothing(client):
    other = visitors.person(CAST.li)
    send(client, "mark_seen", shown=shown_by(page_of(other)))
    assert not Mark.objects.exists()


def test_a_stranger_sees_her_own_changes_and_no_others():
    page = page_of(visitors.person(CAST.li)).text
    assert "14,185.67" not in page
    assert "12,345.67" not in page
    found = changes.since(person_of(CAST.li), None)
    assert {change.period for change in found.changes if change.what == "contribution"} >= {LAST}


def test_benefits_transfers_and_registrations_are_told():
    found = changes.since(person_of(CAST.feng), None)
    assert {str(c.amount) for c in found.changes if c.what == "benefit"} == {"2514.13"}
    staged.load(
        "transfers",
        [
            staged.transfer_line(
                person_of(CAST.wang).pk, day=NOW, area_code=BEIJING, agency_code=f"SI{BEIJING}", other_area="成都市"
            )
        ],
    )
    found = changes.since(person_of(CAST.wang), None)
    (transfer,) = [c for c in found.changes if c.what == "transfer"]
    assert transfer.place == "成都市"


def test_i_checked_this_is_shown_with_its_day_and_asked_for_again_after_a_year(client):
    overview = visitors.words(client.get(reverse("my_accounts")))
    assert "您还没有在这里核对过记录" in overview
    answer = visitors.words(send(client, "mark_checked"))
    today = timezone.localdate()
    assert "已记下：您今天核对过记录" in answer
    assert f"您在 {today.year}年{today.month}月{today.day}日 核对过记录" in answer
    last_year = Mark.objects.get()
    inquiry = Inquiry.objects.get(pk=last_year.inquiry_id)
    other = person_of(CAST.li)
    Mark.objects.create(person=other, inquiry=inquiry, kind="checked", at=timezone.now() - timedelta(days=400))
    assert own_check(other, today).is_due
    assert not own_check(person_of(CAST.wang), today).is_due


def test_a_mark_is_only_ever_added(client):
    send(client, "mark_checked")
    for statement in ("UPDATE accounts_mark SET kind = 'seen'", "DELETE FROM accounts_mark"):
        for role in ("web", "owner"):
            with pytest.raises(DatabaseError), transaction.atomic(), acting_as(role), connection.cursor() as cursor:
                cursor.execute(statement)


def test_nobody_but_the_person_marks_her_record():
    clerk = visitors.clerk_serving(CAST.wang)
    token = {"inquiry": visitors.inquiry_token(clerk)}
    assert clerk.get(reverse("changes")).status_code == 403
    assert clerk.post(reverse("mark_checked"), token).status_code == 403
    assert clerk.post(reverse("mark_seen"), token).status_code == 403
    assert "mark_checked" not in clerk.get(reverse("my_accounts")).text
    assert reverse("mark_checked") not in clerk.get(reverse("my_accounts")).text


def test_signed_out_nothing_is_shown(client):
    client.logout()
    assert page_of(client).status_code == 302


@pytest.mark.parametrize("member", [CAST.wang, CAST.sun], ids=lambda m: m.name)
def test_queries_do_not_depend_on_the_history(member, django_assert_num_queries):
    client = visitors.person(member)
    page_of(client)
    with django_assert_num_queries(QUERIES):
        page_of(client)


def test_forty_years_cost_no_more_and_fit_into_the_page(django_assert_num_queries):
    client = visitors.person(long_life.load())
    page_of(client)
    with django_assert_num_queries(QUERIES):
        page = page_of(client)
    assert len(page.content) < 60_000
    assert "这里只显示最新的 24 条" in visitors.words(page)
    see(client)
    assert "之后没有新到的记录" in visitors.words(page_of(client))
    with django_assert_num_queries(QUERIES):
        page_of(client)
