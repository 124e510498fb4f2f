"""Every fen of a balance leads to its lines, files, records and rules, and the terms add up."""

from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts import corrections, crediting, statements
from accounts.explain import INTEREST, TERMS, entries_of, explain, explain_account
from accounts.models import Account, Closure, Entry, InterestCredit, Movement, Spending
from accounts.models.corrections import NEVER_UNDONE
from accounts.sources import sources_of
from contributions.models import Contribution
from registry.insurance import Insurance
from registry.models import InsuredPerson
from registry.months import add_months
from registry.roles import acting_as
from tests.cast import BEIJING, CAST, months_ago
from tests.staged import (
    AREA,
    OCTOBER,
    OTHER_AREA,
    benefit_line,
    closure_line,
    employer_line,
    load,
    make_person,
    movement_line,
    opening_line,
    spending_line,
    subsidy_line,
)
from tests.years import credit, month, open_with, pay_in, pay_out, rate

from .correcting import approve, corrected, operator, post, right
from .sealing import undo_opening
from .test_books_properties import FIRST_MONTH, World, files, nothing_stays, quick  # noqa: F401 - a fixture of theirs

ORDER = ("person_id", "booked_month", "batch_id", "kind", "line")


def hers(person):
    return InsuredPerson.objects.get(pk=person)


def of(member):
    return InsuredPerson.objects.with_number("citizen", member.number).get()


def amounts(explanation):
    return {term.kind.value: term.amount for term in explanation.terms}


def yuan(text):
    return Decimal(text)


def test_the_terms_of_a_balance(person, employer):
    load("openings", [opening_line(person, "1000.00")])
    load("employer_contributions", [employer_line(person, employer)])
    load("benefits", [benefit_line(person, "10.00", "20.00")])
    (explanation,) = explain(hers(person), Insurance.PENSION)
    assert amounts(explanation) == {
        "opening": yuan("1000.00"),
        "contrib_ind": yuan("640.00"),
        "pension_payout": yuan("-20.00"),
    }
    assert [term.kind for term in explanation.terms] == sorted((t.kind for t in explanation.terms), key=TERMS.index)
    assert explanation.balance == Account.objects.get(person_id=person).balance == yuan("1620.00")


def test_a_line_leads_to_its_file_row_record_and_rule(person, employer):
    load("employer_contributions", [employer_line(person, employer)], name="october.csv")
    (explanation,) = explain(hers(person), Insurance.PENSION)
    ((line,),) = [term.lines for term in explanation.terms]
    assert (line.file.name, line.entry.feed_row, line.file.loaded_at.date()) == (
        "october.csv",
        2,
        line.batch.posted_at.date(),
    )
    assert isinstance(line.record, Contribution) and line.record.base == yuan("8000.00")
    assert (line.rule.key, line.rule.version) == ("pension.employee.2019-05", 1) and line.rule.source
    assert (line.reversed_by, line.undoes) == (None, None)


def test_openings_and_benefits_lead_to_their_records(person):
    load("openings", [opening_line(person)])
    load("benefits", [benefit_line(person, "10.00", "20.00")])
    opening, paid = explain(hers(person), Insurance.PENSION)[0].terms
    assert opening.lines[0].record.source_area == "Old records"
    assert paid.lines[0].record.payment_no == "Y1"
    assert (opening.lines[0].rule, paid.lines[0].rule) == (None, None)


def test_a_reversal_and_what_it_undid_name_each_other(person):
    load("openings", [opening_line(person)])
    undo_opening(person)
    explanation = explain_account(Account.objects.get(person_id=person))
    opening, reversal = (term.lines[0] for term in explanation.terms)
    assert (opening.reversed_by, reversal.undoes) == (reversal.entry.pk, opening.entry.pk)
    assert (opening.undoes, reversal.reversed_by, explanation.balance) == (None, None, 0)
    assert (reversal.file, reversal.record) == (None, None)


def test_interest_leads_to_its_credit_and_its_arithmetic(person, employer):
    open_with(person, "25000.00", 2023)
    pay_in(person, employer, dict.fromkeys(range(1, 13), 640), 2023)
    pay_out(person, {12: "100.00"}, 2023)
    credit(2023)
    (explanation,) = explain(hers(person), Insurance.PENSION)
    lines = [term.lines[0] for term in explanation.terms if term.kind in INTEREST]
    assert {line.credit for line in lines} == {InterestCredit.objects.get(person_id=person)} and len(lines) == 3
    with CaptureQueriesContext(connection) as queries:
        answer = lines[0].worked()
    assert len(queries) == 4 and {part.kind: part.formula for part in answer.parts} == {
        "interest_opening": "25,000.00 × 3.97 % = 992.50",
        "interest_current": "49,920.00 × 3.97 % ÷ 12 = 165.15",
        "interest_payout_adj": "100.00 × 3.97 % ÷ 12 = 0.33",
    }
    assert [line.amount for line in lines] == [part.amount for part in answer.parts]
    others = [line for term in explanation.terms for line in term.lines if term.kind not in INTEREST]
    assert {(line.credit, line.worked()) for line in others} == {(None, None)}


