"""The months of an enrolment, read from its events and its present status."""

from datetime import date

import pytest

from contributions.standings import Standing, insured_stretches
from registry.models import Enrolment, EnrolmentEvent

Kind, Status = EnrolmentEvent.Kind, Enrolment.Status
FIRST = date(2020, 3, 16)


def m(text):
    year, number = text.split("-")
    return date(int(year), int(number), 1)


def enrolment(status, since):
    return Enrolment(status=status, status_since=m(since), first_insured_on=FIRST)


@pytest.mark.parametrize(
    ("status", "since", "events", "stretches"),
    [
        pytest.param(Status.ACTIVE, "2020-03", [], [("2020-03", None)], id="active, no events"),
        pytest.param(Status.ACTIVE, "2020-03", [(Kind.ENROL, "2020-03")], [("2020-03", None)], id="active"),
        pytest.param(
            Status.ACTIVE,
            "2023-01",
            [(Kind.ENROL, "2020-03"), (Kind.STOP, "2022-07"), (Kind.RESUME, "2023-01")],
            [("2020-03", "2022-07"), ("2023-01", None)],
            id="suspended for half a year",
        ),
        pytest.param(
            Status.ACTIVE, "2023-01", [(Kind.STOP, "2022-07")], [("2020-03", "2022-07"), ("2023-01", None)], id="back"
        ),
        pytest.param(Status.SUSPENDED, "2022-07", [], [("2020-03", "2022-07")], id="suspended, no events"),
        pytest.param(
            Status.SUSPENDED, "2022-07", [(Kind.STOP, "2022-09")], [("2020-03", "2022-07")], id="status goes before"
        ),
        pytest.param(Status.RETIRED, "2020-03", [], [], id="retired from the beginning"),
        pytest.param(
            Status.RETIRED, "2024-01", [(Kind.RETIRE, "2024-01")], [("2020-03", "2024-01")], id="retired later"
        ),
        pytest.param(
            Status.TERMINATED,
            "2023-02",
            [(Kind.TRANSFER_OUT, "2023-02"), (Kind.TERMINATE, "2023-02")],
            [("2020-03", "2023-02")],
            id="moved away",
        ),
        pytest.param(
            Status.ACTIVE,
            "2020-03",
            [(Kind.BASE_CHANGE, "2021-07")],
            [("2020-03", None)],
            id="other events change nothing",
        ),
    ],
)
def test_the_stretches_insured(status, since, events, stretches):
    found = insured_stretches(enrolment(status, since), [(kind, m(month)) for kind, month in events])
    assert found == tuple((m(a), b and m(b)) for a, b in stretches)


def test_a_stop_names_the_first_month_no_longer_insured():
    row = enrolment(Status.SUSPENDED, "2022-07")
    standing = Standing(row, insured_stretches(row, [(Kind.STOP, m("2022-07"))]))
    assert standing.insures(m("2022-06"))
    assert not standing.insures(m("2022-07"))
    assert standing.insures(m("2020-03"))
    assert not standing.insures(m("2020-02"))


def test_retirement_begins_with_the_status():
    row = enrolment(Status.RETIRED, "2024-01")
    standing = Standing(row, insured_stretches(row, []))
    assert (standing.has_retired(m("2024-01")), standing.has_retired(m("2023-12"))) == (True, False)
    assert Standing(enrolment(Status.SUSPENDED, "2024-01"), ()).retired_since is None
