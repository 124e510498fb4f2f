"""Changing the key of personal numbers: restartable, told by the values themselves."""

import base64
import json
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from inquiries.models import User
from registry import encryption, rotation
from registry.commands import Refused
from registry.models import Card, Identifier, InsuredPerson
from registry.roles import acting_as
from registry.rotation import EncryptedColumn, count_by_key, encrypted_columns
from tests import visitors
from tests.cast import CAST

pytestmark = pytest.mark.django_db
OLD = settings.ENCRYPTION_KEYS[0]
NEW = "k2026:" + base64.b64encode(bytes(range(1, 33))).decode()
NUMBERS = EncryptedColumn("registry_identifier", "number_encrypted")


@pytest.fixture
def keys(settings):
    """Change the keys of this process: keys(NEW, OLD)."""

    def change(*keys):
        settings.ENCRYPTION_KEYS = list(keys)
        encryption._keys.cache_clear()

    yield change
    settings.ENCRYPTION_KEYS = [OLD]
    encryption._keys.cache_clear()


def run(**options):
    out = StringIO()
    call_command("rotate_keys", stdout=out, **options)
    return out.getvalue()


def test_every_encrypted_column_is_found():
    names = {str(column) for column in encrypted_columns()}
    assert {
        "registry_identifier.number_encrypted",
        "registry_card.number_encrypted",
        "registry_insuredperson.phone_encrypted",
        "registry_insuredperson.address_encrypted",
    } <= names


def test_values_of_the_older_key_are_counted_and_encrypted_anew(keys):
    numbers = dict(Identifier.objects.values_list("pk", "number_hash"))
    keys(NEW, OLD)
    assert "registry_identifier.number_encrypted: k1 " in run(check=True)
    assert count_by_key(NUMBERS) == {"k1": len(numbers)}
    run()
    assert count_by_key(NUMBERS) == {"k2026": len(numbers)}
    assert "\n0 values are encrypted with a key older than k2026." in run(check=True)
    assert "0 values are now encrypted" in run()
    keys(NEW)
    for identifier in Identifier.objects.all():
        assert Identifier.hash_of(identifier.id_type, identifier.number) == bytes(numbers[identifier.pk])
    assert all(card.number for card in Card.objects.all())
    assert all(isinstance(person.phone, str) for person in InsuredPerson.objects.all())
    assert visitors.person(CAST.wang).get("/number/").status_code == 200


def test_a_run_that_was_stopped_goes_on(keys, monkeypatch):
    monkeypatch.setattr(rotation, "BATCH", 3)
    keys(NEW, OLD)
    total = Identifier.objects.count()

    def stop(rows):
        raise KeyboardInterrupt

    with acting_as("job"), pytest.raises(KeyboardInterrupt):
        rotation.rotate(NUMBERS, stop)
    assert count_by_key(NUMBERS) == {"k1": total - 3, "k2026": 3}
    told = []
    with acting_as("job"):
        assert rotation.rotate(NUMBERS, told.append) == []
    assert sum(told) == total - 3
    assert count_by_key(NUMBERS) == {"k2026": total}


def test_what_changed_meanwhile_is_left_alone(keys):
    keys(NEW, OLD)
    rows = rotation._older(NUMBERS, 0)
    first = Identifier.objects.get(pk=rows[0][0])
    with acting_as("job"):
        newer = encryption.encrypt("changed meanwhile")
        Identifier.objects.filter(pk=first.pk).update(number_encrypted=newer)
        rotation._write(NUMBERS, [(first.pk, bytes(rows[0][1]), encryption.encrypt("too late"))])
    assert Identifier.objects.get(pk=first.pk).number == "changed meanwhile"


def test_values_that_cannot_be_read_are_named_and_the_others_done(keys):
    broken = Identifier.objects.order_by("pk").first()
    with acting_as("job"):
        value = bytearray(broken.number_encrypted)
        value[-1] ^= 1
        Identifier.objects.filter(pk=broken.pk).update(number_encrypted=bytes(value))
    keys(NEW, OLD)
    with pytest.raises(Refused, match=f"1 could not be read.*registry_identifier.number_encrypted id {broken.pk}"):
        run()
    assert count_by_key(NUMBERS) == {"k1": 1, "k2026": Identifier.objects.count() - 1}


def test_a_value_inside_json_is_encrypted_anew_and_its_neighbours_stay(keys):
    column = EncryptedColumn("kept_in_json", "data", "secret")
    secret = base64.b64encode(encryption.encrypt("JBSWY3DP" * 20)).decode()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE kept_in_json (id bigint, data jsonb)")
        rows = [(1, {"secret": secret, "label": "旧"}), (2, {"credential": "x"})]
        cursor.executemany("INSERT INTO kept_in_json VALUES (%s, %s)", [(pk, json.dumps(data)) for pk, data in rows])
        keys(NEW, OLD)
        assert count_by_key(column) == {"k1": 1}
        assert rotation.rotate(column, lambda rows: None) == []
        assert count_by_key(column) == {"k2026": 1}
        cursor.execute("SELECT data FROM kept_in_json ORDER BY id")
        first, second = (json.loads(data) if isinstance(data, str) else data for (data,) in cursor.fetchall())
    assert encryption.decrypt(base64.b64decode(first["secret"])) == "JBSWY3DP" * 20
    assert (first["label"], second) == ("旧", {"credential": "x"})


def test_signing_in_does_not_depend_on_the_encryption_key(keys):
    keys(NEW)
    assert User.objects.with_login("person", CAST.wang.number)