def test_undone_interest_leads_to_the_credit_that_took_its_place(person):
    open_with(person, "10000.00", 2026)
    credit(2026)
    rate("0.0200", month(2026, 1), month(2027, 1))
    credit(2026)
    (explanation,) = explain(hers(person), Insurance.PENSION)
    provisional, final = explanation.terms[1].lines
    (reversal,) = explanation.terms[2].lines
    assert (reversal.credit, reversal.undoes, reversal.worked()) == (final.credit, provisional.entry.pk, None)
    assert (provisional.reversed_by, final.reversed_by) == (reversal.entry.pk, None)
    assert provisional.worked().terms.is_provisional and not final.worked().terms.is_provisional
    assert [line.worked().total for line in (provisional, final)] == [yuan("150.00"), yuan("200.00")]


def test_what_a_correction_posted_leads_to_its_request(person, employer):
    load("employer_contributions", [employer_line(person, employer)])
    correction = corrected(person, rights=[right("contrib_ind", "600.00")])
    (explanation,) = explain(hers(person), Insurance.PENSION)
    paid, put_right = explanation.terms[0].lines
    (reversal,) = explanation.terms[1].lines
    assert [line.correction for line in (paid, put_right, reversal)] == [None, correction, correction]
    assert (reversal.undoes, put_right.undoes, put_right.file, put_right.record) == (paid.entry.pk, None, None, None)
    assert explanation.balance == yuan("600.00")


def test_movements_spending_and_closures_lead_to_their_records(person):
    load("account_movements", [movement_line(person)])
    load("spending", [spending_line(person, "40.00")])
    load("closures", [closure_line(person, "100.00", scheme="medical")])
    (explanation,) = explain(hers(person), Insurance.MEDICAL)
    lines = [line for term in explanation.terms for line in term.lines]
    assert [type(line.record) for line in lines if line.file] == [Movement, Spending, Closure]
    assert [bool(line.credit) for line in lines] == [not line.file for line in lines]
    assert lines[0].rule.pool_quota and explanation.balance == Account.objects.get(person_id=person).balance


def test_the_balance_at_an_earlier_month(person, employer):
    for number in range(4):
        month = add_months(OCTOBER, -number)
        load("employer_contributions", [employer_line(person, employer, slip_no=f"S{number}", month=month)])
    balances = [explain(hers(person), Insurance.PENSION, add_months(OCTOBER, -n))[0].balance for n in range(5)]
    assert balances == [yuan("2560.00"), yuan("1920.00"), yuan("1280.00"), yuan("640.00"), 0]


def test_a_statement_stands_for_what_was_booked_before(person, employer):
    load("openings", [opening_line(person, "1000.00", month=month(2023, 12))])
    load("employer_contributions", [employer_line(person, employer, month=month(2024, 3))])
    with acting_as("job"):
        crediting.credit_year(2023, area_code=AREA)
        statements.issue(2023, area_code=AREA)
    account = Account.objects.get(person_id=person)
    whole, since = explain_account(account), explain_account(account, from_statement=True)
    assert (whole.statement, since.statement.year) == (None, 2023)
    assert since.balance == whole.balance == account.balance
    assert amounts(since) == {"contrib_ind": yuan("640.00")} and "opening" in amounts(whole)
    at_its_end = explain_account(account, month(2023, 12), from_statement=True)
    assert (at_its_end.balance, at_its_end.terms) == (account.balance - yuan("640.00"), [])
    before = explain_account(account, month(2023, 11), from_statement=True)
    assert (before.balance, before.statement) == (yuan("0.00"), None)


def test_each_account_of_a_mover_for_itself(person, employer):
    load("openings", [opening_line(person, "5.00"), opening_line(person, "7.00", area_code=OTHER_AREA, line=2)])
    found = {e.account.area_code: e.balance for e in explain(hers(person), Insurance.PENSION)}
    assert found == {AREA: yuan("5.00"), OTHER_AREA: yuan("7.00")}
    other = Account.objects.get(person_id=person, area_code=OTHER_AREA)
    assert explain_account(other).balance == yuan("7.00")


def test_records_of_a_merged_duplicate_are_hers(person, as_job):
    double = make_person("Double")
    load("openings", [opening_line(person, "5.00"), opening_line(double, "7.00", line=2)])
    with as_job():
        InsuredPerson.objects.filter(pk=double).update(merged_into=person)
    assert sorted(e.balance for e in explain(hers(person), Insurance.PENSION)) == [yuan("5.00"), yuan("7.00")]


def test_no_account_no_explanation(person):
    assert explain(hers(person), Insurance.PENSION) == []


def test_every_kind_of_entry_is_a_term():
    assert sorted(TERMS) == sorted(Entry.Kind) and len(set(TERMS)) == len(TERMS)


def asked(person, insurance=Insurance.PENSION):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        explain(person, insurance)
    return len(queries)


