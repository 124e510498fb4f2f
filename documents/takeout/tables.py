"""The tables of a person's record: what goes into the file, as plain values in a fixed order.

A row is a dict of texts, whole numbers, true or false, and None. Money and rates are texts with their places, days
`YYYY-MM-DD`, moments UTC with microseconds, bytes hexadecimal, lists texts with blanks between. Nothing depends on the
clock: the same record gives the same values.
"""

from datetime import UTC, date, datetime
from decimal import Decimal

from accounts.canonical import ENTRY_KEY
from accounts.models import (
    Account,
    Batch,
    BenefitPayment,
    Closure,
    Correction,
    CorrectionLine,
    Entry,
    InterestCredit,
    InterestTerms,
    Movement,
    Reversal,
    Seal,
    SealedLeaf,
    Spending,
    Statement,
    Takeover,
    Transfer,
    TransferEvent,
)
from accounts.seals import tree_of
from contributions.models import Contribution, ContributionRule, CreditingRate, InterestMethod
from contributions.models.dated import DatedRule
from registry.identity import masked
from registry.models import Area, Employer, FeedFile

FORMAT, VERSION = "social-security-record", 1
KEY = ("person_id", *ENTRY_KEY)
# Table: the model, its columns in their order, and the columns that order its rows.
OF_PERSON = {
    "accounts": (
        Account,
        "person_id scheme area_code status opened_month closed_month last_booked_month year current_year prior_years "
        "balance",
        "person_id scheme area_code",
    ),
    "entries": (
        Entry,
        "person_id booked_month scheme area_code kind batch_id line period amount rule_id feed_row",
        "person_id booked_month batch_id scheme area_code kind line",
    ),
    "reversals": (
        Reversal,
        "person_id booked_month scheme area_code kind batch_id line by_booked_month by_batch_id by_line",
        "person_id by_batch_id by_line",
    ),
    "contributions": (
        Contribution,
        "person_id booked_month scheme slip_no line area_code period employer_id category kind payer_level base "
        "er_share ind_share subsidy late_fee to_account received_on source_area rule_id batch_id feed_file_id feed_row",
        "person_id booked_month scheme slip_no line",
    ),
    "takeovers": (
        Takeover,
        "person_id booked_month scheme slip_no line area_code kind amount pooled_amount source_area batch_id "
        "feed_file_id feed_row",
        "person_id booked_month scheme slip_no line",
    ),
    "benefits": (
        BenefitPayment,
        "person_id booked_month scheme payment_no line area_code kind period from_pool from_account paid_on status "
        "decision_no batch_id feed_file_id feed_row",
        "person_id booked_month scheme payment_no line",
    ),
    "movements": (
        Movement,
        "person_id booked_month scheme slip_no line area_code kind period amount pooled_amount reason document_no "
        "batch_id feed_file_id feed_row",
        "person_id booked_month scheme slip_no line",
    ),
    "spending": (
        Spending,
        "person_id booked_month scheme slip_no line area_code settlement_no settled_on provider visit relation total "
        "from_pool from_account self_paid batch_id feed_file_id feed_row",
        "person_id booked_month scheme slip_no line",
    ),
    "closures": (
        Closure,
        "person_id booked_month scheme slip_no line area_code reason period payee document_no amount note batch_id "
        "feed_file_id feed_row",
        "person_id booked_month scheme slip_no line",
    ),
    "transfers": (
        Transfer,
        "person_id scheme area_code direction application_no other_area state state_since account_amount pooled_amount "
        "reason",
        "person_id scheme area_code direction application_no",
    ),
    "transfer_steps": (
        TransferEvent,
        "person_id scheme area_code direction application_no state other_area reached_on account_amount pooled_amount "
        "reason feed_file_id feed_row",
        "person_id scheme area_code direction application_no reached_on feed_file_id feed_row",
    ),
    "interest_credits": (
        InterestCredit,
        "person_id period scheme area_code batch_id booked_month opening carried credits credit_product payouts "
        "payout_product on_opening on_credits removed",
        "person_id scheme area_code period batch_id",
    ),
    "statements": (
        Statement,
        "person_id period scheme area_code opening own employer subsidy pool_allocation transferred_in taken_over "
        "corrected interest earlier_interest paid_out closing months",
        "person_id scheme area_code period",
    ),
    "corrections": (
        Correction,
        "id person_id scheme area_code reason document_ref asked_at decided_at ended_at undo_batch_id right_batch_id",
        "id",
    ),
}
# Of these only what stands in the books: a request that waits or was refused is a matter of the office.
ONLY = {"corrections": {"outcome": Correction.Outcome.POSTED}}
LINES = "correction_id number what kind period amount booked_month batch_id entry_line"
# What those rows name, by id: the model, its columns, and (table, column) that name it.
NAMED = {
    "batches": (
        Batch,
        "id kind scheme area_code booked_month source_ref posted_at feed_file_id",
        [("entries", "batch_id"), ("interest_credits", "batch_id")],
    ),
    "interest_terms": (
        InterestTerms,
        "batch_id scheme area_code first_month period current_rates prior_rates is_split method payout_method "
        "yearly_factor rounding_mode is_provisional is_closing rate_ids method_id",
        [("batches", "id")],
    ),
    "interest_rates": (
        CreditingRate,
        "id key version area_code scheme bucket period rate credits_per_year source confirmed origin",
        [("interest_terms", "rate_ids")],
    ),
    "interest_methods": (
        InterestMethod,
        "id key version area_code scheme period method payout_method yearly_factor rounding_mode source confirmed "
        "origin",
        [("interest_terms", "method_id")],
    ),
    "rules": (
        ContributionRule,
        "id key version area_code scheme category risk_class period er_rate ind_rate er_to_account ind_to_account "
        "subsidy_to_account pool_quota rounding_mode source confirmed origin",
        [("contributions", "rule_id"), ("entries", "rule_id")],
    ),
    "employers": (Employer, "id name credit_code", [("contributions", "employer_id")]),
    "files": (
        FeedFile,
        "id name kind loaded_at digest",
        [(table, "feed_file_id") for table in ("batches", "contributions", "takeovers", "benefits", "movements")]
        + [(table, "feed_file_id") for table in ("spending", "closures", "transfer_steps")],
    ),
}
SEAL = "day version algorithm entries batches first_posted_at last_posted_at sealed_at root previous hash"
RENAMED = {"digest": "sha256"}


