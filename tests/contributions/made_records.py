"""A made-up register and made-up payments in the test areas of tests/staged.py, put straight into the tables."""

from datetime import date
from decimal import Decimal

from contributions.models import Contribution
from registry.insurance import FAMILY_OF, INSURANCE_OF
from registry.models import Agency, Enrolment, EnrolmentEvent, SourceState
from registry.months import add_months, each_month
from registry.roles import acting_as
from tests.staged import AGENCIES, AREA, OTHER_AREA

TODAY = date(2026, 11, 21)
COMPLETE_TO = date(2026, 10, 1)


def enrol(person, scheme="pension", area=AREA, first=date(2024, 1, 1), **changes):
    """An enrolment, active since its first month unless said otherwise."""
    values = {"category": "employee", "status": "active", "status_since": first} | changes
    with acting_as("job"):
        return Enrolment.objects.create(
            person_id=person,
            scheme=scheme,
            area_id=area,
            agency_id=AGENCIES[FAMILY_OF[INSURANCE_OF[scheme]]],
            first_insured_on=first,
            registered_on=first,
            **values,
        )


def happened(enrolment, kind, month, **changes):
    with acting_as("job"):
        number = f"E{EnrolmentEvent.objects.filter(enrolment=enrolment).count() + 1}"
        return EnrolmentEvent.objects.create(
            enrolment=enrolment,
            event_no=number,
            kind=kind,
            effective_month=month,
            recorded_on=month,
            source="employer",
            **changes,
        )


def delivered(area=AREA, complete_to=COMPLETE_TO, agency=None, **changes):
    """The sources of contributions of an area, those of both families or of one agency, reach to a month."""
    both = [AGENCIES["human_resources"], AGENCIES["medical_security"]]
    with acting_as("job"):
        for code in [agency.code] if agency else both:
            SourceState.objects.create(
                agency_id=code,
                area_id=area,
                kind="contributions",
                complete_to=complete_to,
                received_on=TODAY,
                **changes,
            )


def another_office(area=OTHER_AREA):
    """An office of its own for another area, so that its source can lag behind."""
    with acting_as("job"):
        return Agency.objects.create(code=f"T-SI-{area}", name="Elsewhere", family="human_resources", area_id=area)


def paid(person, since, until, employer=None, scheme="pension", area=AREA, **changes):
    """A contribution for each month [since, until), booked in the month itself; no entries are posted."""
    rows = [
        Contribution(
            person_id=person,
            scheme=scheme,
            slip_no=f"M{month:%Y%m}{employer or ''}{area}{changes.get('kind', '')}",
            line=1,
            area_code=area,
            period=month,
            employer_id=employer,
            **(_values(month) | changes),
        )
        for month in each_month(since, until)
    ]
    with acting_as("job"):
        Contribution.objects.bulk_create(rows)


def _values(month):
    return {
        "booked_month": month,
        "category": "employee",
        "kind": "normal",
        "base": Decimal("8000.00"),
        "er_share": Decimal("1280.00"),
        "ind_share": Decimal("640.00"),
        "to_account": Decimal("640.00"),
        "received_on": month.replace(day=20),
        "batch_id": 1,
        "feed_file_id": 1,
        "feed_row": 1,
    }


def months_back(count):
    return add_months(COMPLETE_TO, -count)
