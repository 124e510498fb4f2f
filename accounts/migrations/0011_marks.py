import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from registry.partitions import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_log_seals"),
        ("inquiries", "0008_looks"),
        ("registry", "0001_first"),
    ]

    operations = [
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("seen", "Seen"), ("checked", "Checked")], max_length=8)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("batches_until", models.BigIntegerField(default=0)),
                (
                    "batches",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("files_until", models.BigIntegerField(default=0)),
                (
                    "files",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "inquiry",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inquiries.inquiry",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.insuredperson",
                    ),
                ),
            ],
            options={
                "verbose_name": "mark on one's record",
                "verbose_name_plural": "marks on one's record",
                "indexes": [models.Index(fields=["person", "kind", "-at"], name="mark_of_person")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "seen"),
                            models.Q(("batches", []), ("batches_until", 0), ("files", []), ("files_until", 0)),
                            _connector="OR",
                        ),
                        name="mark_checked_names_nothing",
                    )
                ],
            },
        ),
        append_only("accounts_mark"),
    ]
