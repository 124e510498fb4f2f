"""verify.py over years of an account: interest, statements, corrections, spending, transfers, closures."""

import json
from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts import closings, corrections
from accounts.models import InterestCredit
from documents.takeout import record_of, write_record
from registry.models import InsuredPerson
from tests import staged
from tests.accounts.correcting import account_of, approve, corrected, operator, post, right
from tests.accounts.sealing import posted_on
from tests.accounts.test_books_properties import World, files, nothing_stays, quick  # noqa: F401 - a fixture of theirs
from tests.accounts.test_explain import corrected_entry
from tests.cast import CAST, OPERATOR, SECOND_OPERATOR
from tests.staged import AREA, balance, closure_line, load, movement_line, opening_line, spending_line, transfer_line
from tests.years import credit, issue, method, month, open_with, pay_in, pay_out, rate

from .test_verify import changed_digit, forged, last_batch, run, seal_until, sealed, verdict  # noqa: F401 - a fixture

RATES = (("current_year", "0.0035"), ("prior_years", "0.0110"))


def record(person):
    return record_of(InsuredPerson.objects.get(pk=person))


@pytest.fixture
def person(db):
    staged.make_places()
    return staged.make_person("李四")


@pytest.fixture
def employer(person):
    return staged.make_employer()


@pytest.fixture
def lived(sealed, person, employer):  # noqa: F811
    """The record of four years of three accounts, with everything that can happen to them, sealed."""
    last = last_batch()
    for bucket, value in RATES:
        rate(value, month(2024, 1), month(2026, 7), scheme="medical", area=AREA, bucket=bucket, credits_per_year=4)
    method(month(2024, 1), scheme="medical", rounding_mode="CEIL_JIAO")
    method(month(2025, 1), method="YEARLY", payout_method="YEARLY", yearly_factor=D("1.083"))
    first_years(person, employer)
    year_of_movements(person, employer)
    year_of_ends(person, employer)
    posted_on(1, last)
    seal_until(date(2026, 11, 2))
    return record(person)


def first_years(person, employer):
    """2023, and 2024 with an own contribution that is corrected, so that interest is put right."""
    open_with(person, "25000.00", 2023)
    pay_in(person, employer, {3: "640.55", 9: 700}, 2023)
    credit(2023)
    issue(2023)
    open_with(person, "1234.56", 2024, scheme="medical")
    pay_in(person, employer, {2: "55.55", 8: 66}, 2024, scheme="medical")
    pay_in(person, employer, {1: 800, 6: 800}, 2024)
    pay_out(person, {7: "100.99"}, 2024)
    credit(2024)
    corrected(person, rights=[right("contrib_ind", "600.00", month(2023, 3))])
    credit(2024)
    issue(2024)


def neighbour(employer):
    """Somebody else with an account, a correction, spending and a transfer of her own."""
    other = staged.make_person("邻居")
    open_with(other, "98.76", 2025)
    open_with(other, "98.76", 2025, scheme="medical")
    pay_in(other, employer, {4: "98.76"}, 2025)
    corrected(other, rights=[right("contrib_ind", "98.76")], reason="Neighbour", document_ref="Neighbour")
    spent = {"slip_no": "Neighbour", "settlement_no": "Neighbour", "provider": "Neighbour"}
    load("spending", [spending_line(other, "1.00", month=month(2025, 6), **spent)])
    load("transfers", [transfer_line(other, application_no="Neighbour", day=date(2025, 6, 7))])


def year_of_movements(person, employer):
    neighbour(employer)
    pay_in(person, employer, {4: "812.34"}, 2025)
    pay_in(person, employer, {5: "77.70"}, 2025, scheme="medical")
    moved = [("pool_allocation", "140.00", "medical"), ("refund", "-11.11", "pension")]
    moved += [("offset_overpayment", "-22.22", "pension"), ("manual", "3.33", "pension")]
    words = {"reason": "Told twice", "document_no": "D7"}
    rows = [movement_line(person, a, k, s, month(2025, 5), line=n, **words) for n, (k, a, s) in enumerate(moved, 1)]
    load("account_movements", rows)
    spent = [spending_line(person, "40.00", "10.00", "5.00", month(2025, 6))]
    load("spending", [*spent, spending_line(person, "20.00", month=month(2025, 9), line=2, relation="spouse")])
    credit(2025)
    issue(2025)


