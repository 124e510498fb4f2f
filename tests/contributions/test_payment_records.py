import pytest
from django.urls import reverse

from contributions.models import Contribution
from contributions.month_state import MonthState, Untold
from registry.insurance import Insurance
from registry.models import InsuredPerson, SourceState
from registry.months import add_months
from tests import visitors
from tests.cast import CAST, NOW, TODAY, months_ago
from tests.contributions.asking import year_of_records

pytestmark = pytest.mark.django_db


def person_of(member):
    return InsuredPerson.objects.with_number("citizen", member.number).get()


def state_of(member, month, insurance=Insurance.PENSION):
    records = year_of_records(person_of(member), insurance, month.year, TODAY)
    return next(m for m in records.months if m.month == month)


@pytest.mark.parametrize(
    ("member", "month", "state"),
    [
        pytest.param(CAST.wang, months_ago(2), MonthState.RECEIVED, id="received"),
        pytest.param(CAST.wang, NOW, MonthState.PROCESSING, id="processing"),
        pytest.param(CAST.wu, months_ago(3), MonthState.ARREARS, id="arrears"),
        pytest.param(CAST.chu, months_ago(6), MonthState.BACKPAID, id="back-paid"),
        pytest.param(CAST.chen, months_ago(20), MonthState.TRANSFERRED_IN, id="transferred in"),
        pytest.param(CAST.chu, months_ago(1), MonthState.NOT_INSURED, id="not insured"),
        pytest.param(CAST.sun, NOW, Untold.AWAITED, id="cannot tell"),
        pytest.param(CAST.feng, months_ago(5), Untold.NOT_DUE, id="retired"),
        pytest.param(CAST.wang, months_ago(6), Untold.EARLIER, id="before the first record"),
        pytest.param(CAST.wu, months_ago(1), Untold.NO_RECORD, id="insured and nothing recorded"),
    ],
)
def test_the_state_of_a_month_is_derived(member, month, state):
    assert state_of(member, month).state == state


def test_a_month_beyond_the_source_is_not_none_but_not_here_yet():
    assert state_of(CAST.chen, NOW).state == Untold.AWAITED
    page = visitors.person(CAST.chen).get(reverse("payment_records"), {"year": NOW.year}).text
    assert "还没有到这里" in page


def test_a_refund_stands_beside_what_it_refunds():
    kinds = [line.record.kind for line in state_of(CAST.wang, months_ago(3)).lines]
    assert kinds == ["normal", "refund"]


def test_the_page_shows_own_employer_and_account_shares():
    page = visitors.person(CAST.wang).get(reverse("payment_records"), {"year": months_ago(2).year}).text
    for figure in ("8,000.00", "640.00", "1,280.00", "海港食品有限公司", "已到账"):
        assert figure in page


def test_work_injury_takes_nothing_from_the_person():
    month = state_of(CAST.wang, months_ago(2), Insurance.WORK_INJURY)
    assert [(line.record.ind_share, line.record.er_share) for line in month.lines] == [(0, 32)]


def test_every_year_since_the_first_insured_day_can_be_chosen():
    first = months_ago(200).year
    for year in range(first, TODAY.year + 1):
        records = year_of_records(person_of(CAST.feng), Insurance.PENSION, year, TODAY)
        assert records.previous_year == (year - 1 if year > first else None)
        assert records.next_year == (year + 1 if year < TODAY.year else None)


@pytest.mark.parametrize("asked", [{"year": "soon"}, {"year": "2999"}, {"insurance": "lottery"}, {"year": "1"}])
def test_what_cannot_be_read_is_said(asked):
    answer = visitors.person(CAST.wang).get(reverse("payment_records"), asked)
    assert answer.status_code == 200
    assert "需要修改" in answer.text


@pytest.mark.parametrize("member", [CAST.wang, CAST.feng, CAST.sun], ids=lambda m: m.name)
def test_queries_do_not_depend_on_the_history(member, django_assert_max_num_queries):
    client = visitors.person(member)
    with django_assert_max_num_queries(18):
        client.get(reverse("payment_records"))
    with django_assert_max_num_queries(18):
        client.get(reverse("payment_records"), {"year": NOW.year})


def test_what_fell_due_after_the_source_ends_is_processing_not_in_arrears(as_job):
    with as_job():
        SourceState.objects.filter(kind="contributions").update(complete_to=months_ago(4))
    assert state_of(CAST.wu, months_ago(3)).state == MonthState.PROCESSING
    assert "欠缴 2 个月" not in visitors.words(visitors.person(CAST.wu).get(reverse("my_accounts")))


def test_a_month_paid_a_year_ahead_is_shown(as_job):
    ahead = add_months(months_ago(2), 12)
    with as_job():
        paid = Contribution.objects.get(
            person_id=person_of(CAST.chen).pk, period=months_ago(2), kind=Contribution.Kind.NORMAL
        )
        paid.slip_no, paid.period = "AHEAD", ahead
        paid.pk = (paid.person_id, paid.booked_month, paid.scheme, paid.slip_no, paid.line)
        paid._state.adding = True
        paid.save(force_insert=True)
    records = year_of_records(person_of(CAST.chen), Insurance.PENSION, ahead.year, add_months(ahead, 1))
    assert any(line.record.slip_no == "AHEAD" for m in records.months for line in m.lines)
