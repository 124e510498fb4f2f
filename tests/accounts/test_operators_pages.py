"""Operators' and auditors' pages: who may open them, what they show, and whose log they write."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import desk
from accounts.models import Account, Batch, Correction, Entry, InterestYear, Proof
from inquiries import asking_why
from inquiries.asking_why import Waiting
from inquiries.models import AccessLog, Inquiry, StaffMember
from registry.insurance import Scheme
from registry.models import InsuredPerson
from registry.roles import acting_as
from tests import visitors
from tests.cast import AUDITOR, BEIJING, CAST, CLERK, HANGZHOU, OPERATOR, SECOND_OPERATOR, TODAY
from tests.looking import plant, user_of

from .correcting import approve, ask, corrected, right

pytestmark = pytest.mark.django_db
PAGES = ["operators_desk", "batches", "interest_years", "proofs", "corrections", "find_person", "why_these_entries"]
RECORDS = ["person_entries", "propose_correction"]
DEEDS = ["look_up_person", "look_into_books", "end_look_up", "ask_for_correction"]


def person_of(member):
    return InsuredPerson.objects.with_number("citizen", member.number).get()


def log_of(member):
    return AccessLog.objects.filter(person_id=person_of(member).pk)


def look_up(member, staff_no=OPERATOR, **changes):
    client = visitors.staff(staff_no)
    form = {"id_type": "citizen", "number": member.number, "purpose": "correction", "reference": "2026-0042"}
    client.answer = client.post(reverse("look_up_person"), form | changes)
    return client


def look_into(batch, staff_no=OPERATOR):
    client = visitors.staff(staff_no)
    entries = reverse("batch_entries", args=[batch.pk])
    client.answer = client.post(
        reverse("look_into_books"), {"purpose": "audit", "reference": "A-7", "next": entries}, follow=True
    )
    return client


def batch_of(member, **conditions):
    entries = Entry.objects.filter(person_id=person_of(member).pk, **conditions)
    return Batch.objects.get(pk=entries.order_by("pk")[0].batch_id)


def addresses():
    numbered = [reverse(name, args=[1]) for name in ("batch", "batch_entries", "correction")]
    return [reverse(name) for name in PAGES + RECORDS] + numbered


@pytest.mark.parametrize("staff_no", [OPERATOR, AUDITOR])
@pytest.mark.parametrize("name", PAGES)
def test_operators_and_auditors_see_their_pages(name, staff_no):
    assert visitors.staff(staff_no).get(reverse(name)).status_code == 200


@pytest.mark.parametrize("who", ["person", "agent", "clerk"])
def test_nobody_else_sees_them(who):
    clients = {"person": (visitors.person, CAST.wang), "agent": (visitors.agent, CAST.agent)}
    make, whom = clients.get(who, (visitors.staff, CLERK))
    client = make(whom)
    assert {address: client.get(address).status_code for address in addresses()} == dict.fromkeys(addresses(), 403)
    deeds = [reverse(name) for name in DEEDS]
    deeds += [reverse(name, args=[1]) for name in ("approve_correction", "refuse_correction", "look_at_correction")]
    assert {deed: client.post(deed).status_code for deed in deeds} == dict.fromkeys(deeds, 403)


def test_a_clerk_serving_somebody_does_not_reach_them_either():
    client = visitors.clerk_serving(CAST.wang)
    assert [client.get(reverse(name)).status_code for name in RECORDS] == [403, 403]


def test_signed_out_visitors_are_sent_to_sign_in():
    for address in addresses():
        assert Client().get(address).headers["Location"].startswith(reverse("home"))


def test_a_role_that_ended_ends_at_once(as_job):
    client = look_up(CAST.wang)
    assert client.get(reverse("person_entries")).status_code == 200
    with as_job():
        StaffMember.objects.filter(staff_no=OPERATOR).update(until="2026-01-01")
    assert client.get(reverse("person_entries")).status_code == 403
    assert client.get(reverse("operators_desk")).status_code == 403


def test_an_auditor_only_looks():
    client = look_up(CAST.wang, AUDITOR)
    assert client.get(reverse("person_entries")).status_code == 200
    account = Account.objects.get(person=person_of(CAST.wang), scheme="pension")
    assert client.get(reverse("propose_correction"), {"account": account.pk}).status_code == 403
    token = visitors.inquiry_token(client)
    assert client.post(reverse("ask_for_correction"), {"inquiry": token}).status_code == 403
    assert client.post(reverse("approve_correction", args=[1]), {"inquiry": token}).status_code == 403


def test_the_own_pages_of_persons_stay_closed_to_an_operator():
    client = look_up(CAST.wang)
    for name in ("my_accounts", "payment_records", "registration_status", "who_looked", "me"):
        assert client.get(reverse(name)).status_code == 403


def test_a_person_is_found_by_the_exact_number_with_a_reason():
    client = look_up(CAST.wang)
    assert client.answer.headers["Location"] == reverse("person_entries")
    page = client.get(reverse("person_entries")).text
    assert "王*明" in page
    assert CAST.wang.name not in page
    assert CAST.wang.number not in page
    inquiry = Inquiry.objects.get(token=visitors.inquiry_token(client))
    assert (inquiry.capacity, inquiry.purpose, inquiry.reference) == ("operator", "correction", "2026-0042")
    row = log_of(CAST.wang).latest("at")
    assert (row.page, row.capacity, row.purpose, row.office) == (
        "accounts.person_entries",
        "operator",
        "correction",
        "机房",
    )


@pytest.mark.parametrize(
    "changes",
    [{"reference": ""}, {"purpose": ""}, {"purpose": "own_record"}, {"number": "990101"}, {"number": "9901*"}],
)
def test_without_a_reason_or_the_whole_number_nobody_is_found(changes):
    client = look_up(CAST.wang, **changes)
    assert client.answer.status_code == 200
    assert visitors.inquiry_token(client) == ""
    assert client.get(reverse("person_entries")).headers["Location"] == reverse("find_person")


def test_the_person_reads_that_an_operator_looked():
    look_up(CAST.wang).get(reverse("person_entries"))
    page = visitors.words(visitors.person(CAST.wang).get(reverse("who_looked")))
    assert "机房" in page
    assert "杨操作" not in page


def test_a_look_up_shows_no_other_persons_values():
    client = look_up(CAST.wang)
    entry = Entry.objects.get(person_id=person_of(CAST.wang).pk, kind="opening")
    page = client.get(reverse("person_entries"), {"year": entry.booked_month.year}).text
    assert "12,345.67" in page
    assert "50,000.00" not in page
    assert "732.00" not in client.get(reverse("person_entries")).text


def test_batches_are_listed_with_both_sides():
    page = visitors.words(visitors.staff(OPERATOR).get(reverse("batches"), {"kind": "opening"}))
    assert "62,345.67" in page
    assert "-62,345.67" in page
    for name in (CAST.wang.name, CAST.feng.name, CAST.li.name):
        assert name not in page


def test_batches_are_read_page_by_page():
    client = visitors.staff(OPERATOR)
    newest = Batch.objects.order_by("-pk")[0].pk
    page = client.get(reverse("batches"), {"before": newest}).text
    assert reverse("batch", args=[newest]) not in page
    assert reverse("batch", args=[newest - 1]) in page


@pytest.mark.parametrize("query", ["area=1", "month=soon", "kind=lottery", "file=x", "before=-1", "before=" + "9" * 30])
def test_what_cannot_be_read_of_a_filter_is_said_or_left_out(query):
    assert visitors.staff(OPERATOR).get(f"{reverse('batches')}?{query}").status_code == 200


def test_one_batch_names_nobody_and_sums_to_zero():
    page = visitors.words(visitors.staff(AUDITOR).get(reverse("batch", args=[batch_of(CAST.feng, kind="opening").pk])))
    assert "62,345.67" in page
    assert "Together0.00" in page or "合计0.00" in page
    assert "冯" not in page


@pytest.mark.parametrize("name", ["batch", "batch_entries"])
def test_an_unknown_batch_is_not_found(name):
    client = look_into(batch_of(CAST.wang))
    assert client.get(reverse(name, args=[999999999])).status_code == 404


def test_the_entries_of_a_batch_ask_why_and_are_logged_for_each_person():
    batch = batch_of(CAST.wang, kind="opening")
    client = visitors.staff(OPERATOR)
    address = reverse("batch_entries", args=[batch.pk])
    assert (
        client.get(address).headers["Location"] == f"{reverse('why_these_entries')}?next={address.replace('/', '%2F')}"
    )
    before = log_of(CAST.wang).count(), log_of(CAST.feng).count(), log_of(CAST.li).count()
    page = look_into(batch).answer.text
    assert "王*明" in page and "冯*休" in page
    assert CAST.wang.name not in page and CAST.feng.number not in page
    after = log_of(CAST.wang).count(), log_of(CAST.feng).count(), log_of(CAST.li).count()
    assert after == (before[0] + 1, before[1] + 1, before[2])
    row = log_of(CAST.feng).latest("at")
    assert (row.page, row.capacity, row.purpose, row.detail) == (
        "accounts.batch_entries",
        "operator",
        "audit",
        str(batch.pk),
    )


def test_a_look_up_of_one_person_does_not_open_batches():
    client = look_up(CAST.wang)
    address = reverse("batch_entries", args=[batch_of(CAST.wang).pk])
    assert client.get(address).headers["Location"].startswith(reverse("why_these_entries"))


def test_the_way_back_stays_on_this_site():
    client = visitors.staff(OPERATOR)
    form = {"purpose": "audit", "reference": "A-7", "next": "https://elsewhere.example/"}
    assert client.post(reverse("look_into_books"), form).headers["Location"] == reverse("batches")


def test_ending_a_look_up_closes_it():
    client = look_up(CAST.wang)
    token = visitors.inquiry_token(client)
    ended = client.post(reverse("end_look_up"), {"inquiry": token})
    assert ended.headers["Location"] == reverse("operators_desk")
    assert Inquiry.objects.get(token=token).closed_at is not None
    assert client.get(reverse("person_entries")).headers["Location"] == reverse("find_person")


def test_the_button_of_an_earlier_look_up_does_not_end_the_one_that_is_open():
    client = look_up(CAST.wang)
    earlier = visitors.inquiry_token(client)
    form = {"id_type": "citizen", "number": CAST.li.number, "purpose": "correction", "reference": "2026-0043"}
    client.post(reverse("look_up_person"), form)
    assert client.post(reverse("end_look_up"), {"inquiry": earlier}).status_code == 409
    assert Inquiry.objects.get(token=visitors.inquiry_token(client)).closed_at is None


def test_the_desk_counts_what_waits_for_whom():
    wang = person_of(CAST.wang).pk
    ask(wang, undone=(), rights=[right("manual", "1.00")])
    approve(ask(wang, undone=(), rights=[right("manual", "2.00")]))
    staff = {number: StaffMember.objects.get(staff_no=number) for number in (OPERATOR, SECOND_OPERATOR)}
    found = {number: desk.desk_of(member, TODAY) for number, member in staff.items()}
    assert [(d.waiting, d.own, d.approved) for d in found.values()] == [(0, 1, 1), (1, 0, 1)]
    page = visitors.staff(SECOND_OPERATOR).get(reverse("operators_desk"))
    assert reverse("corrections") in page.text.split("<main")[1]
    assert CAST.wang.name not in page.text


def test_the_desk_counts_the_questions_of_its_agency():
    office = StaffMember.objects.get(staff_no=OPERATOR)
    planted = plant(CAST.li, capacity="operator", user=user_of(SECOND_OPERATOR), agency=office.agency_id, reference="1")
    assert desk.desk_of(office, TODAY).questions == Waiting(0, None)
    act = AccessLog.objects.get(inquiry_id=planted.pk).act
    asked = asking_why.ask(person_of(CAST.li), act, "您为什么看我的缴费记录？")
    assert desk.desk_of(office, TODAY).questions == Waiting(1, asked.due_on)
    page = visitors.staff(OPERATOR).get(reverse("operators_desk"))
    assert reverse("look_questions") in page.text.split("<main")[1]
    assert CAST.li.name not in page.text


def test_the_desk_names_late_sources_and_the_last_file():
    found = desk.desk_of(StaffMember.objects.get(staff_no=OPERATOR), TODAY)
    assert {source.area_id for source in found.late_sources} == {HANGZHOU}
    assert (found.last_load.state, found.refused_files) == ("loaded", [])


def test_the_desk_names_years_whose_interest_is_due_or_provisional(as_job):
    member = StaffMember.objects.get(staff_no=OPERATOR)
    last_year = Entry.objects.latest("booked_month").booked_month.year - 1
    due = desk.InterestDue(Scheme.PENSION, BEIJING, last_year)
    assert due in desk.desk_of(member, TODAY).interest_due
    for is_provisional in (True, False):
        with as_job():
            InterestYear.objects.create(
                scheme="pension",
                area_code=BEIJING,
                year=last_year,
                is_provisional=is_provisional,
                accounts=1,
                interest="1.00",
                credited_at=timezone.now(),
            )
        found = [
            d for d in desk.desk_of(member, TODAY).interest_due if (d.scheme, d.area_code) == (due.scheme, BEIJING)
        ]
        assert found == ([desk.InterestDue(Scheme.PENSION, BEIJING, last_year, True)] if is_provisional else [])
        assert all(d.area_name == "北京市" for d in found)


def test_the_desk_names_areas_and_says_in_a_note_that_nothing_is_wrong():
    client = visitors.staff(OPERATOR)
    client.cookies["language"] = "en"
    main = client.get(reverse("operators_desk")).text.split("<main")[1]
    assert "Employee old-age insurance · 北京市 · " in main
    assert f"· {BEIJING} ·" not in main
    assert reverse("interest_years") in main
    assert '<p class="note ok">No file was refused.</p>' in main


def test_the_last_proof_and_its_findings_are_shown():
    with acting_as("job"):
        for findings in ([], [["balances equal entries", "account of person 7: it says 8"]]):
            Proof.objects.create(
                proved_at="2026-11-20T02:00Z",
                version="0.1.0",
                seconds="1.5",
                checks=14,
                counts={"accounts": 1, "entries": 2, "batches": 3},
                findings=findings,
            )
    page = visitors.words(visitors.staff(AUDITOR).get(reverse("proofs")))
    assert "account of person 7: it says 8" in page


@pytest.mark.parametrize(
    ("name", "queries"),
    [("operators_desk", 10), ("batches", 6), ("interest_years", 5), ("proofs", 4), ("corrections", 7)],
)
def test_queries_of_pages_without_a_person(name, queries, django_assert_num_queries):
    client = visitors.staff(OPERATOR)
    wang = person_of(CAST.wang).pk
    client.get(reverse(name))
    for _again in range(2):
        corrected(wang, undone=(), rights=[right("manual", "1.00")])
        ask(wang, undone=(), rights=[right("manual", "2.00")])
        with django_assert_num_queries(queries):
            client.get(reverse(name))


def test_queries_of_a_batch_and_of_a_persons_entries(django_assert_num_queries):
    batch = batch_of(CAST.wang, kind="opening")
    client = visitors.staff(OPERATOR)
    with django_assert_num_queries(9):
        client.get(reverse("batch", args=[batch.pk]))
    client = look_into(batch)
    with django_assert_num_queries(17):
        client.get(reverse("batch_entries", args=[batch.pk]))
    for member in (CAST.wang, CAST.sun):
        client = look_up(member)
        with django_assert_num_queries(15 if member is CAST.wang else 12):
            client.get(reverse("person_entries"))
    assert Correction.objects.count() == 0
