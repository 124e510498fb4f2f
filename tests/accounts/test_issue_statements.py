"""The yearly statements: opening + credited + interest − paid out = closing, and the year is closed by them."""

from decimal import Decimal as D

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from accounts import books, checks
from accounts.models import Account, Batch, ClosedYear, Statement
from inquiries import activation
from inquiries.models import Notice
from registry.feed.kinds import Stored
from registry.models import InsuredPerson
from registry.roles import acting_as
from tests import staged
from tests.staged import AREA, OTHER_AREA, balance
from tests.years import credit, issue, month, open_with, parts, pay_in, pay_out, rate, refusal


def in_order():
    with acting_as("read"), connection.cursor() as cursor:
        return checks.prove(cursor) == []


def statement(person, year, scheme="pension"):
    return Statement.objects.get(person_id=person, period=month(year, 12), scheme=scheme)


def figures(person, year, scheme="pension"):
    """{column: yuan} of a statement, without what is zero."""
    found = statement(person, year, scheme)
    names = [f.name for f in Statement._meta.concrete_fields if f.name not in ("person_id", "period", "scheme")]
    return {name: getattr(found, name) for name in names if name != "area_code" and getattr(found, name)}


@pytest.fixture
def two_years(person, employer):
    """2023: 25,000 taken over and twelve months paid in (example I1b). 2024: nothing but a payout."""
    open_with(person, "25000.00", 2023)
    pay_in(person, employer, dict.fromkeys(range(1, 13), 640), 2023)
    pay_out(person, {12: "1000.00"}, 2024)
    credit(2023)
    credit(2024)
    return person


def test_statements_follow_each_other_to_the_fen(two_years):
    said = issue(2023)
    began = "2023: 1 statements issued for 1 schemes and areas; the year closed for 1 schemes and areas. "
    assert said == f"{began}People told of it in their inbox: 0.\n"
    issue(2024)
    assert figures(two_years, 2023) == {
        "own": D("7680.00"),
        "taken_over": D("25000.00"),
        "interest": D("1157.65"),
        "closing": D("33837.65"),
        "months": 12,
    }
    assert figures(two_years, 2024) == {
        "opening": D("33837.65"),
        "interest": D("886.55") - D("2.18"),
        "paid_out": D("1000.00"),
        "closing": D("33722.02"),
    }
    assert statement(two_years, 2024).closing == balance(two_years)
    assert in_order()


def test_every_kind_of_credit_has_its_column(person, employer):
    open_with(person, "500.00", 2024, scheme="pension_resident")
    january = month(2024, 1)
    staged.load(
        "personal_contributions",
        [
            staged.personal_line(
                person, scheme="pension_resident", category="resident", ind_share=D(200), month=january
            ),
            staged.personal_line(
                person, scheme="pension_resident", category="resident", ind_share=D(100), month=january, line=2
            ),
        ],
    )
    staged.load("subsidies", [staged.subsidy_line(person, "60.00", month=january)])
    staged.load(
        "openings",
        [staged.opening_line(person, "70.00", "pension_resident", month(2024, 5), kind="transfer_in", slip_no="T")],
    )
    issue(2024)
    assert figures(person, 2024, "pension_resident") == {
        "taken_over": D(500),
        "own": D(300),
        "subsidy": D(60),
        "transferred_in": D(70),
        "closing": D(930),
        "months": 1,
    }
    assert in_order()


def test_months_refunded_are_no_months(person, employer):
    pay_in(person, employer, {1: 640, 2: 640}, 2024)
    refunded = staged.employer_line(
        person,
        employer,
        month=month(2024, 2),
        booked_month=month(2024, 4),
        slip_no="R",
        kind="refund",
        base=D(-8000),
        er_share=D(0),
        ind_share=D(-640),
    )
    staged.load("employer_contributions", [refunded])
    credit(2024)
    issue(2024)
    assert (statement(person, 2024).months, statement(person, 2024).own) == (1, D("640.00"))


