"""Makes accounts in django-hordak and reads their balances; run by peer.py with the interpreter hordak is in.

    HORDAK_URL=postgresql://… python -P peer_reads.py make|read LEGS…

`read` prints {way: {number of legs: milliseconds}}: the mean of as many calls as fit into two seconds, at most 200.
"""

import json
import os
import sys
import time

import dj_database_url
import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection

CALLS, MEASURED_FOR = 200, 2.0
LEGS = """
SET session_replication_role = replica;
WITH made AS (
    INSERT INTO hordak_transaction (uuid, timestamp, date, description)
    SELECT gen_random_uuid(), now(), DATE '1996-01-01' + n %% 10000, '' FROM generate_series(1, %(legs)s) n RETURNING id
), numbered AS (SELECT id, row_number() OVER () AS n FROM made)
INSERT INTO hordak_leg (uuid, transaction_id, account_id, currency, credit, debit, description)
SELECT gen_random_uuid(), id, account, 'CNY', CASE WHEN account = %(account)s THEN 640 + n %% 97 / 100.0 END,
    CASE WHEN account = %(other)s THEN 640 + n %% 97 / 100.0 END, ''
FROM numbered CROSS JOIN unnest(ARRAY[%(account)s::bigint, %(other)s::bigint]) AS account;
SET session_replication_role = origin;
"""


def configure():
    settings.configure(
        DATABASES={"default": dj_database_url.parse(os.environ["HORDAK_URL"], conn_max_age=600)},
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "mptt", "djmoney", "hordak"],
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        DEFAULT_CURRENCY="CNY",
        HORDAK_INTERNAL_CURRENCY="CNY",
        CURRENCIES=("CNY",),
        USE_TZ=True,
    )
    django.setup()


def make(lengths):
    """An account of each length, each with a fund account as its other side."""
    from hordak.models import Account

    call_command("migrate", verbosity=0)
    for number, legs in enumerate(lengths):
        account, other = (
            Account.objects.create(name=f"{legs} {side}", code=f"{number}{place}", type="IN", currencies=["CNY"])
            for place, side in enumerate(("account", "fund"))
        )
        with connection.cursor() as cursor:
            for statement in LEGS.split(";\n")[:-1]:
                cursor.execute(statement, {"legs": legs, "account": account.pk, "other": other.pk})


def ways():
    """The ways to a balance that hordak documents; each starts from the account's key, as a page does."""
    from hordak.models import Account, Leg

    return {
        "get_simple_balance": lambda key: Account.objects.get(pk=key).get_simple_balance(),
        "get_balance": lambda key: Account.objects.get(pk=key).get_balance(),
        "with_balances": lambda key: Account.objects.with_balances().get(pk=key).balance,
        "with_balances_orm": lambda key: Account.objects.with_balances_orm().get(pk=key).balance,
        "sum_to_balance": lambda key: Leg.objects.filter(account_id=key).sum_to_balance(account_type="IN"),
    }


def read(lengths):
    from hordak.models import Account

    keys = {legs: Account.objects.get(name=f"{legs} account").pk for legs in lengths}
    found = {name: {legs: milliseconds(way, key) for legs, key in keys.items()} for name, way in ways().items()}
    print(json.dumps(found))


def milliseconds(way, key):
    if not way(key):
        raise SystemExit(f"The balance of account {key} is nothing.")
    start, calls = time.perf_counter(), 0
    while calls < CALLS and time.perf_counter() - start < MEASURED_FOR:
        way(key)
        calls += 1
    return (time.perf_counter() - start) / calls * 1000


if __name__ == "__main__":
    configure()
    {"make": make, "read": read}[sys.argv[1]]([int(legs) for legs in sys.argv[2:]])
