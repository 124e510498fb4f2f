import django.contrib.postgres.fields
import django.db.models.expressions
from django.db import migrations, models

from accounts.year_guards import year_guards
from registry.partitions import CreatePartitionedModel, append_only


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_movements"),
        ("contributions", "0005_interest_methods"),
    ]

    operations = [
        CreatePartitionedModel(
            name="InterestCredit",
            partition_by="period",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id",
                        "period",
                        "scheme",
                        "area_code",
                        "batch_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("period", models.DateField(help_text="Last month of the crediting period.")),
                (
                    "scheme",
                    models.CharField(
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
                ("area_code", models.CharField(max_length=6)),
                ("batch_id", models.BigIntegerField()),
                ("booked_month", models.DateField()),
                ("opening", models.DecimalField(decimal_places=2, max_digits=18)),
                ("carried", models.DecimalField(decimal_places=2, max_digits=18)),
                ("credits", models.DecimalField(decimal_places=2, max_digits=18)),
                ("credit_product", models.DecimalField(decimal_places=2, max_digits=18)),
                ("payouts", models.DecimalField(decimal_places=2, max_digits=18)),
                ("payout_product", models.DecimalField(decimal_places=2, max_digits=18)),
                ("on_opening", models.DecimalField(decimal_places=2, max_digits=18)),
                ("on_credits", models.DecimalField(decimal_places=2, max_digits=18)),
                ("removed", models.DecimalField(decimal_places=2, max_digits=18)),
            ],
            options={
                "verbose_name": "interest of a period",
                "verbose_name_plural": "interest of periods",
            },
        ),
        migrations.CreateModel(
            name="ClosedYear",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "scheme",
                    models.CharField(
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
                ("area_code", models.CharField(max_length=6)),
                ("year", models.SmallIntegerField()),
                ("closed_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "closed year",
                "verbose_name_plural": "closed years",
                "constraints": [
                    models.UniqueConstraint(fields=("scheme", "area_code", "year"), name="year_closed_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="InterestTerms",
            fields=[
                ("batch_id", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "scheme",
                    models.CharField(
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
                ("area_code", models.CharField(max_length=6)),
                ("first_month", models.DateField()),
                ("period", models.DateField(help_text="Last month of the crediting period.")),
                (
                    "current_rates",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DecimalField(decimal_places=6, max_digits=9), size=None
                    ),
                ),
                (
                    "prior_rates",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DecimalField(decimal_places=6, max_digits=9), size=None
                    ),
                ),
                ("is_split", models.BooleanField()),
                (
                    "method",
                    models.CharField(
                        choices=[("MONTH_PRODUCT", "by months held"), ("YEARLY", "by the year's total")], max_length=16
                    ),
                ),
                (
                    "payout_method",
                    models.CharField(
                        choices=[("MONTH_PRODUCT", "by months held"), ("YEARLY", "by the year's total")], max_length=16
                    ),
                ),
                ("yearly_factor", models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                (
                    "rounding_mode",
                    models.CharField(
                        choices=[
                            ("HALF_UP_FEN", "half up to the fen"),
                            ("CEIL_JIAO", "up to the jiao"),
                            ("YUAN_BASE_FLOOR", "base in whole yuan, half up to the fen"),
                        ],
                        max_length=16,
                    ),
                ),
                ("is_provisional", models.BooleanField()),
                ("is_closing", models.BooleanField()),
                ("rate_ids", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("method_id", models.BigIntegerField(null=True)),
            ],
            options={
                "verbose_name": "terms of interest",
                "verbose_name_plural": "terms of interest",
                "indexes": [models.Index(fields=["scheme", "area_code", "period"], name="interest_terms_period")],
            },
        ),
        migrations.CreateModel(
            name="InterestYear",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "scheme",
                    models.CharField(
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
                ("area_code", models.CharField(max_length=6)),
                ("year", models.SmallIntegerField()),
                ("is_provisional", models.BooleanField()),
                ("accounts", models.IntegerField(help_text="Accounts that earned interest.")),
                ("interest", models.DecimalField(decimal_places=2, max_digits=18)),
                ("credited_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "year of interest",
                "verbose_name_plural": "years of interest",
                "indexes": [models.Index(fields=["scheme", "area_code", "year"], name="interest_year")],
            },
        ),
        CreatePartitionedModel(
            name="Statement",
            partition_by="period",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id",
                        "period",
                        "scheme",
                        "area_code",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("period", models.DateField(help_text="Last month of the year.")),
                (
                    "scheme",
                    models.CharField(
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
                ("area_code", models.CharField(max_length=6)),
                ("opening", models.DecimalField(decimal_places=2, max_digits=18)),
                ("own", models.DecimalField(decimal_places=2, max_digits=18)),
                ("employer", models.DecimalField(decimal_places=2, max_digits=18)),
                ("subsidy", models.DecimalField(decimal_places=2, max_digits=18)),
                ("pool_allocation", models.DecimalField(decimal_places=2, max_digits=18)),
                ("transferred_in", models.DecimalField(decimal_places=2, max_digits=18)),
                ("taken_over", models.DecimalField(decimal_places=2, max_digits=18)),
                ("corrected", models.DecimalField(decimal_places=2, max_digits=18)),
                ("interest", models.DecimalField(decimal_places=2, max_digits=18)),
                ("earlier_interest", models.DecimalField(decimal_places=2, max_digits=18)),
                ("paid_out", models.DecimalField(decimal_places=2, max_digits=18)),
                ("closing", models.DecimalField(decimal_places=2, max_digits=18)),
                ("months", models.SmallIntegerField()),
            ],
            options={
                "verbose_name": "statement",
                "verbose_name_plural": "statements",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "closing",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.expressions.CombinedExpression(
                                                    django.db.models.expressions.CombinedExpression(
                                                        django.db.models.expressions.CombinedExpression(
                                                            django.db.models.expressions.CombinedExpression(
                                                                django.db.models.expressions.CombinedExpression(
                                                                    django.db.models.expressions.CombinedExpression(
                                                                        models.F("opening"), "+", models.F("own")
                                                                    ),
                                                                    "+",
                                                                    models.F("employer"),
                                                                ),
                                                                "+",
                                                                models.F("subsidy"),
                                                            ),
                                                            "+",
                                                            models.F("pool_allocation"),
                                                        ),
                                                        "+",
                                                        models.F("transferred_in"),
                                                    ),
                                                    "+",
                                                    models.F("taken_over"),
                                                ),
                                                "+",
                                                models.F("corrected"),
                                            ),
                                            "+",
                                            models.F("interest"),
                                        ),
                                        "+",
                                        models.F("earlier_interest"),
                                    ),
                                    "-",
                                    models.F("paid_out"),
                                ),
                            )
                        ),
                        name="statement_adds_up",
                        violation_error_message="A statement's opening, credits, interest and payouts come to its closing.",
                    )
                ],
            },
        ),
        append_only("accounts_interestterms"),
        append_only("accounts_interestyear"),
        append_only("accounts_closedyear"),
        year_guards(),
    ]