def record_of(person):
    """The record of an InsuredPerson (the canonical one), with the rows kept under merged duplicates.

    Returns {"format", "version", "person", "tables": {name: (columns, rows)}}; of others it holds nothing but the
    names of employers and areas.
    """
    tables = {}
    for name, (model, columns, order) in OF_PERSON.items():
        found = model.objects.filter(person_id__in=person.record_ids, **ONLY.get(name, {}))
        tables[name] = _table(found.order_by(*order.split()), columns)
    for name, (model, columns, naming) in NAMED.items():
        found = model.objects.filter(pk__in=_named(tables, naming)).order_by("pk")
        tables[name] = _table(found, columns)
    lines = CorrectionLine.objects.filter(correction_id__in=_named(tables, [("corrections", "id")]))
    tables["correction_lines"] = _table(lines.order_by("correction_id", "number"), LINES)
    codes = {row["area_code"] for name in OF_PERSON for row in tables[name][1] if "area_code" in row}
    tables["areas"] = _table(Area.objects.filter(code__in=codes).order_by("code"), "code name")
    tables["leaves"], tables["seals"] = _sealed(person)
    return {"format": FORMAT, "version": VERSION, "person": _person(person), "tables": tables}


def _named(tables, naming):
    """The ids in the columns (table, column); a column may hold several, with blanks between."""
    held = (row[column] for table, column in naming for row in tables[table][1])
    return {int(part) for value in held if value is not None for part in str(value).split()}


def _person(person):
    number = person.identifiers.filter(is_main=True).first()
    return {
        "id": person.pk,
        "record_ids": sorted(person.record_ids),
        "name": person.name,
        "birth_date": person.birth_date.isoformat(),
        "number": masked(number.number) if number else None,
    }


def _table(rows, columns):
    """(column names, rows as dicts) of a queryset; a period becomes its two ends."""
    names = columns.split()
    found = [{RENAMED.get(name, name): value for name, value in row.items()} for row in rows.values(*names)]
    shown = [RENAMED.get(name, name) for name in names]
    if "period" in names and issubclass(rows.model, DatedRule):
        place = shown.index("period")
        shown[place : place + 1] = ["since", "until"]
        for row in found:
            period = row.pop("period")
            row |= {"since": period.lower, "until": period.upper}
    return shown, [{name: _plain(row[name]) for name in shown} for row in found]


def _sealed(person):
    """The leaves of the person's entries with their paths, and the seals from the first of their days to the last."""
    leaves = list(SealedLeaf.objects.filter(person_id__in=person.record_ids).order_by("person_id", "person_seq"))
    columns = ["person_id", "person_seq", "day", "position", *ENTRY_KEY, "salt", "leaf", "path"]
    if not leaves:
        return (columns, []), (SEAL.split(), [])
    seals = Seal.objects.filter(day__gte=min(leaf.day for leaf in leaves)).order_by("day")
    paths = {}
    for seal in seals.filter(day__in={leaf.day for leaf in leaves}):
        tree = tree_of(seal)
        for leaf in leaves:
            if leaf.day == seal.day:
                paths[leaf.pk] = " ".join(digest.hex() for digest in tree.path(leaf.position))
    rows = [
        {name: paths[leaf.pk] if name == "path" else _plain(getattr(leaf, name)) for name in columns} for leaf in leaves
    ]
    return (columns, rows), _table(seals, SEAL)


def _plain(value):
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return " ".join(str(_plain(part)) for part in value)
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else value
