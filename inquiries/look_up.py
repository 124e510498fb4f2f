"""The look-up of one person by the exact number, before there is an inquiry: the only way to anybody outside one."""

from django.db import connection

from registry.models import Identifier


def person_with_number(id_type, number):
    """The id of the canonical person who bears this (checked, compact) identity number; None where nobody does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_with_number(%s::text, %s::bytea)", [id_type, Identifier.hash_of(id_type, number)])
        return cursor.fetchone()[0]
