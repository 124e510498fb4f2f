"""How far a move has come, and who holds the money."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.transfer_progress import transfers_of
from tests import visitors
from tests.cast import BEIJING, CAST, SHANGHAI, TODAY
from tests.living import moved, person_of, refuse

pytestmark = pytest.mark.django_db
PAGE = reverse("transfers")
STATES = ("applied", "accepted", "info_sent", "money_sent", "merged")
DAYS = [date(2026, 3, day) for day in (2, 5, 9, 16, 23)]
STEPS = list(zip(STATES, DAYS, strict=True))


def page_of(member):
    return visitors.words(visitors.person(member).get(PAGE))


def only_move(member):
    (move,) = transfers_of(person_of(member), TODAY).moves
    return move


@pytest.mark.parametrize(
    ("count", "direction", "words"),
    [
        pytest.param(1, "in", "钱仍在成都市", id="applied"),
        pytest.param(3, "in", "钱仍在成都市", id="form sent"),
        pytest.param(4, "in", "成都市已于 2026年3月16日划出，北京市尚未确认收到", id="sent is not received"),
        pytest.param(5, "in", "钱已到账，现在由北京市管理", id="merged"),
        pytest.param(2, "out", "钱仍在北京市", id="out, accepted"),
        pytest.param(4, "out", "北京市已于 2026年3月16日划出，成都市尚未确认收到", id="out, sent"),
    ],
)
def test_who_holds_the_money(count, direction, words):
    moved(CAST.wang, *STEPS[:count], direction=direction, account="31415.92", pooled="14100.00")
    page = page_of(CAST.wang)
    assert words in page
    assert "31,415.92" in page and "14,100.00" in page
    assert [step.is_done for step in only_move(CAST.wang).steps] == [True] * count + [False] * (5 - count)


def test_a_refusal_says_why_and_where_everything_stays():
    moved(CAST.wang, STEPS[0], ("rejected", date(2026, 3, 20)), reason="材料不全")
    page = page_of(CAST.wang)
    assert "转移未获办理" in page and "材料不全" in page and "成都市" in page
    assert [step.is_done for step in only_move(CAST.wang).steps] == [True, False, False, False, False]


def test_two_areas_tell_one_move():
    moved(CAST.wang, *STEPS, other="上海市", account="500.00")
    moved(CAST.wang, *STEPS[:4], direction="out", area_code=SHANGHAI, other="北京市", account="500.00")
    move = only_move(CAST.wang)
    assert (move.left, move.joined, move.state) == ("上海市", "北京市", "merged")


def test_years_alone_move_in_unemployment_insurance():
    moved(CAST.wang, *STEPS[:2], scheme="unemployment")
    assert not only_move(CAST.wang).moves_money
    assert "不转移资金" in page_of(CAST.wang)


def test_a_step_left_out_is_done_without_a_day():
    moved(CAST.wang, STEPS[3])
    steps = only_move(CAST.wang).steps
    assert [(step.is_done, step.reached_on) for step in steps[:4]] == [(True, None)] * 3 + [(True, DAYS[3])]
    assert "已完成日期未告知" in page_of(CAST.wang)


def test_none_is_said_only_of_a_complete_source():
    assert "北京市社会保险经办机构没有您的转移记录" in page_of(CAST.wang)
    refuse("transfers")
    page = page_of(CAST.wang)
    assert "没有您的转移记录" not in page and "还不能确定" in page


def test_what_the_pool_sends_along_comes_from_the_rules():
    moved(CAST.wang, STEPS[0])
    told = transfers_of(person_of(CAST.wang), TODAY)
    assert told.percent == f"{told.rule.rate * 100:.0f}"
    assert f"{told.percent}%" in page_of(CAST.wang)


def test_a_stranger_sees_none_of_it():
    moved(CAST.wang, *STEPS, account="31415.92")
    page = page_of(CAST.li)
    assert "31,415.92" not in page and "ZY1" not in page


def test_queries_do_not_depend_on_the_history(django_assert_max_num_queries):
    for number in range(12):
        moved(CAST.wang, *STEPS, application_no=f"ZY{number}")
    for member in (CAST.wang, CAST.sun):
        client = visitors.person(member)
        client.get(PAGE)
        with django_assert_max_num_queries(15):
            client.get(PAGE)
    assert {move.application_no for move in transfers_of(person_of(CAST.wang), TODAY).moves} == {
        f"ZY{number}" for number in range(12)
    }


def test_those_under_way_stand_first():
    moved(CAST.wang, *STEPS, application_no="OLD")
    moved(CAST.wang, ("applied", date(2026, 1, 5)), application_no="NEW", area_code=BEIJING)
    moves = transfers_of(person_of(CAST.wang), TODAY).moves
    assert [move.application_no for move in moves] == ["NEW", "OLD"]