def year_of_ends(person, employer):
    """2026: moves in and out, the rate arrives after provisional interest, the medical account is closed in August."""
    pay_in(person, employer, {1: "800.10"}, 2026)
    words = {"account_amount": D("300.00"), "pooled_amount": D("36.00")}
    steps = [transfer_line(person, "applied", day=date(2026, 2, 3)), transfer_line(person, "merged", **words)]
    load("transfers", steps)
    moved = {"slip_no": "ZY1", "kind": "transfer_in", "pooled_amount": D("36.00")}
    load("openings", [opening_line(person, "300.00", month=month(2026, 3), **moved)])
    words = {"account_amount": D("200.00"), "pooled_amount": D("24.00"), "application_no": "ZY2"}
    load("transfers", [transfer_line(person, "money_sent", "out", day=date(2026, 4, 9), **words)])
    sent = movement_line(person, "-200.00", "transfer_out", "pension", month(2026, 4), slip_no="ZY2")
    load("account_movements", [sent | {"pooled_amount": D("24.00")}])
    open_with(person, "500.00", 2026, scheme="pension_resident")
    rate("0.0300", month(2025, 1), month(2026, 1), scheme="pension_resident", area=AREA)
    credit(2026)
    rate("0.0200", month(2026, 1), month(2027, 1))
    credit(2026)
    load("closures", [closure_line(person, "1000.00", scheme="medical", month=month(2026, 8))])


def test_the_record_is_right_and_says_what_was_reckoned(lived, person, tmp_path):
    write_record(lived, tmp_path / "record.zip")
    code, out, err = run(tmp_path / "record.zip", "--lang", "en")
    assert (code, err) == (0, ""), out
    number = sum(entry["kind"].startswith("interest_") for entry in lived["tables"]["entries"][1])
    quarters = ", ".join(f"{year}-{n:02}" for year in (2024, 2025) for n in (3, 6, 9, 12))
    for line in (
        f"interest: {number} movements, reckoned anew from the movements and the rates: "
        f"medical {AREA}: {quarters}, 2026-03, 2026-06, 2026-08; "
        f"pension {AREA}: 2023-12, 2024-12, 2025-12, 2026-12; pension_resident {AREA}: 2026-12",
        "of these provisional, by the rate published last, until that of the year is published: "
        f"pension_resident {AREA}: 2026-12",
        "requests for corrections: 1, posted line by line as two people agreed",
        "yearly statements: 5, computed anew, each opens with the closing of the year before",
        "transfers: 2, steps and amounts agree with the books",
    ):
        assert line in out, out
    code, out, _err = run(tmp_path / "record.zip")
    assert code == 0 and f"利息：{number} 笔，按明细和利率重新算出" in out and "权益记录单：5 份" in out


def test_the_record_is_the_same_each_time_and_of_one_person_alone(lived, person):
    """Though somebody else lives through the same years with the same employer, in the same batches of interest."""
    assert json.dumps(record(person)) == json.dumps(lived)
    for name, (columns, rows) in lived["tables"].items():
        assert rows, name
        assert {row["person_id"] for row in rows if "person_id" in columns} <= {person}
    text = json.dumps(lived, ensure_ascii=False)
    for told in ("邻居", "98.76", "Neighbour", CAST.wang.name, OPERATOR, SECOND_OPERATOR, operator().name):
        assert told not in text


