"""The rules for everybody: rows with sources, past ones too, drafts never; and the forms to try them."""

from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from accounts.public_rules import rows_of, shown
from contributions.models import ContributionRule, MinimumMonths
from contributions.rules import TABLES
from inquiries.models import AccessLog, StaffMember
from registry.roles import acting_as
from tests import visitors
from tests.cast import BEIJING, OPERATOR, TODAY

pytestmark = pytest.mark.django_db
PAGE, TRY = reverse("public_rules"), reverse("try_rules")


def page(**asked):
    return visitors.words(Client().get(PAGE, asked))


def trial(what, **asked):
    return visitors.words(Client().get(TRY, {"what": what, **asked}))


@pytest.mark.parametrize("table", TABLES)
def test_every_table_is_there_with_its_sources(table):
    text = page(table=table)
    with override("zh-hans"):
        rows = shown(rows_of(table, TODAY))
        assert rows
        for each in rows[:40]:
            assert " ".join(each.rule.source.split()) in text
            assert each.subject in text
            assert [value for _name, value in each.figures if str(value) not in text] == []


def test_every_rule_in_force_stands_on_some_page():
    found, number = set(), 1
    while True:
        answer = Client().get(PAGE, {"table": "contribution_rule", "page": number})
        found |= {each.rule.key for each in answer.context["rules"]}
        if not answer.context["page"].has_next():
            break
        number += 1
    assert found == set(ContributionRule.objects.filter(state="in_force").values_list("key", flat=True))


def test_those_of_today_come_first_and_past_ones_say_so():
    holds = [each.holds for each in shown(rows_of("contribution_rule", TODAY))]
    assert holds == sorted(holds, key=["now", "later", "past", "replaced"].index)
    assert {"now", "past"} <= set(holds)
    text = page(table="contribution_rule")
    assert text.index("现行") < text.index("过去施行")


def test_a_draft_is_no_rule_yet():
    operator = StaffMember.objects.get(staff_no=OPERATOR).user
    with acting_as("job"):
        MinimumMonths.objects.create(
            key="local.test",
            area_code=BEIJING,
            period=DateRange(date(2030, 1, 1), None),
            months=777,
            source="test",
            origin="local",
            state="draft",
            proposed_by=operator,
        )
    assert "777" not in page(table="minimum_months")


def test_an_unknown_table_or_trial_falls_back_to_the_first():
    assert Client().get(PAGE, {"table": "lottery"}).context["table"] == next(iter(TABLES))
    assert Client().get(TRY, {"what": "lottery"}).context["what"] == "retirement"


def test_nobody_signs_in_and_no_record_is_looked_at():
    assert Client().get(PAGE).status_code == Client().get(TRY).status_code == 200
    assert not AccessLog.objects.exists()


@pytest.mark.parametrize(
    ("born", "category", "words"),
    [
        ("1965-01", "male_60", "2025年2月"),
        ("1976-09", "male_60", "2039年9月"),
        ("1974-08", "female_55", "2030年10月"),
        ("1984-11", "female_50", "2039年11月"),
    ],
)
def test_a_retirement_month_is_told(born, category, words):
    assert words in trial("retirement", born=born, category=category)


def test_a_late_fee_is_told_with_its_working():
    # From 16 January to 1 March 2026: 45 days at 5 in 10,000.
    text = trial("late_fee", unpaid="1000.00", due_on="2026-01-15", paid_on="2026-03-01")
    assert "22.50 元" in text and "45" in text and "0.05 %" in text
    assert "没有滞纳金" in trial("late_fee", unpaid="1000.00", due_on="2026-01-15", paid_on="2026-01-15")
    assert "没有 1990-01-15 以后的滞纳金比例" in trial(
        "late_fee", unpaid="1000", due_on="1990-01-15", paid_on="1990-02-01"
    )


def test_a_month_not_declared_is_told_with_the_article():
    text = trial("undeclared", month_before="12345.67")
    assert "13,580.24 元" in text and "第62条" in text.replace(" ", "")


def test_the_split_of_a_contribution_is_told_with_the_rule():
    text = trial("split", scheme="pension", category="employee", month="2026-01", wage="8000")
    for amount in ("640.00 元", "1,280.00 元"):
        assert amount in text
    assert "国办发〔2019〕13号" in text
    local = trial("split", scheme="medical", category="flexible_pool_only", month="2026-01", wage="8000")
    assert "由征收机构核定" in local
    assert "1990" in trial("split", scheme="pension", category="employee", month="1990-01", wage="8000")


def test_the_base_is_clamped_to_the_bounds_of_the_area():
    asked = {"scheme": "pension", "category": "employee", "month": "2026-08", "area": BEIJING}
    assert "36,348.00 元" in trial("split", wage="99999", **asked)


@pytest.mark.parametrize(
    ("what", "asked"),
    [
        ("retirement", {"born": "soon"}),
        ("late_fee", {"unpaid": "-1", "due_on": "2026-01-15", "paid_on": "2026-01-10"}),
        ("split", {"scheme": "lottery", "month": "2026-13"}),
    ],
)
def test_what_cannot_be_read_is_told_beside_the_field(what, asked):
    answer = Client().get(TRY, {"what": what, **asked})
    assert 'class="errors"' in answer.text


@pytest.mark.parametrize("table", TABLES)
def test_queries_and_size_do_not_depend_on_the_table(table, django_assert_max_num_queries):
    client = Client()
    with django_assert_max_num_queries(3):
        assert len(client.get(PAGE, {"table": table}).content) < 60_000
