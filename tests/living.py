"""Rows of a life for the tests: benefits, treatment, transfers, role data of a member of the cast; by the job role."""

import itertools
from datetime import date
from decimal import Decimal

from accounts.models import BenefitPayment, Spending, Transfer, TransferEvent
from registry.models import (
    Agency,
    Disability,
    Employer,
    EmploymentSpell,
    InsuredPerson,
    OccupationalDisease,
    SourceState,
    UnemploymentRegistration,
    VocationalSkill,
    WorkInjury,
)
from registry.roles import acting_as
from tests.cast import BEIJING, HARBOUR

numbers = itertools.count(1)


def person_of(member):
    return InsuredPerson.objects.with_number("citizen", member.number).get()


def refuse(*kinds):
    """The last file of every source of these kinds stands refused."""
    with acting_as("job"):
        SourceState.objects.filter(kind__in=kinds).update(refused_at="2026-01-01T00:00:00Z")


def _add(model, rows):
    with acting_as("job"):
        model.objects.bulk_create([model(**row) for row in rows])


def _of_ledger(member, scheme, day):
    return {
        "person_id": person_of(member).pk,
        "booked_month": day.replace(day=1),
        "scheme": scheme,
        "line": next(numbers),
        "area_code": BEIJING,
        "batch_id": 1,
        "feed_file_id": 1,
        "feed_row": 2,
    }


def benefit(member, kind, scheme, day, pool="0.00", account="0.00", **changes):
    """One BenefitPayment paid on `day`; amounts in yuan."""
    row = _of_ledger(member, scheme, day) | {
        "payment_no": "LIVING",
        "kind": kind,
        "period": day.replace(day=1),
        "from_pool": Decimal(pool),
        "from_account": Decimal(account),
        "paid_on": day,
        "status": "paid",
    }
    _add(BenefitPayment, [row | changes])


def treated(member, day, pool="0.00", account="0.00", own="0.00", **changes):
    """One settlement on `day`, at Spruce Hospital; amounts in yuan."""
    parts = [Decimal(part) for part in (pool, account, own)]
    row = _of_ledger(member, "medical", day) | {
        "slip_no": "LIVING",
        "settlement_no": f"JS{next(numbers)}",
        "settled_on": day,
        "provider": "云杉医院",
        "visit": "outpatient",
        "relation": "self",
        "total": sum(parts),
        "from_pool": parts[0],
        "from_account": parts[1],
        "self_paid": parts[2],
    }
    _add(Spending, [row | changes])


def moved(member, *steps, scheme="pension", direction="in", other="成都市", account="0.00", pooled="0.00", **more):
    """A move told by Beijing: (state, day) of each of its steps, the last one being the present state."""
    own = {
        "person_id": person_of(member).pk,
        "scheme": scheme,
        "area_code": BEIJING,
        "direction": direction,
        "application_no": "ZY1",
        "other_area": other,
        "account_amount": Decimal(account),
        "pooled_amount": Decimal(pooled),
    } | more
    of_file = {"feed_file_id": 1, "feed_row": 2}
    _add(TransferEvent, [own | of_file | {"state": state, "reached_on": day} for state, day in steps])
    _add(Transfer, [own | {"state": steps[-1][0], "state_since": steps[-1][1]}])


def _of_register(member, number):
    return {"person": person_of(member), "reference_no": number}


def unemployed(member, day, ended=None, granted=0, used=0, reason="合同到期终止"):
    number = f"SY{next(numbers)}"
    facts = {"registered_on": day, "ended_on": ended, "months_granted": granted, "months_used": used}
    _add(UnemploymentRegistration, [_of_register(member, number) | facts | {"area_id": BEIJING, "reason": reason}])


def skilled(member, occupation="信息安全测试员", level="二级/技师"):
    issued = {"issuer": "示范职业技能评价中心", "issued_on": date(2020, 9, 10)}
    _add(VocationalSkill, [_of_register(member, "99S1") | issued | {"occupation": occupation, "level": level}])


def injured(member, day=date(2024, 5, 6), grade=8):
    employer = Employer.objects.get(credit_code=HARBOUR)
    facts = {"employer": employer, "injured_on": day, "recognised_on": day, "grade": grade}
    _add(WorkInjury, [_of_register(member, f"GS{next(numbers)}") | facts])


def diseased(member, name="职业性噪声聋"):
    _add(OccupationalDisease, [_of_register(member, "ZB1") | {"name": name, "diagnosed_on": date(2024, 6, 7)}])


def disabled(member, kind="听力", grade=3):
    facts = {"kind": kind, "grade": grade, "certified_on": date(2024, 7, 8)}
    _add(Disability, [_of_register(member, "CJ1") | facts])


def worked(member, started, ended=None, occupation="职员"):
    facts = {"started_on": started, "ended_on": ended, "occupation": occupation, "stated_by": "employer"}
    _add(
        EmploymentSpell,
        [{"person": person_of(member), "employer": Employer.objects.get(credit_code=HARBOUR)} | facts],
    )


def agency_of(family, area=BEIJING):
    return Agency.objects.get(family=family, area=area)