def test_interest_put_right_after_the_statement_is_a_column_of_the_next(two_years):
    with acting_as("job"):
        open_with(staged.make_person("Another"), "1.00", 2024, line=9)
    issue(2023)
    rate("0.0400", month(2023, 1), month(2024, 1), area=AREA)
    credit(2023)
    credit(2024)
    issue(2024)
    # 25,000.00 and a month product of 49,920.00 at 4 % instead of 3.97 %.
    assert parts(two_years, 2023) == (D("1000.00"), D("166.40"), D("0.00"))
    assert statement(two_years, 2023).interest == D("1157.65")
    later = statement(two_years, 2024)
    assert (later.opening, later.earlier_interest) == (D("33837.65"), D("8.75"))
    assert parts(two_years, 2024)[0] == D("886.78")
    assert later.closing == balance(two_years)
    booked = Batch.objects.filter(kind="interest", source_ref__contains="/202312/").values_list(
        "booked_month", flat=True
    )
    assert list(booked.order_by("pk")) == [month(2023, 12), month(2024, 12)]
    assert in_order()


def test_who_has_a_user_is_told_of_the_year_just_over_and_once(person, employer):
    last = timezone.localdate().year - 1
    activation.user_for_person(InsuredPerson.objects.get(pk=person), "statement:told")
    with acting_as("job"):
        open_with(staged.make_person("Without a user"), "1.00", last, scheme="pension_resident", line=9)
    open_with(person, "500.00", last, scheme="pension_resident")
    assert issue(last).endswith("People told of it in their inbox: 1.\n")
    assert issue(last).endswith("People told of it in their inbox: 0.\n")
    told = Notice.objects.get(person_id=person)
    assert (told.kind, told.facts) == ("statement", {"year": str(last)})


def test_running_again_changes_nothing(two_years):
    issue(2023)
    before = list(Statement.objects.values_list())
    again = "2023: 0 statements issued for 1 schemes and areas; the year was closed before. "
    assert issue(2023) == f"{again}People told of it in their inbox: 0.\n"
    assert list(Statement.objects.values_list()) == before
    assert ClosedYear.objects.filter(area_code=AREA).count() == 1


def test_interest_of_the_year_comes_first(person):
    open_with(person, "10000.00", 2024)
    said = f"No statement was issued. Interest of 2024 of pension in {AREA} is not credited yet: "
    assert refusal(issue, 2024) == f"{said}credit_interest --year 2024."
    assert not ClosedYear.objects.filter(area_code=AREA).exists()


def test_what_was_booked_after_the_interest_is_credited_first(two_years, employer):
    pay_in(two_years, employer, {6: 100}, 2023, line=20)
    said = (
        f"No statement was issued. Something was booked after the interest of 2023 of pension in {AREA} was credited, "
        "which is another one now for 1 accounts: credit_interest --year 2023."
    )
    assert refusal(issue, 2023) == said
    assert not ClosedYear.objects.filter(area_code=AREA).exists()
    credit(2023)
    issue(2023)
    # The opening balance of 2024 is another one now.
    assert "of 2024 of pension" in refusal(issue, 2024)
    credit(2024)
    issue(2024)
    assert in_order()


def test_what_was_booked_later_for_a_later_year_is_no_obstacle(two_years, employer):
    pay_in(two_years, employer, {1: 100}, 2025)
    assert "1 statements issued" in issue(2023)


def test_an_account_that_came_after_the_interest_is_credited_first(two_years):
    other = staged.make_person()
    open_with(other, "100.00", 2023)
    assert "for 1 accounts" in refusal(issue, 2023)
    credit(2023)
    assert "2 statements issued" in issue(2023)


def test_of_interest_credited_several_times_a_year_each_part_is_compared(person, employer):
    for bucket in ("current_year", "prior_years"):
        rate("0.04", month(2024, 1), scheme="medical", area=AREA, bucket=bucket, credits_per_year=4)
    open_with(person, "10000.00", 2024, scheme="medical")
    credit(2024)
    pay_in(person, employer, {12: 1200}, 2024, scheme="medical")
    assert "for 1 accounts" in refusal(issue, 2024)
    credit(2024)
    issue(2024)
    assert in_order()


def test_a_rate_that_is_published_later_is_no_obstacle(person):
    """Interest may stay provisional when a year is closed; it is put right in the next one."""
    open_with(person, "10000.00", 2026)
    credit(2026)
    rate("0.0200", month(2026, 1), month(2027, 1))
    assert "1 statements issued" in issue(2026)


def test_where_no_rate_is_known_statements_have_no_interest(person):
    open_with(person, "10000.00", 2014)
    issue(2014)
    assert figures(person, 2014) == {"taken_over": D(10000), "closing": D(10000)}


