"""Feed files that are staged already: rows go straight into the typed table, then through the kind's checks and store.

What stands before that (reading, words, identity numbers) has its own tests; here the records and the ledger count.
All of it runs as the job role inside the test's transaction.
"""

import os
from datetime import date
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone

from accounts.feed import KINDS
from accounts.models import Account, Batch, Entry, FundEntry
from contributions.models import ContributionRule
from contributions.rates import split
from registry.feed.staging import create_tables
from registry.insurance import FAMILY_OF, INSURANCE_OF
from registry.models import Agency, Area, Employer, FeedFile, InsuredPerson
from registry.roles import acting_as

KIND = {kind.name: kind for kind in KINDS}
AREA, OTHER_AREA = "990100", "990200"
OCTOBER = date(2026, 10, 1)
AGENCIES = {"human_resources": "T-SI", "medical_security": "T-MI", "tax": "T-TX"}


class Refused(Exception):
    """The rejects of a file that was not stored."""

    def __init__(self, rejects):
        super().__init__(str(rejects))
        self.rejects = rejects


def make_places():
    """Two pooling areas without rules of their own, and the three offices."""
    with acting_as("job"):
        for code in (AREA, OTHER_AREA):
            Area.objects.create(code=code, name=f"Area {code}", is_pooling_area=True)
        for family, code in AGENCIES.items():
            Agency.objects.create(code=code, name=code, family=family, area_id=AREA)


def make_person(name="Testee"):
    with acting_as("job"):
        return InsuredPerson.objects.create(name=name, birth_date=date(1990, 1, 1), sex="F").pk


def make_employer(name="Works", risk_class=2):
    with acting_as("job"):
        return Employer.objects.create(name=name, area_id=AREA, risk_class=risk_class).pk


def record_keeper(scheme):
    return AGENCIES[FAMILY_OF[INSURANCE_OF[scheme]]]


def due(base, month=OCTOBER, scheme="pension", category="employee", risk_class=None):
    """What the rule in force takes of a base: Shares."""
    rule = ContributionRule.objects.in_force(AREA, scheme, category, month, risk_class)
    return split(Decimal(base), rule)


def contribution(person, slip_no="S1", line=1, scheme="pension", base="8000.00", month=OCTOBER, **changes):
    """The part that employers' and persons' lines share; shares as due, unless given."""
    return {
        "person_id": person,
        "slip_no": slip_no,
        "line": line,
        "agency_code": record_keeper(scheme),
        "scheme": scheme,
        "area_code": AREA,
        "category": "employee",
        "period": month,
        "booked_month": month,
        "kind": "normal",
        "base": Decimal(base),
        "late_fee": Decimal(0),
        "received_on": month.replace(day=20),
    } | changes


def employer_line(person, employer, **changes):
    line = contribution(person, **changes) | {"employer_id": employer}
    if not {"er_share", "ind_share"} <= changes.keys():
        risk_class = 2 if line["scheme"] == "work_injury" else None
        shares = due(line["base"], line["period"], line["scheme"], line["category"], risk_class)
        line = {"er_share": shares.er, "ind_share": shares.ind} | line
    return line


def personal_line(person, **changes):
    line = contribution(person, **({"category": "flexible"} | changes)) | {
        "source_area": changes.get("source_area", "")
    }
    if "ind_share" not in changes:
        line["ind_share"] = due(line["base"], line["period"], line["scheme"], line["category"]).ind
    return line


def subsidy_line(person, subsidy="60.00", scheme="pension_resident", month=OCTOBER, **changes):
    return {
        "person_id": person,
        "slip_no": "G1",
        "line": 1,
        "agency_code": record_keeper(scheme),
        "scheme": scheme,
        "area_code": AREA,
        "period": month,
        "booked_month": month,
        "payer_level": "city",
        "subsidy": Decimal(subsidy),
        "received_on": month,
    } | changes


def opening_line(person, amount="1000.00", scheme="pension", month=OCTOBER, **changes):
    return {
        "person_id": person,
        "slip_no": "O1",
        "line": 1,
        "scheme": scheme,
        "area_code": AREA,
        "booked_month": month,
        "kind": "opening",
        "amount": Decimal(amount),
        "pooled_amount": Decimal(0),
        "source_area": "Old records",
    } | changes


def benefit_line(person, from_pool="0.00", from_account="0.00", scheme="pension", month=OCTOBER, **changes):
    return {
        "person_id": person,
        "payment_no": "Y1",
        "line": 1,
        "agency_code": record_keeper(scheme),
        "scheme": scheme,
        "area_code": AREA,
        "kind": "pension",
        "period": month,
        "booked_month": month,
        "from_pool": Decimal(from_pool),
        "from_account": Decimal(from_account),
        "paid_on": month.replace(day=15),
        "bank_last_four": "8765",
        "status": "paid",
        "decision_no": "D1",
    } | changes


