import django.contrib.postgres.indexes
from django.db import migrations, models

from registry.partitions import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="LogChunk",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "day", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField()),
                ("number", models.IntegerField()),
                ("root", models.BinaryField(max_length=32)),
                ("leaves", models.BinaryField()),
            ],
            options={
                "verbose_name": "chunk of sealed look-ups",
                "verbose_name_plural": "chunks of sealed look-ups",
            },
        ),
        migrations.CreateModel(
            name="LogSeal",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("version", models.SmallIntegerField()),
                ("algorithm", models.CharField(max_length=10)),
                ("looks", models.BigIntegerField()),
                ("first_at", models.DateTimeField(null=True)),
                ("last_at", models.DateTimeField(null=True)),
                ("sealed_at", models.DateTimeField()),
                ("root", models.BinaryField(max_length=32)),
                (
                    "previous",
                    models.BinaryField(help_text="Hash of the seal before; zeros before the first.", max_length=32),
                ),
                ("hash", models.BinaryField(max_length=32)),
            ],
            options={
                "verbose_name": "seal of the access log",
                "verbose_name_plural": "seals of the access log",
                "ordering": ["day"],
            },
        ),
        migrations.CreateModel(
            name="LogLeaf",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "month", "act", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("month", models.DateField()),
                ("act", models.UUIDField()),
                ("day", models.DateField()),
                ("position", models.BigIntegerField()),
                ("salt", models.BinaryField(max_length=16)),
                ("leaf", models.BinaryField(max_length=32)),
            ],
            options={
                "verbose_name": "sealed look-up",
                "verbose_name_plural": "sealed look-ups",
                "indexes": [
                    django.contrib.postgres.indexes.BrinIndex(autosummarize=True, fields=["day"], name="log_leaf_day")
                ],
            },
        ),
        *(append_only(f"accounts_{name}") for name in ("logseal", "logleaf", "logchunk")),
        # Hashes cannot be compressed: they are stored as they are, without trying.
        migrations.RunSQL(
            "ALTER TABLE accounts_logchunk ALTER COLUMN leaves SET STORAGE EXTERNAL",
            "ALTER TABLE accounts_logchunk ALTER COLUMN leaves SET STORAGE EXTENDED",
        ),
    ]