def test_years_are_closed_one_after_the_other(two_years):
    issue(2023)
    credit(2025)
    words = (
        f"No statement was issued. {{}} of pension in {AREA} is the last closed year: the next one is {{}}, not {{}}."
    )
    assert refusal(issue, 2025) == words.format(2023, 2024, 2025)


def test_the_first_year_closed_may_be_any_but_none_before_it_follows(two_years):
    issue(2024)
    words = (
        f"No statement was issued. 2024 of pension in {AREA} is the last closed year: the next one is 2025, not 2023."
    )
    assert refusal(issue, 2023) == words


def test_an_account_closed_in_an_earlier_year_has_nothing_to_state(person):
    open_with(person, "10000.00", 2023)
    pay_out(person, {3: "10000.00"}, 2023, kind="account_refund")
    with acting_as("job"):
        Account.objects.filter(person_id=person).update(status="closed", closed_month=month(2023, 3))
    for year in (2023, 2024):
        credit(year)
        issue(year)
    assert figures(person, 2023) == {"taken_over": D(10000), "paid_out": D(10000)}
    assert not Statement.objects.filter(person_id=person, period=month(2024, 12)).exists()


# A closed year


def test_a_feed_file_may_not_book_into_a_closed_year(two_years, employer):
    issue(2023)
    line = staged.employer_line(two_years, employer, month=month(2023, 5), slip_no="LATE")
    with pytest.raises(staged.Refused) as refused:
        staged.load("employer_contributions", [line])
    (reject,) = refused.value.rejects
    assert (reject.row, reject.column, reject.value) == (2, "booked_month", "202305")
    assert reject.expected == "booked month: after 2023-12, the year is closed"
    staged.load("employer_contributions", [line | {"booked_month": month(2024, 1), "kind": "backpay"}])
    assert balance(two_years) == D("34362.02")


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("openings", lambda person: staged.opening_line(person, month=month(2023, 1), slip_no="L")),
        ("benefits", lambda person: staged.benefit_line(person, "1.00", month=month(2023, 1), payment_no="L")),
        ("personal_contributions", lambda person: staged.personal_line(person, month=month(2023, 1), slip_no="L")),
        ("subsidies", lambda person: staged.subsidy_line(person, scheme="pension", month=month(2023, 1), slip_no="L")),
    ],
)
def test_every_kind_that_books_is_refused(two_years, kind, line):
    issue(2023)
    with pytest.raises(staged.Refused, match="the year is closed"):
        staged.load(kind, [line(two_years)])


def test_what_was_booked_before_the_year_closed_is_still_recognised(two_years, employer):
    line = staged.employer_line(two_years, employer, month=month(2023, 5), slip_no="KNOWN")
    staged.load("employer_contributions", [line])
    credit(2023)
    credit(2024)
    issue(2023)
    assert staged.load("employer_contributions", [line]) == Stored(0, 1)


def test_another_area_stays_open(two_years, employer):
    issue(2023)
    staged.load("openings", [staged.opening_line(two_years, area_code=OTHER_AREA, month=month(2023, 1), slip_no="B")])
    assert balance(two_years, area=OTHER_AREA) == D("1000.00")


def test_the_database_refuses_a_batch_in_a_closed_year(two_years):
    issue(2023)
    batches = (
        "SELECT 1 AS batch_no, 'manual' AS kind, 'pension' AS scheme, "
        f"'{AREA}' AS area_code, DATE '2023-06-01' AS booked_month, NULL::bigint AS employer_id, '' AS slip_no, "
        "'by hand' AS source_ref"
    )
    nothing = (
        "SELECT NULL::integer AS batch_no, NULL::bigint AS person_id, '' AS kind, 1 AS line, NULL::date AS period, "
    )
    nothing += "0.00 AS amount, NULL::bigint AS rule_id, NULL::integer AS feed_row WHERE FALSE"
    fund = "SELECT NULL::integer AS batch_no, '' AS kind, 0.00 AS amount WHERE FALSE"
    with (
        pytest.raises(IntegrityError, match="is booked in 2023-06, and the year 2023 is closed"),
        acting_as("job"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        books.post(cursor, batches, nothing, fund)


@pytest.mark.parametrize("role", ["web", "job"])
@pytest.mark.parametrize("statement", ["UPDATE accounts_statement SET closing = 0", "DELETE FROM accounts_statement"])
def test_a_statement_never_changes(two_years, role, statement):
    issue(2023)
    with (
        pytest.raises(ProgrammingError, match="only ever added|permission denied"),
        acting_as(role),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