# As in test_verify.py: facts on which nothing else in the record depends. docs/export.md names them.
FACTS = {
    "accounts": "status",
    "entries": "",
    "reversals": "",
    "batches": "",
    "movements": "slip_no line pooled_amount reason document_no feed_file_id",
    "spending": "slip_no line settlement_no settled_on provider visit relation total from_pool self_paid feed_file_id",
    "closures": "slip_no line reason payee document_no note feed_file_id",
    "transfers": "",
    "transfer_steps": "other_area reached_on account_amount pooled_amount reason feed_file_id feed_row",
    "interest_credits": "",
    "interest_terms": "",
    "interest_rates": "key version area_code since until credits_per_year source confirmed origin",
    "interest_methods": "key version area_code since until source confirmed origin",
    "statements": "",
    "corrections": "reason document_ref asked_at decided_at ended_at",
    "correction_lines": "",
}


def each_kind(rows):
    """The numbers of rows of which each is the first of its sort."""
    sorts = ("kind", "what", "state", "relation", "scheme", "bucket", "direction")
    first = {}
    for number, row in enumerate(rows):
        first.setdefault(tuple(row.get(name) for name in sorts), number)
    return first.values()


@pytest.mark.parametrize("name", FACTS)
def test_every_changed_field_is_found_or_is_a_mere_fact(lived, tmp_path, name):
    """By somebody who makes the list of contents fit."""
    columns, rows = lived["tables"][name]
    unseen, tried = set(), 0
    for number in each_kind(rows):
        for column in columns:
            other = changed_digit(rows[number][column])
            if other is not None:
                tried += 1
                changed = [*rows[:number], rows[number] | {column: other}, *rows[number + 1 :]]
                tables = lived["tables"] | {name: (columns, changed)}
                if not verdict(forged(lived | {"tables": tables}, tmp_path)).wrong:
                    unseen.add(column)
    assert tried >= len(columns) - 3
    assert unseen - set(FACTS[name].split()) == set()


def test_a_quota_whose_rule_gives_none_is_found(lived, tmp_path):
    columns, rows = lived["tables"]["rules"]
    changed = [row | {"pool_quota": False} for row in rows]
    assert changed != rows
    tables = lived["tables"] | {"rules": (columns, changed)}
    (wrong,) = verdict(forged(lived | {"tables": tables}, tmp_path)).wrong
    assert "medical pool_allocation" in wrong


@pytest.mark.parametrize("name", FACTS)
def test_a_lost_row_is_found(lived, tmp_path, name):
    """But for what opens or ends a chain of which nothing says how long it was."""
    columns, rows = lived["tables"][name]
    lost = []
    for number in range(len(rows)):
        tables = lived["tables"] | {name: (columns, [*rows[:number], *rows[number + 1 :]])}
        if not verdict(forged(lived | {"tables": tables}, tmp_path)).wrong:
            lost.append(number)
    if name == "statements":
        ends = {(row["scheme"], row["period"][:4]) for row in (rows[number] for number in lost)}
        assert ends == {("medical", "2024"), ("medical", "2025"), ("pension", "2023"), ("pension", "2025")}
    elif name == "transfer_steps":
        assert [rows[number]["state"] for number in lost] == ["applied"]
    else:
        assert lost == []


@pytest.mark.parametrize(
    "columns",
    [
        {"method": "YEARLY", "payout_method": "YEARLY", "yearly_factor": D("1.083")},
        {"method": "YEARLY", "yearly_factor": D("1.083")},
        {"rounding_mode": "YUAN_BASE_FLOOR"},
        {"rounding_mode": "CEIL_JIAO"},
        {},
    ],
)
def test_every_method_and_rates_that_change_within_the_year(person, employer, tmp_path, columns):
    rate("0.0397", month(2024, 1), month(2024, 7), area=AREA)
    rate("0.0262", month(2024, 7), month(2025, 1), area=AREA)
    method(month(2024, 1), **columns)
    open_with(person, "12345.67", 2024)
    pay_in(person, employer, {3: "1200.50", 4: "100.05", 8: "333.33"}, 2024)
    pay_out(person, {5: "100.99", 12: "77.77"}, 2024)
    credit(2024)
    found = verdict(forged(record(person), tmp_path))
    assert found.wrong == []
    assert f"interest: 3 movements, reckoned anew from the movements and the rates: pension {AREA}: 2024-12" in (
        found.checked
    )