def test_the_number_of_queries_does_not_grow_with_the_history(person, employer):
    load("openings", [opening_line(person)])
    load("employer_contributions", [employer_line(person, employer)])
    short = asked(hers(person))
    for number in range(1, 40):
        month = add_months(OCTOBER, -number)
        load("employer_contributions", [employer_line(person, employer, slip_no=f"S{number}", month=month)])
    assert asked(hers(person)) == short <= 15


def test_the_cast(db):
    (wang,) = explain(of(CAST.wang), Insurance.PENSION)
    assert amounts(wang) == {"opening": yuan("12345.67"), "contrib_ind": yuan("1840.00")}
    assert sorted(line.amount for line in wang.terms[1].lines) == [yuan("-80.00")] + [yuan("640.00")] * 3
    (feng,) = explain(of(CAST.feng), Insurance.PENSION, until=months_ago(2))
    assert amounts(feng) == {"opening": yuan("50000.00"), "pension_payout": yuan("-359.71")}
    (chen,) = explain(of(CAST.chen), Insurance.PENSION)
    assert (chen.terms[1].kind, chen.terms[1].lines[0].record.source_area) == ("transfer_in", "成都市")
    assert chen.account.area_code == BEIJING
    (qian,) = explain(of(CAST.qian), Insurance.PENSION)
    assert amounts(qian) == {"contrib_ind": yuan("500.00"), "subsidy": yuan("60.00")}
    assert explain(of(CAST.sun), Insurance.MEDICAL) == []


@quick
@given(files, st.integers(0, 26), st.integers(0, 50))
def test_the_terms_always_add_up_to_the_balance(nothing_stays, drawn, months, number):  # noqa: F811
    with nothing_stays():
        world = World()
        for count, (kind, lines) in enumerate(drawn):
            load(kind, world.rows(kind, count, lines))
        request = corrected_entry(world.people, number)
        until = add_months(FIRST_MONTH, months)
        for each in world.people:
            person = hers(each)
            for insurance in (Insurance.PENSION, Insurance.MEDICAL):
                for explanation in explain(person, insurance):
                    assert explanation.balance == explanation.account.balance
                    assert_the_same_is_told_once(explanation.account)
                    for line in (line for term in explanation.terms for line in term.lines):
                        assert_it_leads_somewhere(line, request)
                for explanation in explain(person, insurance, until):
                    assert explanation.balance == booked(explanation.account, until)
                    assert explanation.balance == sources_of(explanation.account, until).balance


def assert_the_same_is_told_once(account):
    """The sums of the equation come to the balance, and each has just the lines that it opens."""
    sources = sources_of(account)
    assert sources.balance == account.balance
    for each in (each for group in sources.groups for each in group.sums):
        lines = entries_of(account, each.kind)
        assert (sum(entry.amount for entry in lines), len(lines)) == (each.amount, each.lines)


def corrected_entry(people, number):
    """The posted correction of one of the entries on open accounts, or None where the books refused it."""
    open_accounts = {(a.person_id, a.scheme): a for a in Account.objects.filter(person_id__in=people, status="open")}
    found = Entry.objects.filter(person_id__in=people).exclude(kind__in=NEVER_UNDONE)
    entries = [e for e in found.order_by(*ORDER) if (e.person_id, e.scheme) in open_accounts]
    entry = entries[number % len(entries)]
    account, key = open_accounts[entry.person_id, entry.scheme], (entry.booked_month, entry.kind, entry.batch_id)
    words = {"by": operator(), "reason": "Told twice", "document_ref": "D1"}
    request = corrections.ask(account, [(*key, entry.line)], [right("manual", "1.23", entry.period)], **words)
    return request if post(approve(request)) == "posted" else None


def assert_it_leads_somewhere(line, request):
    """To file and record, to the credit and its arithmetic, or to the request: to one of them, and never to two."""
    assert bool(line.file) == bool(line.record) == bool(line.batch.feed_file_id)
    if line.file:
        assert (line.record.batch_id, line.credit, line.correction) == (line.entry.batch_id, None, None)
    elif line.batch.kind == "interest":
        assert (line.credit.batch_id, line.correction) == (line.entry.batch_id, None)
        assert line.entry.kind == "reversal" or line.worked().total == line.credit.total
    else:
        assert (line.batch.kind in ("reversal", "manual"), line.credit, line.correction) == (True, None, request)
    assert bool(line.undoes) == (line.entry.kind == "reversal")


def booked(account, until):
    found = Entry.objects.filter(person_id=account.person_id, scheme=account.scheme, area_code=account.area_code)
    return sum((entry.amount for entry in found if entry.booked_month <= until), Decimal(0))


def test_a_subsidy_names_who_gave_it(person):
    load("subsidies", [subsidy_line(person, "60.00")])
    (explanation,) = explain(hers(person), Insurance.PENSION)
    ((line,),) = [term.lines for term in explanation.terms]
    assert (explanation.terms[0].label, line.record.payer_level) == ("Government subsidy", "city")
