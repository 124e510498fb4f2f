from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from inquiries.models import AccessLog, IdentityCheck, Inquiry, SeenPaper, Visit
from registry.models import InsuredPerson
from tests import visitors
from tests.cast import CAST, citizen_number

pytestmark = pytest.mark.django_db
UNKNOWN = citizen_number(date(1900, 1, 1), 1)


def wang():
    return InsuredPerson.objects.with_number("citizen", CAST.wang.number).get()


def test_the_checklist_shows_papers_with_their_legal_basis():
    page = visitors.staff().get(reverse("start_visit")).text
    assert "参保人身份证" in page
    assert "人社部令14号" in page
    assert "按本地规定" in page


def test_a_visit_writes_down_papers_before_anything_is_shown():
    client = visitors.staff()
    answer = visitors.start_visit(client, CAST.wang)
    assert answer.headers["Location"] == reverse("check_identity")
    visit = Visit.objects.latest("pk")
    assert (visit.person, visit.purpose, visit.queue_no) == (wang(), "balance", "A017")
    assert SeenPaper.objects.filter(visit=visit).count() == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"papers": []}, "请勾选"),
        ({"purpose": ""}, "请选择"),
        ({"purpose": "own_record"}, "own_record"),
        ({"again": CAST.li.number}, "两次输入的号码不一样"),
        ({"number": "990101198403071013", "again": "990101198403071013"}, "最后一位对不上"),
        ({"number": "99010119840307101", "again": "99010119840307101"}, "证件号码应为 18 位，您输入了 17 位"),
        ({"number": "990101840307101", "again": "990101840307101"}, "旧的 15 位号码"),
        ({"number": UNKNOWN, "again": UNKNOWN}, "没有参保人使用这个号码"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_opened(changes, words):
    client = visitors.staff()
    answer = visitors.start_visit(client, CAST.wang, **changes)
    assert answer.status_code == 200
    assert words in answer.text
    assert not Visit.objects.exists()


def test_the_identity_check_is_masked_and_logged():
    client = visitors.staff()
    visitors.start_visit(client, CAST.wang)
    page = client.get(reverse("check_identity")).text
    assert "990101********1012" in page
    assert "王*明" in page
    assert CAST.wang.name not in page
    assert CAST.wang.number not in page
    assert "海港食品有限公司" in page
    assert AccessLog.objects.filter(person_id=wang().pk, page="inquiries.check_identity").count() == 1


def test_nothing_opens_before_the_match():
    client = visitors.staff()
    visitors.start_visit(client, CAST.wang)
    for name in ("my_accounts", "payment_records", "registration_status", "who_looked"):
        assert client.get(reverse(name)).headers["Location"] == reverse("check_identity")


def test_a_match_opens_the_same_pages_under_a_banner():
    client = visitors.clerk_serving(CAST.wang)
    page = client.get(reverse("my_accounts")).text
    assert "正在为" in page
    assert Visit.objects.latest("pk").number in page
    assert CAST.li.name not in page


def test_a_mismatch_closes_the_visit_and_shows_nothing():
    client = visitors.staff()
    visitors.start_visit(client, CAST.wang)
    answer = client.post(reverse("confirm_identity"), {"result": "mismatch", "inquiry": visitors.inquiry_token(client)})
    assert answer.status_code == 200
    assert IdentityCheck.objects.latest("pk").result == "mismatch"
    assert Visit.objects.latest("pk").closed_at is not None
    assert client.get(reverse("my_accounts")).headers["Location"] == reverse("window_today")


def test_a_form_of_an_earlier_inquiry_does_nothing():
    client = visitors.staff()
    visitors.start_visit(client, CAST.wang)
    answer = client.post(reverse("confirm_identity"), {"result": "matched", "inquiry": "of an earlier tab"})
    assert answer.status_code == 409
    assert not IdentityCheck.objects.exists()


def test_one_open_visit_per_clerk():
    client = visitors.clerk_serving(CAST.wang)
    assert visitors.start_visit(client, CAST.li).headers["Location"] == reverse("window_today")
    visit = Visit.objects.get()
    visit.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        visit.save()


def test_closing_lists_what_was_shown_and_ends_the_inquiry():
    client = visitors.clerk_serving(CAST.wang)
    client.get(reverse("payment_records"))
    receipt = client.get(reverse("finish_visit")).text
    assert "缴费明细" in receipt
    token = visitors.inquiry_token(client)
    client.post(reverse("close_visit"), {"inquiry": token})
    assert Visit.objects.latest("pk").closed_at is not None
    assert Inquiry.objects.get(token=token).closed_at is not None
    assert client.get(reverse("my_accounts")).headers["Location"] == reverse("window_today")


def test_the_person_sees_the_look_up():
    visitors.clerk_serving(CAST.wang).get(reverse("my_accounts"))
    page = visitors.person(CAST.wang).get(reverse("who_looked")).text
    assert "窗口经办人" in page
    assert "1 号窗口" in page
    assert "韩窗口" not in page


def test_a_clerk_hands_out_an_activation_code():
    client = visitors.clerk_serving(CAST.wang)
    page = client.post(reverse("issue_code"), {"inquiry": visitors.inquiry_token(client)})
    assert page.status_code == 200
    assert "72" in page.text


def test_a_visit_left_open_can_be_closed_in_the_next_session():
    visitors.clerk_serving(CAST.wang)
    client = visitors.staff()
    assert "还没有结束" in client.get(reverse("window_today")).text
    client.post(reverse("end_visit_left_open"))
    assert Visit.objects.latest("pk").closed_at is not None


@pytest.mark.parametrize("name", ["window_today", "start_visit"])
def test_the_window_is_for_clerks(name):
    assert visitors.person(CAST.wang).get(reverse(name)).status_code == 403
    assert visitors.agent(CAST.agent).get(reverse(name)).status_code == 403
    assert visitors.staff("O1001").get(reverse(name)).status_code == 403
