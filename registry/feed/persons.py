"""The kind of file that fills the register of persons. Numbers, phones and addresses are encrypted while it is read."""

from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from django.db import connection
from django.utils.translation import gettext as _

from registry.encryption import decrypt, encrypt
from registry.models import Identifier

from .cells import Column, bytes_field
from .columns import Day, Secret, Text, Word
from .kinds import Kind, Reject, Stored
from .people import (
    NAME_TITLE,
    NUMBER_TITLE,
    TYPE_TITLE,
    OfPerson,
    checked_name,
    checked_number,
    id_type_of,
    number_error,
)
from .records import reject_rows

COMPARED_AT_ONCE = 2_000
CONTENT = ("name", "birth_date", "sex", "ethnic_group", "household_kind", "household_area", "died_on")
SECRETS = ("phone_encrypted", "address_encrypted")


def _number_fields(word, number, type_title, number_title):
    """COPY fields of a number that is kept: its type, keyed hash and ciphertext."""
    id_type = id_type_of(word, type_title)
    compact, error = checked_number(id_type, number)
    if error:
        raise number_error(error, number, number_title)
    return id_type, bytes_field(Identifier.hash_of(id_type, compact)), bytes_field(encrypt(compact))


@dataclass(frozen=True)
class NewPerson(OfPerson):
    """A person under her main number, known or not; found by it or by the former number of the same row."""

    @property
    def title_by_name(self):
        return {"name": NAME_TITLE, "id_type": TYPE_TITLE, "id_hash": NUMBER_TITLE}

    @property
    def raw(self):
        return {"name": "text", "id_type": "text", "id_hash": "bytea", "id_encrypted": "bytea"}

    def prepare(self, name, id_type, number):
        return checked_name(name), *_number_fields(id_type, number, TYPE_TITLE, NUMBER_TITLE)

    @property
    def typed(self):
        return {name: (sql_type, f"r.{name}") for name, sql_type in self.raw.items()} | {
            "person_id": ("bigint", "coalesce(i.person_id, f.person_id)"),
            "known_by_number": ("bigint", "i.person_id"),
            "known_by_former": ("bigint", "f.person_id"),
            "is_new": ("boolean", "i.person_id IS NULL AND f.person_id IS NULL"),
            "is_changed": ("boolean", "false"),
        }

    @property
    def join(self):
        return (
            "LEFT JOIN registry_identifier i ON i.id_type = r.id_type AND i.number_hash = r.id_hash "
            "LEFT JOIN registry_identifier f ON f.id_type = r.former_type AND f.number_hash = r.former_hash"
        )


@dataclass(frozen=True)
class FormerNumber(Column):
    """曾用证件类型 and 曾用证件号码: a number the person had before; the columns may be absent, the cells empty."""

    title: str = "曾用证件类型"
    name: str = "former"
    is_personal = True
    number_title = "曾用证件号码"

    @property
    def titles(self):
        return (self.title, self.number_title)

    @property
    def title_by_name(self):
        return {"former_type": self.title, "former_hash": self.number_title}

    @property
    def raw(self):
        return {"former_type": "text", "former_hash": "bytea", "former_encrypted": "bytea"}

    @property
    def typed(self):
        return {name: (sql_type, f"r.{name}") for name, sql_type in self.raw.items()}

    def prepare(self, id_type, number):
        if not id_type and not number:
            return ("", "", "")
        return _number_fields(id_type, number, self.title, self.number_title)


def number_means_one_person(cursor, table):
    """A row whose two numbers belong to two persons is not for a file to settle: merging is an operator's deed."""
    query = f"SELECT row, NULL FROM {table} WHERE known_by_number <> known_by_former"
    return reject_rows(cursor, query, "former_hash", _("a number of the same person; it belongs to another one"))


def person_stands_once(cursor, table):
    """Complain where two rows mean the same person, by a former number or by what the register knows."""
    cursor.execute(
        f"""
        SELECT later.row, earlier.row FROM (
            SELECT row, person_id, id_type, id_hash FROM {table} UNION ALL
            SELECT row, person_id, former_type, former_hash FROM {table} WHERE former_hash IS NOT NULL
        ) later JOIN (
            SELECT row, id_type, id_hash FROM {table} UNION ALL
            SELECT row, former_type, former_hash FROM {table} WHERE former_hash IS NOT NULL
        ) earlier ON earlier.id_hash = later.id_hash AND earlier.id_type = later.id_type AND earlier.row < later.row
        UNION
        SELECT row, first FROM (
            SELECT row, min(row) OVER (PARTITION BY person_id) AS first FROM {table} WHERE person_id IS NOT NULL
        ) same WHERE first < row
        ORDER BY 1 LIMIT 1001
        """
    )
    for row, first in cursor.fetchall():
        yield Reject(row, "", "", _("another person than in line %(row)s") % {"row": first})


def dies_after_birth(cursor, table):
    query = f"SELECT row, died_on FROM {table} WHERE died_on < birth_date"
    return reject_rows(cursor, query, "died_on", _("a day not before the birth"))


