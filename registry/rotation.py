"""Re-encrypting what was encrypted with an older key: values by key, and batches that can be stopped at any time.

Every value names its key (registry/encryption.py), so what is left to do is always asked of the values themselves: a
run that was stopped goes on where the values say, and a second run finds nothing.
"""

from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from django.apps import apps
from django.db import connection, models, transaction

from .encryption import AES_256_GCM, decrypt, encrypt, key_names

BATCH = 1000
SUFFIX = "_encrypted"


@dataclass(frozen=True)
class EncryptedColumn:
    """A column of encrypted values: bytes, or JSON that holds base64 text of them under `member`."""

    table: str
    column: str
    member: str = ""

    def __str__(self):
        return f"{self.table}.{self.column}{self.member and f'[{self.member}]'}"

    @property
    def value(self):
        """The encrypted bytes as an SQL expression."""
        if self.member:
            return f"decode({self.column} ->> '{self.member}', 'base64')"
        return self.column

    @property
    def replaced(self):
        """The column with other bytes in it (alias n, column value), as an SQL expression."""
        if self.member:
            text = "translate(encode(n.value, 'base64'), E'\\n', '')"
            return f"jsonb_set(t.{self.column}::jsonb, '{{{self.member}}}', to_jsonb({text}))"
        return "n.value"


def encrypted_columns():
    """Every encrypted column of every room (binary, its name ends in `_encrypted`), and allauth's secret."""
    found = [
        EncryptedColumn(model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.BinaryField) and field.column.endswith(SUFFIX)
    ]
    if apps.is_installed("allauth.mfa"):
        found.append(EncryptedColumn("mfa_authenticator", "data", "secret"))
    return found


def count_by_key(column):
    """How many values of a column name which key: {key name: count}."""
    name = f"convert_from(substring({column.value} FROM 3 FOR get_byte({column.value}, 1)), 'UTF8')"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {name}, count(*) FROM {column.table} WHERE length({column.value}) > 2 GROUP BY 1 ORDER BY 1"
        )
        return dict(cursor.fetchall())


def rotate(column, told):
    """Encrypt with the current key what names another; the ids of rows that could not be read, in order.

    Each batch is a transaction of its own; `told(rows)` is called after it. A row that somebody changes meanwhile is
    left alone: the new value has the current key already.
    """
    unreadable, last = [], 0
    while True:
        rows = _older(column, last)
        if not rows:
            return unreadable
        fresh = []
        for pk, old in rows:
            try:
                fresh.append((pk, bytes(old), encrypt(decrypt(old))))
            except (KeyError, InvalidTag, IndexError, UnicodeDecodeError):
                unreadable.append(pk)
        _write(column, fresh)
        last = rows[-1][0]
        told(len(rows))


def _label():
    name = key_names()[0].encode()
    return bytes([AES_256_GCM, len(name)]) + name


def _older(column, last):
    label = _label()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, {column.value} FROM {column.table} WHERE id > %s AND length({column.value}) > 2 "
            f"AND substring({column.value} FROM 1 FOR {len(label)}) <> %s ORDER BY id LIMIT {BATCH}",
            [last, label],
        )
        return cursor.fetchall()


def _write(column, fresh):
    ids, old, new = ([row[part] for row in fresh] for part in range(3))
    qualified = column.value.replace(column.column, f"t.{column.column}", 1)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {column.table} t SET {column.column} = {column.replaced} "
            f"FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[]) AS n (id, old, value) "
            f"WHERE t.id = n.id AND {qualified} = n.old",
            [ids, old, new],
        )
