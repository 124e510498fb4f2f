"""More people by SQL alone: every person of a small register gets doubles, each with all of her rows."""

from psycopg import sql

REGISTER = "registry_insuredperson"
# What the pages read of a person. An id of these tables names nothing else, so a double's row takes the next one.
TABLES = (
    "registry_enrolment",
    "accounts_account",
    "contributions_assessment",
    "contributions_contribution",
    "accounts_entry",
    "accounts_benefitpayment",
    "accounts_spending",
    "accounts_transfer",
)
COLUMNS = """
SELECT column_name FROM information_schema.columns
WHERE table_name = %s AND is_generated = 'NEVER' AND column_name <> ALL (%s) ORDER BY ordinal_position
"""
DOUBLE = """
INSERT INTO {table} ({person}, {others})
SELECT {person} + number * %s, {others} FROM {table} CROSS JOIN generate_series(1, %s) AS number
ORDER BY number, {person}
"""


def widen(connection, people):
    """Let a database's register hold at least `people` persons. `connection`: the owner's, outside a transaction.

    A double's number is her model's plus a multiple of the highest; her batches are the model's, so these books could
    not be proved: they are for looking at.
    """
    with connection.transaction():
        models, highest = connection.execute(f"SELECT count(*), max(id) FROM {REGISTER}").fetchone()
        doubles = max(0, -(-people // models) - 1)
        _double(connection, REGISTER, "id", [highest, doubles])
        for table in TABLES:
            _double(connection, table, "person_id", [highest, doubles])


def _double(connection, table, person, numbers):
    columns = connection.execute(COLUMNS, [table, ["id", person]]).fetchall()
    others = sql.SQL(", ").join(sql.Identifier(name) for (name,) in columns)
    names = {"table": sql.Identifier(table), "person": sql.Identifier(person), "others": others}
    connection.execute(sql.SQL(DOUBLE).format(**names), numbers)
