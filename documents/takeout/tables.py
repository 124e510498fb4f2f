"""The tables of a person's record: what goes into the file, as plain values in a fixed order.

A row is a dict of texts, whole numbers, true or false, and None. Money and rates are texts with their places, days
`YYYY-MM-DD`, moments UTC with microseconds, bytes hexadecimal. Nothing depends on the clock: the same record gives the
same values.
"""

from datetime import UTC, date, datetime
from decimal import Decimal

from accounts.canonical import ENTRY_KEY
from accounts.models import Account, Batch, BenefitPayment, Entry, Reversal, Seal, SealedLeaf, Takeover
from accounts.seals import tree_of
from contributions.models import Contribution, ContributionRule
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
}
# What those rows name, by id: the model, its columns, and (table, column) that name it.
NAMED = {
    "batches": (
        Batch,
        "id kind scheme area_code booked_month source_ref posted_at feed_file_id",
        [("entries", "batch_id")],
    ),
    "rules": (
        ContributionRule,
        "id key version area_code scheme category risk_class period er_rate ind_rate er_to_account ind_to_account "
        "subsidy_to_account rounding_mode source confirmed origin",
        [("contributions", "rule_id"), ("entries", "rule_id")],
    ),
    "employers": (Employer, "id name credit_code", [("contributions", "employer_id")]),
    "files": (
        FeedFile,
        "id name kind loaded_at digest",
        [(table, "feed_file_id") for table in ("batches", "contributions", "takeovers", "benefits")],
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
        found = model.objects.filter(person_id__in=person.record_ids).order_by(*order.split())
        tables[name] = _table(found, columns)
    for name, (model, columns, naming) in NAMED.items():
        ids = {row[column] for table, column in naming for row in tables[table][1]} - {None}
        tables[name] = _table(model.objects.filter(pk__in=ids).order_by("pk"), columns)
    codes = {row["area_code"] for table in ("accounts", "contributions") for row in tables[table][1]}
    tables["areas"] = _table(Area.objects.filter(code__in=codes).order_by("code"), "code name")
    tables["leaves"], tables["seals"] = _sealed(person)
    return {"format": FORMAT, "version": VERSION, "person": _person(person), "tables": tables}


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
    if "period" in names and rows.model is ContributionRule:
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
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else value
