"""What is read outside an inquiry: one person's id by the exact number, and of somebody who signs in, her own data."""

from dataclasses import dataclass, field
from datetime import date

from django.db import connection

from registry.encryption import decrypt
from registry.models import Identifier


@dataclass(frozen=True)
class OwnData:
    """What the register has of a user herself that a password must not be made of; all empty for staff and agents."""

    birth_date: date | None = None
    name: str = ""
    phone: str = ""
    numbers: list = field(default_factory=list)


def own_data(user):
    """The OwnData of the insured person who signs in as `user`."""
    if user.person_id is None:
        return OwnData()
    with connection.cursor() as cursor:
        cursor.execute("SELECT birth_date, name, phone, numbers FROM own_data(%s::text)", [user.login_key])
        birth_date, name, phone, numbers = cursor.fetchone()
    return OwnData(birth_date, name, decrypt(phone) if phone else "", [decrypt(number) for number in numbers])


def person_with_number(id_type, number):
    """The id of the canonical person who bears this (checked, compact) identity number; None where nobody does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_with_number(%s::text, %s::bytea)", [id_type, Identifier.hash_of(id_type, number)])
        return cursor.fetchone()[0]
