"""Why did somebody look at my record? The person asks, the agency answers, and never whoever looked herself."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.insurance import AgencyFamily
from registry.models import Agency, Employer, InsuredPerson

from . import notices
from .models import AccessLog, Inquiry, LookQuestion, Notice

ANSWER_WORKING_DAYS = 10  # a service promise in the manner of Regulation 765, art. 6 and 10; no law sets it
SHOWN = 50


class NotAsked(ValueError):
    """There is no such look-up to ask about, or it was asked about already."""


class NotAnswered(ValueError):
    """The answer is refused; the message says why."""


def working_days_after(day, count):
    """The day that lies `count` working days (Monday to Friday) after `day`; public holidays are not left out."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def ask(person, act, text):
    """Keep the person's question about a look-up of hers, named by its act; NotAsked where it cannot be asked."""
    row = AccessLog.objects.filter(person_id__in=person.record_ids, act=act).first()
    if row is None or row.capacity == Inquiry.Capacity.SELF:
        raise NotAsked
    agency = _agency_of(row)
    if agency is None:
        raise NotAsked
    asked = LookQuestion(
        person=person,
        inquiry_id=row.inquiry_id,
        act=row.act,
        looked_at=row.at,
        page=row.page,
        kind=row.kind,
        agency=agency,
        office=row.office or _employer_name(row),
        text=text,
        due_on=working_days_after(timezone.localdate(), ANSWER_WORKING_DAYS),
    )
    try:
        with transaction.atomic():
            asked.save(force_insert=True)
    except IntegrityError:
        raise NotAsked from None
    return asked


def _agency_of(row):
    """Which agency answers: the one that looked; of an employer's look-up, the one that keeps the employer."""
    if row.agency_code:
        return Agency.objects.filter(pk=row.agency_code).first()
    if not row.employer_id:
        return None
    keeping = Agency.objects.filter(area__in=Employer.objects.filter(pk=row.employer_id).values("area"))
    return keeping.filter(family=AgencyFamily.HUMAN_RESOURCES).order_by("code").first()


def _employer_name(row):
    return Employer.objects.filter(pk=row.employer_id).values_list("name", flat=True).first() or ""


def questions_of(person):
    """The person's questions, newest first, each with the agency that answers."""
    asked = LookQuestion.objects.filter(person__in=person.record_ids).select_related("agency")
    return list(asked[:SHOWN])


@dataclass(frozen=True)
class Waiting:
    """How many questions an agency has still to answer, and the day by which the first one should be."""

    count: int
    first_due: date | None


def waiting_for(agency_id):
    """What waits for an answer of the agency, for a desk on which no inquiry is open. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT waiting, first_due FROM questions_counted(%s)", [agency_id])
        return Waiting(*cursor.fetchone())


class OpenQuestions:
    """The questions that an agency has to answer, most urgent first; `person_ids`: whose they are."""

    def __init__(self, agency_id):
        asked = LookQuestion.objects.filter(agency=agency_id, answer="").select_related("inquiry", "inquiry__employer")
        self.questions = list(asked.order_by("due_on", "pk")[:SHOWN])
        self.person_ids = [question.person_id for question in self.questions]
        names = dict(InsuredPerson.objects.filter(pk__in=self.person_ids).values_list("pk", "name"))
        for question in self.questions:
            question.name = names[question.person_id]


def answer(question_id, text, member):
    """Answer a question of the member's agency; NotAnswered where none is open, or it is about her own look-up."""
    question = (
        LookQuestion.objects.select_for_update(of=("self",), no_key=True)
        .select_related("inquiry", "person")
        .filter(pk=question_id, agency=member.agency_id, answer="")
        .first()
    )
    if question is None:
        raise NotAnswered(_("This question is answered already, or another agency's."))
    if question.inquiry.user_id == member.user_id:
        raise NotAnswered(_("You looked yourself, so somebody else answers."))
    question.answer, question.answered_by_id, question.answered_at = text, member.user_id, timezone.now()
    question.save(update_fields=["answer", "answered_by", "answered_at"])
    notices.tell(question.person, Notice.Kind.ANSWERED, case=question.number)
    return question
