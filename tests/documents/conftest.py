"""An employer with lines of every state, and its neighbour; written by the job role, since no page can."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contributions.models import Assessment, Contribution
from inquiries.models import EmployerAgent, User
from registry.encryption import encrypt
from registry.models import Area, Employer, Identifier, InsuredPerson, UnitNumber
from registry.months import add_months, month_of
from tests import visitors
from tests.cast import BEIJING, MEDICAL, SOCIAL, TAX, citizen_number, credit_code

TODAY = timezone.localdate()
NOW = month_of(TODAY)
MONTH = add_months(NOW, -2)
BIRTH = date(1990, 6, 1)
CENT = Decimal("0.01")


@dataclass
class Works:
    """One employer whose rows a test writes; every row is one of 16 % and 8 % of its base."""

    employer: Employer

    def assess(self, person, base="5000.00", month=MONTH, scheme="pension", **facts):
        return Assessment.objects.create(**self._row(person, base, month, scheme, "A", facts | self._due(facts, month)))

    def receive(self, person, base="5000.00", month=MONTH, scheme="pension", kind="normal", **facts):
        facts = {"booked_month": month, "received_on": month + timedelta(days=9), "late_fee": "0.00"} | facts
        facts |= {"kind": kind, "to_account": "0.00", "batch_id": 1}
        return Contribution.objects.create(**self._row(person, base, month, scheme, "S", facts))

    @staticmethod
    def _due(facts, month):
        due_on = facts.get("due_on", month + timedelta(days=14))
        return {"due_on": due_on, "due_month": month_of(due_on)}

    def _row(self, person, base, month, scheme, letter, facts):
        number = f"{letter}{self.employer.pk}-{month:%Y%m}-{scheme}-{facts.get('kind', '')}"
        base = Decimal(base)
        return {
            "person_id": person.pk,
            "scheme": scheme,
            "area_code": BEIJING,
            "period": month,
            "employer_id": self.employer.pk,
            "category": "employee",
            "base": base,
            "er_share": (base * Decimal("0.16")).quantize(CENT),
            "ind_share": (base * Decimal("0.08")).quantize(CENT),
            "assessment_no" if letter == "A" else "slip_no": number,
            "line": person.pk,
            "feed_file_id": 1,
            "feed_row": 1,
        } | facts


def make_works(name, sequence):
    employer = Employer.objects.create(name=name, credit_code=credit_code(sequence), area=Area(BEIJING))
    for office in (SOCIAL, MEDICAL, TAX):
        UnitNumber.objects.create(employer=employer, agency_id=f"{office}{BEIJING}", unit_no=f"W{sequence}{office}")
    return Works(employer)


def make_person(name, sequence, **facts):
    person = InsuredPerson.objects.create(name=name, birth_date=BIRTH, sex="F", **facts)
    number = citizen_number(BIRTH, sequence)
    Identifier.objects.create(
        person=person, id_type="citizen", number_hash=Identifier.hash_of("citizen", number),
        number_encrypted=encrypt(number),
    )  # fmt: skip
    return person


@pytest.fixture
def works(db, as_job):
    """Lighthouse Electric, without a line."""
    with as_job():
        return make_works("灯塔电器有限公司", 71)


@pytest.fixture
def neighbour(db, as_job):
    with as_job():
        return make_works("邻家五金厂", 72)


@pytest.fixture
def client_of(db, as_job):
    """`client_of(works, …)`: a browser in which an agent of these employers has signed in and chosen the first."""

    def sign_in(*all_works):
        user = User.objects.create(kind="employer", login_key=f"employer:{all_works[0].employer.pk}", name="秦经办")
        with as_job():
            for works in all_works:
                EmployerAgent.objects.create(user=user, employer=works.employer, since=date(2020, 1, 1))
        client = Client()
        visitors.let_in(client, user)
        client.user = user
        client.post(reverse("choose_employer"), {"unit": all_works[0].employer.credit_code})
        return client

    return sign_in