def test_interest_of_a_whole_year_that_became_one_of_a_part(person, employer, tmp_path):
    """Credited to December, then closed in October: what stood for December stands at nothing."""
    open_with(person, "12000.00", 2026)
    credit(2026)
    load("closures", [closure_line(person, "12000.00", month=month(2026, 10))])
    credits = InterestCredit.objects.filter(person_id=person).order_by("period")
    assert [(c.period.month, c.total) for c in credits.order_by("batch_id", "period")][-1] == (12, 0)
    assert verdict(forged(record(person), tmp_path)).wrong == []
    load("closures", [closure_line(person, balance(person), month=month(2026, 12), line=2)])
    rate("0.0200", month(2026, 1), month(2027, 1))
    credit(2026)
    found = verdict(forged(record(person), tmp_path))
    assert found.wrong == [] and any(f"pension {AREA}: 2026-10" in line for line in found.checked)
    assert not any(line.startswith("of these provisional") for line in found.checked)


def test_an_account_that_rests_after_its_closing_has_no_statement(person, employer, tmp_path):
    """And its statements go on when something comes to it again: interest by the rate of the year it was closed in."""
    open_with(person, "12000.00", 2024)
    load("closures", [closure_line(person, "12026.20", month=month(2024, 1))])
    for year in (2024, 2025):
        credit(year)
        issue(year)
    found = verdict(forged(record(person), tmp_path))
    assert found.wrong == [] and any(line.startswith("yearly statements: 1,") for line in found.checked)


@pytest.mark.parametrize("again", [True, False])
@pytest.mark.parametrize("amount", ["12045.00", "0.00"])
def test_a_closing_that_was_undone(person, tmp_path, amount, again):
    """Closed in March 2026 and opened again, its interest put right; closed again, or never."""
    open_with(person, "12000.00", 2026)
    load("closures", [closure_line(person, amount, month=month(2026, 3))])
    rate("0.0200", month(2026, 1), month(2027, 1))
    credit(2026)
    assert post(_approved_opening(person)) == "posted"
    assert verdict(forged(record(person), tmp_path)).wrong == []
    if again:
        load("closures", [closure_line(person, amount, line=2, month=month(2026, 3))])
        assert verdict(forged(record(person), tmp_path)).wrong == []
    credit(2026)
    right = record(person)
    assert verdict(forged(right, tmp_path)).wrong == []
    columns, rows = right["tables"]["correction_lines"]
    for changed in ([], [row | {"entry_line": 99} for row in rows]):
        lines = right["tables"] | {"correction_lines": (columns, changed)}
        assert verdict(forged(right | {"tables": lines}, tmp_path)).wrong != []


def _approved_opening(person):
    account = account_of(person)
    keys = [closing.key for closing in closings.of_account(account)]
    return approve(corrections.ask(account, keys, [], by=operator(), reason="Another person left", document_ref="D7"))


@settings(quick, max_examples=max(8, settings.default.max_examples // 20))
@given(files, st.integers(0, 5), st.integers(0, 50))
def test_whatever_happened_no_right_record_is_called_wrong(nothing_stays, tmp_path, drawn, cut, number):  # noqa: F811
    """Files in any order, some after interest was credited; a correction; interest put right."""
    with nothing_stays():
        world = World()
        rows = [(kind, world.rows(kind, count, lines)) for count, (kind, lines) in enumerate(drawn)]
        for count, (kind, lines) in enumerate(rows):
            if count == cut:
                credit(2023)
                credit(2024)
            load(kind, lines)
        corrected_entry(world.people, number)
        for year in (2023, 2024, 2025):
            credit(year)
        issue(2023)
        for each in world.people:
            found = verdict(forged(record(each), tmp_path))
            assert found.wrong == []
            assert any(line.startswith("interest: ") for line in found.checked)
