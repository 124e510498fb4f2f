from django.db import migrations

# What `unpaid_months` compares stands in the keys themselves: a person's entries of a year lie side by side there, while
# her rows are scattered over the year's whole table (docs/decisions/022-arrears-from-the-keys.md).
KEYS = (
    (
        "contributions_assessment",
        "person_id, due_month, scheme, assessment_no, line",
        "period, employer_id, due_on",
    ),
    (
        "contributions_contribution",
        "person_id, booked_month, scheme, slip_no, line",
        "period, employer_id, kind",
    ),
)
KEY = """
ALTER TABLE {table} DROP CONSTRAINT {table}_pkey, ADD CONSTRAINT {table}_pkey PRIMARY KEY ({columns}){included};
"""


def keys(with_included):
    return "".join(
        KEY.format(table=table, columns=columns, included=f" INCLUDE ({included})" if with_included else "")
        for table, columns, included in KEYS
    )


class Migration(migrations.Migration):
    dependencies = [("contributions", "0008_walls")]

    operations = [migrations.RunSQL(keys(with_included=True), keys(with_included=False))]
