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
            return _instances(question.row, tuple(column.name for column in cursor.description))(found)
        return [question.row(*row) for row in found]


@lru_cache(KEPT)
def _instances(model, names):
    """A function that makes instances of `model` of rows with these columns, as the ORM makes them.

    Rows that are related to the same one share one instance of it: most have one area and one agency.
    """
    own = _own(model, names)
    fields = [names.index(name) for name in own]
    others = [(name, place) for place, name in enumerate(names) if name not in own and RELATED not in name]
    targets = dict.fromkeys(name.partition(RELATED)[0] for name in names if RELATED in name)
    related = [_related(model, name, names) for name in targets]

    def make(rows):
        found, known = [], {}
        for row in rows:
            instance = model.from_db(connection.alias, own, [row[place] for place in fields])
            for name, place in others:
                setattr(instance, name, row[place])
            for name, target, columns, key, at in related:
                if (name, row[key]) not in known:
                    values = [row[place] for place in at]
                    is_there = row[key] is not None
                    known[name, row[key]] = target.from_db(connection.alias, columns, values) if is_there else None
                setattr(instance, name, known[name, row[key]])
            found.append(instance)
        return found

    return make


def _own(model, names):
    """The columns that are fields of the model, in its order. Raises TypeError where one's values need converting."""
    fields = [field for field in model._meta.concrete_fields if field.attname in names]
    if converted := [field.attname for field in fields if field.get_db_converters(connection)]:
        raise TypeError(f"{model.__name__}: the ORM alone can read {', '.join(converted)}")
    return [field.attname for field in fields]


def _related(model, name, names):
    """(name, related model, its columns, place of its primary key, places of its columns) of `name__…` among names."""
    target = model._meta.get_field(name).related_model
    own = _own(target, {column.removeprefix(name + RELATED) for column in names if column.startswith(name + RELATED)})
    at = [names.index(name + RELATED + column) for column in own]
    return name, target, own, at[own.index(target._meta.pk.attname)], at