def _mark_changed(cursor, table):
    """Set is_changed for known persons whose details, main number or former number differ from the register's."""
    ours = ", ".join(f"t.{name}" for name in CONTENT) + "".join(f", t.{name} IS NULL" for name in SECRETS)
    theirs = ", ".join(f"p.{name}" for name in CONTENT) + "".join(f", p.{name} IS NULL" for name in SECRETS)
    cursor.execute(
        f"""
        UPDATE {table} t SET is_changed = true FROM registry_insuredperson p, registry_identifier main
        WHERE p.id = t.person_id AND main.person_id = p.id AND main.is_main AND (
            ROW({ours}) IS DISTINCT FROM ROW({theirs})
            OR (main.id_type, main.number_hash) IS DISTINCT FROM (t.id_type, t.id_hash)
            OR (t.former_hash IS NOT NULL AND t.known_by_former IS NULL))
        """
    )
    _mark_changed_secrets(cursor, table)


def _mark_changed_secrets(cursor, table):
    """The same for phones and addresses, whose ciphertext differs each time: they are compared in clear, in passing."""
    pairs = ", ".join(f"t.{name}, p.{name}" for name in SECRETS)
    filled = " OR ".join(f"t.{name} IS NOT NULL" for name in SECRETS)
    with connection.chunked_cursor() as known:
        known.execute(
            f"SELECT t.row, {pairs} FROM {table} t JOIN registry_insuredperson p ON p.id = t.person_id "
            f"WHERE NOT t.is_changed AND ({filled})"
        )
        while rows := known.fetchmany(COMPARED_AT_ONCE):
            changed = [row for row, *values in rows if not all(map(_same_secret, values[::2], values[1::2]))]
            if changed:
                cursor.execute(f"UPDATE {table} SET is_changed = true WHERE row = ANY(%s)", [changed])


def _same_secret(new, old):
    if new is None or old is None:
        return new is old
    try:
        return decrypt(new) == decrypt(old)
    except (KeyError, InvalidTag):
        return False  # What can no longer be read is written anew.


def _write_persons(cursor, table, feed_file_id):
    names = [*CONTENT, *SECRETS]
    columns = ", ".join([*names, "feed_file_id", "feed_row"])
    values = ", ".join([*(f"t.{name}" for name in names), "%s", "t.row"])
    cursor.execute(
        f"UPDATE {table} SET person_id = nextval(pg_get_serial_sequence('registry_insuredperson', 'id')) WHERE is_new"
    )
    cursor.execute(
        f"INSERT INTO registry_insuredperson (id, {columns}) SELECT t.person_id, {values} FROM {table} t "
        "WHERE t.is_new ORDER BY t.person_id",
        [feed_file_id],
    )
    cursor.execute(
        f"UPDATE registry_insuredperson p SET ({columns}) = ROW({values}) FROM {table} t "
        "WHERE t.is_changed AND p.id = t.person_id",
        [feed_file_id],
    )


def _write_numbers(cursor, table):
    """The row's number becomes the person's main one; the one before stays hers as a former number."""
    cursor.execute(
        f"""
        UPDATE registry_identifier i SET is_main = false FROM {table} t
        WHERE t.is_changed AND i.person_id = t.person_id AND i.is_main
            AND (i.id_type, i.number_hash) IS DISTINCT FROM (t.id_type, t.id_hash)
        """
    )
    for prefix, is_main in (("id", "true"), ("former", "false")):
        cursor.execute(
            f"""
            INSERT INTO registry_identifier AS o (person_id, id_type, number_hash, number_encrypted, is_main)
            SELECT t.person_id, t.{prefix}_type, t.{prefix}_hash, t.{prefix}_encrypted, {is_main} FROM {table} t
            WHERE (t.is_new OR t.is_changed) AND t.{prefix}_hash IS NOT NULL
            ORDER BY t.person_id
            ON CONFLICT (id_type, number_hash) DO UPDATE SET is_main = {is_main} WHERE o.is_main <> {is_main}
            """
        )


def store_persons(cursor, table, feed_file_id):
    _mark_changed(cursor, table)
    _write_persons(cursor, table, feed_file_id)
    _write_numbers(cursor, table)
    cursor.execute(f"SELECT count(*), count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE is_changed) FROM {table}")
    lines, added, changed = cursor.fetchone()
    return Stored(added, lines - added - changed, changed)


PERSONS = Kind(
    "persons",
    "参保人员",
    (
        NewPerson(),
        Word("性别", "sex", words={"男": "M", "女": "F"}),
        Day("出生日期", "birth_date"),
        Text("民族", "ethnic_group", required=False, max_length=20),
        Text("户籍性质", "household_kind", required=False, max_length=20),
        Text("户籍地", "household_area", required=False, max_length=60),
        Secret("手机号", "phone", required=False, max_length=20),
        Secret("联系地址", "address", required=False, max_length=200),
        Day("死亡日期", "died_on", required=False),
        FormerNumber(may_be_absent=True),
    ),
    key=("id_type", "id_hash"),
    store=store_persons,
    checks=(number_means_one_person, person_stands_once, dies_after_birth),
)