def assessment_line(person, employer, base="8000.00", month=OCTOBER, **changes):
    shares = due(base, month)
    return {
        "person_id": person,
        "assessment_no": "A1",
        "line": 1,
        "agency_code": AGENCIES["tax"],
        "employer_id": employer,
        "scheme": "pension",
        "area_code": AREA,
        "category": "employee",
        "period": month,
        "declared_wage": Decimal(base),
        "base": Decimal(base),
        "er_share": shares.er,
        "ind_share": shares.ind,
        "due_on": month.replace(day=15),
    } | changes


def movement_line(person, amount="140.00", kind="pool_allocation", scheme="medical", month=OCTOBER, **changes):
    return {
        "person_id": person,
        "slip_no": "M1",
        "line": 1,
        "agency_code": record_keeper(scheme),
        "scheme": scheme,
        "area_code": AREA,
        "kind": kind,
        "period": month,
        "booked_month": month,
        "amount": Decimal(amount),
        "pooled_amount": Decimal(0),
        "reason": "",
        "document_no": "",
    } | changes


def spending_line(person, from_account="50.00", from_pool="0.00", self_paid="0.00", month=OCTOBER, **changes):
    """A settlement whose parts add up, unless `total` is given."""
    parts = [Decimal(part) for part in (from_pool, from_account, self_paid)]
    return {
        "person_id": person,
        "slip_no": "P1",
        "line": 1,
        "agency_code": record_keeper("medical"),
        "scheme": "medical",
        "area_code": AREA,
        "settlement_no": f"JS{changes.get('line', 1)}",
        "settled_on": month.replace(day=9),
        "booked_month": month,
        "provider": "Spruce Hospital",
        "visit": "outpatient",
        "relation": "self",
        "total": sum(parts),
        "from_pool": parts[0],
        "from_account": parts[1],
        "self_paid": parts[2],
    } | changes


def closure_line(person, amount="0.00", reason="settled_abroad", scheme="pension", month=OCTOBER, **changes):
    return {
        "person_id": person,
        "slip_no": "C1",
        "line": 1,
        "agency_code": record_keeper(scheme),
        "scheme": scheme,
        "area_code": AREA,
        "reason": reason,
        "period": month,
        "booked_month": month,
        "payee": "child" if reason == "death" else "self",
        "document_no": "ZJ1",
        "amount": Decimal(amount),
        "note": "",
    } | changes


def transfer_line(person, state="applied", direction="in", scheme="pension", day=OCTOBER, **changes):
    return {
        "person_id": person,
        "application_no": "ZY1",
        "agency_code": record_keeper(scheme),
        "scheme": scheme,
        "area_code": AREA,
        "direction": direction,
        "other_area": "Elsewhere",
        "state": state,
        "reached_on": day,
        "account_amount": Decimal(0),
        "pooled_amount": Decimal(0),
        "reason": "",
    } | changes


def load(kind_name, rows, name="test.csv"):
    """Store the rows as one file and return Stored, or raise Refused; nothing of a refused file stays."""
    kind = KIND[kind_name]
    with acting_as("job"), transaction.atomic(), connection.cursor() as cursor:
        create_tables(cursor, kind, may_hold_rows=True)
        for number, row in enumerate(rows, 2):
            columns = {"row": number} | row
            places = ", ".join(["%s"] * len(columns))
            statement = f"INSERT INTO {kind.typed_table} ({', '.join(columns)}) VALUES ({places})"
            cursor.execute(statement, list(columns.values()))
        rejects = [reject for check in kind.checks for reject in check(cursor, kind.typed_table)]
        if rejects:
            raise Refused(rejects)
        file = FeedFile(digest=os.urandom(32), name=name, kind=kind_name, state="loaded", lines=len(rows))
        cursor.execute("SELECT nextval(pg_get_serial_sequence('registry_feedfile', 'id'))")
        file.pk = cursor.fetchone()[0]
        stored = kind.store(cursor, kind.typed_table, file.pk)
        file.added, file.already_there, file.loaded_at = stored.added, stored.already_there, timezone.now()
        file.total = sum((Decimal(row[column]) for row in rows for column in kind.amounts), Decimal(0))
        file.save(force_insert=True)
    return stored


def balance(person, scheme="pension", area=AREA):
    """The balance in yuan, or None where there is no account."""
    account = Account.objects.filter(person_id=person, scheme=scheme, area_code=area).first()
    return account and account.balance


def entries(person):
    """[(kind, amount)] of a person's entries, oldest first."""
    found = Entry.objects.filter(person_id=person).order_by("booked_month", "batch_id", "kind", "line")
    return [(entry.kind, entry.amount) for entry in found]


def fund(batch):
    """{kind of fund account: amount} of a batch."""
    found = FundEntry.objects.filter(batch_id=batch.pk).select_related("fund_account")
    return {entry.fund_account.kind: entry.amount for entry in found}


def batches(**conditions):
    """The batches booked in the two test areas, in the order they were made."""
    return list(Batch.objects.filter(area_code__in=(AREA, OTHER_AREA), **conditions).order_by("pk"))
