"""The columns that name a human being: 姓名, 证件类型, 证件号码. The number itself is never staged."""

import re
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from registry import identity
from registry.models import Identifier

from .cells import CellError, Column, bytes_field, escaped
from .columns import ID_TYPES, NO_FORMULA

NUMBER_TITLE, TYPE_TITLE, NAME_TITLE = "证件号码", "证件类型", "姓名"
MADE_A_NUMBER = re.compile(r"\d(\.\d+)?E\+?\d+", re.ASCII | re.IGNORECASE)
CACHED_NUMBERS = 16_384
NAME_LENGTH = 60
NAME = re.compile(NO_FORMULA.format(NAME_LENGTH - 1))

SENTENCES = {
    "empty": gettext_lazy("must not be empty"),
    "length": gettext_lazy("an identity number has 18 characters; this one has %(length)s"),
    "fifteen": gettext_lazy("this is an old number of 15 digits; the number of 18 characters is needed"),
    "character": gettext_lazy("an identity number has only digits; the last character may be X"),
    "check_digit": gettext_lazy("the last character does not fit the others: compare with the document"),
    "date": gettext_lazy("the number holds a birth date that the calendar does not have"),
    "made_a_number": gettext_lazy(
        "a spreadsheet turned this number into a figure and its last digits are lost: "
        "format the column as text and fill it in again"
    ),
}


def checked_number(id_type, number):
    """(compact number, None), or (None, IdentityError) where the number cannot be right."""
    if MADE_A_NUMBER.fullmatch(number):
        return None, identity.IdentityError("made_a_number")
    try:
        return identity.check_number(id_type, number), None
    except identity.IdentityError as error:
        return None, error


def number_error(error, number, title=NUMBER_TITLE):
    """The CellError that says what an IdentityError means."""
    return CellError(title, identity.masked(number), SENTENCES[error.code] % error.values)


@lru_cache(maxsize=CACHED_NUMBERS)
def known_number(id_type, number):
    """(COPY field of the keyed hash, masked number, None), or (None, None, IdentityError)."""
    compact, error = checked_number(id_type, number)
    if error:
        return None, None, error
    return bytes_field(Identifier.hash_of(id_type, compact)), identity.masked(compact), None


def checked_name(name):
    """A person's name as a COPY field, or CellError."""
    if NAME.fullmatch(name):
        return escaped(name)
    sentence = _("a name of at most %(count)s characters, none of = + - @ in front") % {"count": NAME_LENGTH}
    raise CellError(NAME_TITLE, identity.masked_name(name), sentence if name else _("must not be empty"))


def id_type_of(word, title=TYPE_TITLE):
    """The id type that a word of the file stands for, or CellError."""
    if word not in ID_TYPES:
        sentence = _("one of %(words)s") % {"words": "、".join(ID_TYPES)} if word else _("must not be empty")
        raise CellError(title, word, sentence)
    return ID_TYPES[word]


@dataclass(frozen=True)
class OfPerson(Column):
    """The three cells that name a human being, read together."""

    title: str = NAME_TITLE
    name: str = "name"
    is_personal = True

    @property
    def titles(self):
        return (NAME_TITLE, TYPE_TITLE, NUMBER_TITLE)


@dataclass(frozen=True)
class Person(OfPerson):
    """An insured person the register knows under this number and this name; staged as person_id (never a duplicate)."""

    @property
    def title_by_name(self):
        return {"name": NAME_TITLE, "id_type": TYPE_TITLE, "id_shown": NUMBER_TITLE, "person_id": NUMBER_TITLE}

    @property
    def raw(self):
        return {"name": "text", "id_type": "text", "id_hash": "bytea", "id_shown": "text"}

    def prepare(self, name, id_type, number):
        id_type = id_type_of(id_type)
        number_hash, shown, error = known_number(id_type, number)
        if error:
            raise number_error(error, number)
        return checked_name(name), id_type, number_hash, shown

    @property
    def typed(self):
        return {
            "person_id": ("bigint", "coalesce(p.merged_into_id, p.id)"),
            "name_fits": ("boolean", "r.name IN (p.name, canonical.name)"),
        }

    @property
    def join(self):
        return (
            "LEFT JOIN registry_identifier i ON i.id_type = r.id_type AND i.number_hash = r.id_hash "
            "LEFT JOIN registry_insuredperson p ON p.id = i.person_id "
            "LEFT JOIN registry_insuredperson canonical ON canonical.id = p.merged_into_id"
        )

    @property
    def unknown(self):
        return [
            ("t.person_id IS NULL", "id_shown", gettext_noop("the number of a person in the register")),
            ("t.name_fits IS NOT TRUE AND t.person_id IS NOT NULL", "name", gettext_noop("the name in the register")),
        ]
