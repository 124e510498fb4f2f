import django.contrib.postgres.fields
from django.db import migrations, models

from registry.partitions import append_only


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_corrections")]

    operations = [
        migrations.CreateModel(
            name="InterestPreview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.SmallIntegerField()),
                (
                    "scheme",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("pension", "Employee old-age insurance"),
                            ("pension_public", "Public-sector old-age insurance"),
                            ("pension_resident", "Resident old-age insurance"),
                            ("medical", "Employee medical insurance"),
                            ("medical_resident", "Resident medical insurance"),
                            ("unemployment", "Unemployment insurance"),
                            ("work_injury", "Work-injury insurance"),
                            ("maternity", "Maternity insurance"),
                        ],
                        max_length=20,
                    ),
                ),
                ("area_code", models.CharField(blank=True, max_length=6)),
                ("made_at", models.DateTimeField()),
                ("last_batch", models.BigIntegerField()),
                ("groups", models.JSONField(help_text="Sums of each scheme and area, in yuan; no person.")),
                (
                    "stale",
                    django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), size=None),
                ),
            ],
            options={
                "verbose_name": "preview of interest",
                "verbose_name_plural": "previews of interest",
                "get_latest_by": "pk",
            },
        ),
        append_only("accounts_interestpreview"),
    ]
