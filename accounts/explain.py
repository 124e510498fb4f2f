"""Every fen of a balance: the terms that make it, the lines of each term, and where each line comes from.

A term holds the entries of one kind; every entry belongs to exactly one, so the terms add up to the balance whatever
was posted. A line leads to the file and row it came from, to the record of that row, to the rule with its source, and
to what undid it. Interest leads to its credit and, when asked, to its arithmetic; what a correction posted leads to its
request. The number of queries does not depend on the length of the history.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Case, F, OuterRef, Subquery, When
from django.db.models.functions import Coalesce

from contributions.models import Contribution, ContributionRule
from registry.insurance import SCHEMES_OF
from registry.models import FeedFile

from . import interest_worked
from .models import (
    Account,
    Batch,
    BenefitPayment,
    Closure,
    Correction,
    Entry,
    InterestCredit,
    Movement,
    Reversal,
    Spending,
    Statement,
    Takeover,
)

ZERO = Decimal("0.00")
Kind = Entry.Kind
# In the order in which a balance is read: what came in, what it earned, what went out, what was put right.
CAME_IN = (
    Kind.OPENING,
    Kind.CONTRIB_IND,
    Kind.CONTRIB_EMP,
    Kind.SUBSIDY,
    Kind.POOL_ALLOCATION,
    Kind.TRANSFER_IN,
)
INTEREST = (Kind.INTEREST_OPENING, Kind.INTEREST_CURRENT, Kind.INTEREST_PAYOUT_ADJ)
WENT_OUT = (
    Kind.PENSION_PAYOUT,
    Kind.MEDICAL_SPEND,
    Kind.FAMILY_AID,
    Kind.BENEFIT_PAYOUT,
    Kind.REFUND,
    Kind.OFFSET_OVERPAYMENT,
    Kind.TRANSFER_OUT,
    Kind.INHERITANCE,
    Kind.CLOSING,
)
PUT_RIGHT = (Kind.MANUAL, Kind.REVERSAL)
TERMS = (*CAME_IN, *INTEREST, *WENT_OUT, *PUT_RIGHT)
# The records that lines of files become, found by (person, batch, row).
RECORDS = (Contribution, BenefitPayment, Takeover, Movement, Spending, Closure)


@dataclass
class Line:
    """One entry and where it comes from; what it does not have is None.

    `reversed_by` and `undoes` are entries' keys, as `Entry.pk`: the one that undid this line, the one it undoes.
    `credit`: of interest, what the period earned and from which principal; of interest that is undone, the credit that
    took its place. `correction`: the request that two members of staff agreed on.
    """

    entry: Entry
    batch: Batch
    file: FeedFile | None = None
    record: Contribution | BenefitPayment | Takeover | Movement | Spending | Closure | None = None
    rule: ContributionRule | None = None
    reversed_by: tuple | None = None
    undoes: tuple | None = None
    credit: InterestCredit | None = None
    correction: Correction | None = None

    @property
    def amount(self):
        return self.entry.amount

    def worked(self):
        """The sum behind a line of interest, with the person's own numbers (interest_worked.Worked); of others None.

        Asked for one line at a time: four queries each.
        """
        return interest_worked.worked(self.credit) if self.entry.kind in INTEREST else None


@dataclass
class Term:
    """All lines of one kind on one account. `amount`: their sum in yuan, signed."""

    kind: Entry.Kind
    lines: list = field(default_factory=list)

    @property
    def amount(self):
        return sum((line.amount for line in self.lines), ZERO)

    @property
    def label(self):
        return self.kind.label


@dataclass
class Explanation:
    """A balance and the terms that make it. `until`: the last month booked that counts, None for all.

    `statement`: the yearly statement that stands for all that was booked before; None where the terms reach back to the
    account's first entry.
    """

    account: Account
    until: date | None
    terms: list = field(default_factory=list)
    statement: Statement | None = None

    @property
    def balance(self):
        """The balance in yuan at the end of `until`: what the statement closes with, and the terms."""
        return sum((term.amount for term in self.terms), self.statement.closing if self.statement else ZERO)


def explain(person, insurance, until=None):
    """An Explanation of each account of a person in an insurance, in the order in which the accounts were opened.

    person: InsuredPerson, the canonical one; insurance: registry.insurance.Insurance; until: a month (its first day),
    whose entries and those booked before make the balance. An account that was opened later stands there with no term.
    """
    accounts = list(Account.objects.of(person).of_insurance(insurance).order_by("opened_month", "pk"))
    return _explained(accounts, _entries(person.record_ids, SCHEMES_OF[insurance], until), until)


def explain_account(account, until=None, *, from_statement=False):
    """The Explanation of one Account; `until` as for `explain`.

    from_statement: start from the closing of the last statement not after `until`, if there is one, so that the cost is
    that of the entries since and does not grow with the years.
    """
    entries = _entries([account.person_id], [account.scheme], until).filter(area_code=account.area_code)
    statement = _last_statement(account, until) if from_statement else None
    if statement:
        entries = entries.filter(booked_month__gt=statement.period)
    (explanation,) = _explained([account], entries, until)
    explanation.statement = statement
    return explanation


def entries_of(account, kind, year=None, until=None):
    """The entries of one kind on an Account and the reversals that undid such entries, newest first.

    kind: Entry.Kind; year: of their booked months, None for all; until: the last booked month that counts. A reversal
    stands with the kind of what it undid, as in `accounts.sources`.
    """
    undoing = Reversal.objects.filter(
        person_id=OuterRef("person_id"), by_batch_id=OuterRef("batch_id"), by_line=OuterRef("line")
    )
    told = Case(When(kind=Kind.REVERSAL, then=Subquery(undoing.values("kind")[:1])), default=F("kind"))
    entries = _entries([account.person_id], [account.scheme], until).filter(area_code=account.area_code)
    entries = entries.alias(told=Coalesce(told, F("kind"))).filter(kind__in=[kind, Kind.REVERSAL], told=kind)
    if year:
        entries = entries.filter(booked_month__gte=date(year, 1, 1), booked_month__lt=date(year + 1, 1, 1))
    return entries.reverse()


def _last_statement(account, until):
    issued = Statement.objects.filter(
        person_id=account.person_id, scheme=account.scheme, area_code=account.area_code
    ).order_by("-period")
    return (issued.filter(period__lte=until) if until else issued).first()


def _entries(person_ids, schemes, until):
    entries = Entry.objects.filter(person_id__in=person_ids, scheme__in=schemes)
    if until:
        entries = entries.filter(booked_month__lte=until)
    return entries.order_by("booked_month", "batch_id", "kind", "line")


def _explained(accounts, entries, until):
    lines = lines_of(list(entries))
    explanations = {_account_key(account): Explanation(account, until) for account in accounts}
    terms = {}
    for line in lines:
        key = _account_key(line.entry)
        terms.setdefault((key, line.entry.kind), Term(Kind(line.entry.kind))).lines.append(line)
    for key, explanation in explanations.items():
        explanation.terms = [terms[key, kind] for kind in TERMS if (key, kind) in terms]
    return list(explanations.values())


def _account_key(row):
    return row.person_id, row.scheme, row.area_code


def lines_of(entries):
    """A Line for each of these entries of one person, with all that it leads to; the number of queries is fixed."""
    batches = Batch.objects.in_bulk({entry.batch_id for entry in entries})
    files = FeedFile.objects.in_bulk({batch.feed_file_id for batch in batches.values() if batch.feed_file_id})
    rules = ContributionRule.objects.in_bulk({entry.rule_id for entry in entries if entry.rule_id})
    records = _records(entries)
    reversed_by, undoes = _reversals(entries)
    credits, corrections = _credits(entries), _corrections(entries)
    return [
        Line(
            entry,
            batches[entry.batch_id],
            files.get(batches[entry.batch_id].feed_file_id),
            records.get((entry.person_id, entry.batch_id, entry.feed_row)),
            rules.get(entry.rule_id),
            reversed_by.get(entry.pk),
            undoes.get((entry.person_id, entry.batch_id, entry.line)) if entry.kind == Kind.REVERSAL else None,
            credits.get((entry.person_id, entry.batch_id, entry.period)),
            corrections.get(entry.batch_id),
        )
        for entry in entries
    ]


def _records(entries):
    if not entries:
        return {}
    months = [entry.booked_month for entry in entries]
    bounds = {
        "person_id__in": {entry.person_id for entry in entries},
        "scheme__in": {entry.scheme for entry in entries},
        "booked_month__range": (min(months), max(months)),
    }
    found = (record for model in RECORDS for record in model.objects.filter(**bounds))
    return {(record.person_id, record.batch_id, record.feed_row): record for record in found}


def _credits(entries):
    """{(person, batch, last month of the period): InterestCredit}; of a batch of interest there may be several."""
    periods = {entry.period for entry in entries if entry.kind in (*INTEREST, Kind.REVERSAL)}
    found = InterestCredit.objects.filter(
        person_id__in={entry.person_id for entry in entries},
        scheme__in={entry.scheme for entry in entries},
        period__in=periods,
    )
    return {(credit.person_id, credit.batch_id, credit.period): credit for credit in found}


def _corrections(entries):
    """{batch: Correction} of both batches of each correction that was posted."""
    posted = Correction.objects.posted().filter(person__in={entry.person_id for entry in entries})
    return {batch: each for each in posted for batch in (each.undo_batch_id, each.right_batch_id) if batch}


def _reversals(entries):
    """({undone entry's key: undoing entry's key}, {(person, batch, line) of the undoing entry: undone entry's key})."""
    reversed_by, undoes = {}, {}
    for reversal in Reversal.objects.filter(person_id__in={entry.person_id for entry in entries}):
        undoes[reversal.person_id, reversal.by_batch_id, reversal.by_line] = reversal.pk
        reversed_by[reversal.pk] = (
            reversal.person_id,
            reversal.by_booked_month,
            reversal.scheme,
            reversal.area_code,
            Kind.REVERSAL.value,
            reversal.by_batch_id,
            reversal.by_line,
        )
    return reversed_by, undoes
