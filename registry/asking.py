"""The questions of one page, sent to the database together.

A question sent alone costs a way there and back, several of them half of a page's time. Sent as one pipeline they cost
one, and each stays a text of its own in the room that asks it (docs/decisions/020-asked-together.md).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection, models

KEPT = 200  # questions with their columns: fewer are written than this
RELATED = "__"


@dataclass(frozen=True)
class Question:
    """A statement that reads; `%(name)s` for each fact it is asked with.

    `row` says what becomes of a row: a model (an instance with the columns read; `employer__name` is the name of a
    related one, and a column that is no field becomes an attribute), any callable over the columns, or None: a tuple.
    """

    text: str
    row: type[models.Model] | Callable | None = None

    def of(self, **facts):
        """The question with its facts, for `ask`."""
        return self, facts


def ask(*questions):
    """The rows of each `Question.of(…)`, a list for each, in their order; one way there and back for all of them.

    Raises django.db.DatabaseError where one of them fails; none has an answer then.
    """
    connection.ensure_connection()
    cursors = [connection.cursor() for _ in questions]
    with connection.wrap_database_errors, connection.connection.pipeline():
        for cursor, (question, facts) in zip(cursors, questions, strict=True):
            cursor.execute(question.text, facts)
    return [_rows(question, cursor) for cursor, (question, _facts) in zip(cursors, questions, strict=True)]


def _rows(question, cursor):
    with cursor:
        found = cursor.fetchall()
        if question.row is None or not found:
            return found
        if isinstance(question.row, type) and issubclass(question.row, models.Model):
            make = _instances(question.row, tuple(column.name for column in cursor.description))
            return [make(row) for row in found]
        return [question.row(*row) for row in found]


@lru_cache(KEPT)
def _instances(model, names):
    """A function that makes an instance of `model` of a row with these columns, as the ORM makes one."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    places = {name: place for place, name in enumerate(names)}
    own = [attname for attname in fields if attname in places]
    if absent := [name for name in own if fields[name].get_db_converters(connection)]:
        raise TypeError(f"{model.__name__}: {', '.join(absent)} cannot be read by a text, for its values are converted")
    related = {name.partition(RELATED)[0] for name in names if RELATED in name}
    others = [name for name in names if name not in fields and RELATED not in name]
    of_related = {name: _related(model, name, names) for name in sorted(related)}

    def make(row):
        instance = model.from_db(connection.alias, own, [row[places[name]] for name in own])
        for name in others:
            setattr(instance, name, row[places[name]])
        for name, (make_related, first, of_it) in of_related.items():
            setattr(instance, name, None if row[first] is None else make_related([row[place] for place in of_it]))
        return instance

    return make


def _related(model, name, names):
    """(function that makes the related instance, place of its primary key, places of its columns)."""
    target = model._meta.get_field(name).related_model
    columns = {column.removeprefix(name + RELATED): place for place, column in enumerate(names) if _is_of(column, name)}
    return _instances(target, tuple(columns)), columns[target._meta.pk.attname], list(columns.values())


def _is_of(column, name):
    return column.startswith(name + RELATED)
