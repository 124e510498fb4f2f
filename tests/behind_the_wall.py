"""What the tests of the second wall share: the web role with an inquiry named, and a row of every table behind it."""

import secrets
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal

from django.apps import apps
from django.db import connection, models, transaction
from django.utils import timezone

from accounts.models import CorrectionLine
from inquiries.models import Inquiry, User
from portal import walls
from registry.models import InsuredPerson
from registry.roles import acting_as

TABLES = [(app, name) for app, named in walls.WALLS.items() for name in named]


def ids_of(member):
    """The ids under which records of a member of the cast are kept."""
    return InsuredPerson.objects.with_number("citizen", member.number).get().record_ids


def inquiry_of(member=None, *, employer_id=None, capacity="self", minutes=30, **facts):
    """An inquiry as the door would open it; its token."""
    user = User.objects.filter(kind={"self": "person", "agent": "employer"}.get(capacity, "staff")).first()
    now = timezone.now()
    return Inquiry.objects.create(
        token=secrets.token_urlsafe(32),
        user=user,
        channel="web",
        capacity=capacity,
        purpose="own_record",
        legal_basis="-",
        reference="T-1" if capacity in ("operator", "auditor") else "",
        person_id=ids_of(member)[0] if member else None,
        employer_id=employer_id,
        opened_at=now,
        expires_at=now + timedelta(minutes=minutes),
        **facts,
    ).token


@contextmanager
def web(token=None):
    """The web role's own transaction, and in it the setting that the door makes; gives a cursor."""
    with transaction.atomic(), acting_as("web"), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.inquiry', %s, true)", [token or ""])
        yield cursor


@contextmanager
def somebody_who_owns_the_server():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE; SET LOCAL session_replication_role = replica")
        yield cursor
        cursor.execute("SET LOCAL session_replication_role = origin; SET LOCAL ROLE portal_tests")


def ids_in(cursor, model, column="person_id"):
    """The values of a column in all rows of a table that the cursor's role sees, by plain SQL."""
    cursor.execute(f'SELECT "{column}" FROM "{model._meta.db_table}"')
    return [value for (value,) in cursor.fetchall()]


def owner_column(model):
    """The column that says whose a row is."""
    if model is InsuredPerson:
        return "id"
    columns = {field.column for field in model._meta.concrete_fields}
    return next(name for name in ("person_id", "enrolment_id", "correction_id") if name in columns)


def make_row_of_each(members):
    """Where the cast has no rows of a table, one plain row for each of these members: only whose it is matters here."""
    with somebody_who_owns_the_server():
        for app, name in TABLES:
            model = apps.get_model(app, name)
            column = owner_column(model)
            for number, member in enumerate(members, 1):
                mine = ids_of(member)
                if column not in ("id", "person_id"):
                    parent = model._meta.get_field(column.removesuffix("_id")).related_model
                    mine = list(parent.objects.filter(person__in=mine).values_list("pk", flat=True))
                if not model.objects.filter(**{f"{column}__in": mine}).exists():
                    model.objects.bulk_create([_row(model, column, mine[0], number)])


def _row(model, column, owner, number):
    values = {column: owner}
    for field in model._meta.concrete_fields:
        if field.column == column or field.generated or isinstance(field, models.AutoField) or field.null:
            continue
        if not field.blank and not field.has_default() and not field.has_db_default():
            values[field.attname] = _value(field, number)
    if model is CorrectionLine:
        values |= {"what": "right", "kind": "manual", "amount": Decimal("1.00")}
    return model(**values)


def _value(field, number):
    if field.choices:
        return field.choices[-1][0]
    kinds = {
        models.DateTimeField: timezone.now(),
        models.DateField: date(2026, 10, 1),
        models.DecimalField: Decimal("0.00"),
        models.BinaryField: bytes([number]) * 32,
        models.BooleanField: False,
        models.CharField: f"T{number}",
        models.IntegerField: number,
    }
    return next((value for kind, value in kinds.items() if isinstance(field, kind)), number)
