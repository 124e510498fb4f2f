"""How contributions of every kind are posted: the binding patterns, to the fen."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.models import Account, Entry
from contributions.models import Contribution
from registry.feed.kinds import Stored
from tests.staged import (
    AREA,
    OCTOBER,
    balance,
    batches,
    employer_line,
    entries,
    fund,
    load,
    make_employer,
    make_person,
    personal_line,
    subsidy_line,
)

SEPTEMBER = date(2026, 9, 1)


def yuan(text):
    return Decimal(text)


def test_a_month_of_pension_with_base_8000(person, employer):
    assert load("employer_contributions", [employer_line(person, employer)]) == Stored(1, 0)
    batch = batches()[0]
    assert entries(person) == [("contrib_ind", yuan("640.00"))]
    assert fund(batch) == {"pooled": yuan("1280.00"), "clearing": yuan("-1920.00")}
    assert (batch.kind, batch.scheme, batch.area_code, batch.booked_month) == ("contribution", "pension", AREA, OCTOBER)
    assert (batch.employer_id, batch.slip_no) == (employer, "S1")
    assert batch.source_ref == "contribution/990100/pension/202610/slip/S1/1"
    assert balance(person) == yuan("640.00")
    line = Contribution.objects.get(person_id=person)
    assert (line.to_account, line.batch_id, line.feed_row) == (yuan("640.00"), batch.pk, 2)
    assert line.rule_id == Entry.objects.get(person_id=person).rule_id


def test_an_old_month_brings_the_employers_part_as_an_entry_of_its_own(person, employer):
    month = date(2005, 12, 1)
    load("employer_contributions", [employer_line(person, employer, base="2000.00", month=month)])
    assert entries(person) == [("contrib_emp", yuan("60.00")), ("contrib_ind", yuan("160.00"))]
    assert fund(batches()[0]) == {"pooled": yuan("340.00"), "clearing": yuan("-560.00")}


@pytest.mark.parametrize(
    ("month", "personal", "pooled"), [(date(2022, 12, 1), "228.00", "252.00"), (date(2023, 1, 1), "120.00", "360.00")]
)
def test_medical_before_and_after_the_reform(person, employer, month, personal, pooled):
    load("employer_contributions", [employer_line(person, employer, scheme="medical", base="6000.00", month=month)])
    assert balance(person, "medical") == yuan(personal)
    assert fund(batches()[0])["pooled"] == yuan(pooled)


def test_a_pooled_insurance_has_fund_entries_alone(person, employer):
    line = employer_line(person, employer, scheme="work_injury")
    load("employer_contributions", [line])
    assert entries(person) == []
    assert fund(batches()[0]) == {"pooled": yuan("32.00"), "clearing": yuan("-32.00")}
    assert not Account.objects.filter(person_id=person).exists()


def test_a_month_at_rate_zero_is_recorded_without_money(person, employer):
    load("employer_contributions", [employer_line(person, employer, scheme="maternity")])
    assert Contribution.objects.filter(person_id=person).count() == 1
    assert fund(batches()[0]) == {}


def test_a_back_payment_is_booked_now_for_then_and_its_late_fee_goes_to_the_fund(person, employer):
    line = employer_line(person, employer, month=SEPTEMBER, booked_month=OCTOBER, kind="backpay", late_fee="89.28")
    load("employer_contributions", [line])
    entry = Entry.objects.get(person_id=person)
    assert (entry.period, entry.booked_month, entry.amount) == (SEPTEMBER, OCTOBER, yuan("640.00"))
    assert fund(batches()[0]) == {
        "pooled": yuan("1280.00"),
        "clearing": yuan("-2009.28"),
        "late_fees": yuan("89.28"),
    }


def test_a_refund_takes_back_what_the_month_had_brought(person, employer):
    month = date(2005, 12, 1)
    paid = employer_line(person, employer, base="2345.67", month=month)
    load("employer_contributions", [paid])
    refund = paid | {name: -paid[name] for name in ("er_share", "ind_share")}
    load("employer_contributions", [refund | {"kind": "refund", "slip_no": "R1", "booked_month": OCTOBER}])
    brought, taken = entries(person)[:2], entries(person)[2:]
    assert taken == [(kind, -amount) for kind, amount in brought]
    assert balance(person) == 0
    assert all(
        sum(fund(b).values()) + sum(e.amount for e in Entry.objects.filter(batch_id=b.pk)) == 0 for b in batches()
    )


def test_a_refund_of_part_of_a_month_may_carry_the_sign_in_its_base_too(person, employer):
    load("employer_contributions", [employer_line(person, employer)])
    shares = {"base": "-1000.00", "er_share": "-160.00", "ind_share": "-80.00"}
    load("employer_contributions", [employer_line(person, employer, slip_no="R1", kind="refund", **shares)])
    assert balance(person) == yuan("560.00")


def test_a_supplement_adds_to_the_month(person, employer):
    shares = {"base": "500.00", "er_share": "80.00", "ind_share": "40.00"}
    load("employer_contributions", [employer_line(person, employer, kind="supplement", **shares)])
    assert balance(person) == yuan("40.00")


def test_a_flexible_payer_keeps_8_of_20_percent(person):
    load("personal_contributions", [personal_line(person)])
    batch = batches()[0]
    assert entries(person) == [("contrib_ind", yuan("640.00"))]
    assert fund(batch) == {"pooled": yuan("960.00"), "clearing": yuan("-1600.00")}
    assert (batch.employer_id, batch.slip_no) == (None, "")


def test_one_batch_holds_a_months_personal_payers_of_a_file(person, places):
    other = make_person()
    rows = [
        personal_line(person),
        personal_line(other, slip_no="S2"),
        personal_line(other, slip_no="S3", kind="backpay"),
    ]
    load("personal_contributions", rows)
    batch = batches()[0]
    assert len(batches()) == 1
    assert batch.source_ref == f"contribution/990100/pension/202610/file/{batch.feed_file_id}"
    assert fund(batch)["clearing"] == yuan("-4800.00")


def test_a_resident_keeps_all_and_the_subsidy_too(person):
    line = personal_line(
        person, scheme="pension_resident", category="resident", base="500.00", ind_share=yuan("500.00")
    )
    load("personal_contributions", [line])
    load("subsidies", [subsidy_line(person, "60.00")])
    assert entries(person) == [("contrib_ind", yuan("500.00")), ("subsidy", yuan("60.00"))]
    paid, given = batches()
    assert fund(paid) == {"clearing": yuan("-500.00")}
    assert (given.kind, fund(given)) == ("subsidy", {"state_subsidy": yuan("-60.00")})


def test_a_subsidy_of_a_pooled_scheme_goes_to_the_fund(person):
    load("subsidies", [subsidy_line(person, "640.00", scheme="medical_resident")])
    assert entries(person) == []
    assert fund(batches()[0]) == {"pooled": yuan("640.00"), "state_subsidy": yuan("-640.00")}


def test_a_transferred_month_is_recorded_and_moves_nothing(person):
    line = personal_line(person, kind="transferred_in", ind_share=0, source_area="Elsewhere", base="6000.00")
    assert load("personal_contributions", [line]) == Stored(1, 0)
    assert (batches()[0].kind, entries(person), fund(batches()[0])) == ("transfer_in", [], {})
    assert Contribution.objects.get(person_id=person).rule_id is None


def test_each_scheme_area_month_employer_and_slip_has_a_batch(person, places):
    first, second = make_employer("First"), make_employer("Second")
    other = make_person()
    rows = [
        employer_line(person, first),
        employer_line(other, first, line=2),
        employer_line(person, first, scheme="unemployment", er_share="40.00", ind_share="40.00"),
        employer_line(person, first, month=SEPTEMBER),
        employer_line(other, second, line=3),
        employer_line(other, second, slip_no="S2"),
    ]
    load("employer_contributions", rows)
    assert sorted((b.scheme, b.booked_month.month, b.employer_id, b.source_ref[-4:]) for b in batches()) == sorted(
        [
            ("pension", 10, first, "S1/1"),
            ("pension", 10, second, "S1/2"),
            ("pension", 10, second, "S2/1"),
            ("pension", 9, first, "S1/1"),
            ("unemployment", 10, first, "S1/1"),
        ]
    )


def test_a_later_line_of_a_slip_gets_a_new_batch_that_names_it(person, employer):
    rows = [employer_line(person, employer)]
    load("employer_contributions", rows)
    rows.append(employer_line(make_person(), employer, line=2))
    assert load("employer_contributions", rows) == Stored(1, 1)
    assert [b.source_ref.rsplit("/", 2)[1:] for b in batches()] == [["S1", "1"], ["S1", "2"]]
    assert balance(person) == yuan("640.00")


def test_the_same_lines_again_post_nothing(person, employer):
    rows = [employer_line(person, employer), employer_line(person, employer, line=2, kind="backpay")]
    load("employer_contributions", rows)
    before = (entries(person), balance(person), len(batches()))
    assert load("employer_contributions", rows[::-1]) == Stored(0, 2)
    assert (entries(person), balance(person), len(batches())) == before


def test_years_are_kept_apart_whatever_the_order_of_arrival(person, employer):
    months = [date(2025, 12, 1), date(2026, 1, 1), date(2024, 5, 1), date(2026, 2, 1)]
    for number, month in enumerate(months):
        load("employer_contributions", [employer_line(person, employer, slip_no=f"S{number}", month=month)])
    account = Account.objects.get(person_id=person)
    assert (account.year, account.current_year, account.prior_years) == (2026, yuan("1280.00"), yuan("1280.00"))
    assert (account.opened_month, account.last_booked_month) == (date(2024, 5, 1), date(2026, 2, 1))


def test_one_file_may_span_years(person, employer):
    months = [date(2026, 1, 1), date(2025, 12, 1), date(2026, 2, 1)]
    load(
        "employer_contributions",
        [employer_line(person, employer, slip_no=f"S{month:%Y%m}", month=month) for month in months],
    )
    account = Account.objects.get(person_id=person)
    assert (account.year, account.current_year, account.prior_years) == (2026, yuan("1280.00"), yuan("640.00"))
