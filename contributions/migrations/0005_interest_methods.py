import django.contrib.postgres.constraints
from django.conf import settings
from django.db import migrations, models

FORMULAS = [("MONTH_PRODUCT", "by months held"), ("YEARLY", "by the year's total")]


class Migration(migrations.Migration):
    dependencies = [
        ("contributions", "0004_no_batch_index"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameModel("InterestRounding", "InterestMethod"),
        migrations.AddField(
            "interestmethod",
            "method",
            models.CharField(
                choices=FORMULAS, default="MONTH_PRODUCT", max_length=16, verbose_name="formula for credits"
            ),
        ),
        migrations.AddField(
            "interestmethod",
            "payout_method",
            models.CharField(
                choices=FORMULAS, default="MONTH_PRODUCT", max_length=16, verbose_name="formula for payouts"
            ),
        ),
        migrations.AddField(
            "interestmethod",
            "yearly_factor",
            models.DecimalField(
                blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="factor of the yearly formula"
            ),
        ),
        migrations.AlterModelOptions(
            name="interestmethod",
            options={"verbose_name": "method of interest", "verbose_name_plural": "methods of interest"},
        ),
        migrations.RemoveConstraint(
            model_name="interestmethod",
            name="interestrounding_version_once",
        ),
        migrations.RemoveConstraint(
            model_name="interestmethod",
            name="interestrounding_one_version_in_force",
        ),
        migrations.RemoveConstraint(
            model_name="interestmethod",
            name="interestrounding_area_six_digits",
        ),
        migrations.RemoveConstraint(
            model_name="interestmethod",
            name="interestrounding_period_has_a_start",
        ),
        migrations.RemoveConstraint(
            model_name="interestmethod",
            name="interestrounding_local_names_area_and_person",
        ),
        migrations.RemoveConstraint(
            model_name="interestmethod",
            name="interestrounding_second_person",
        ),
        migrations.RemoveConstraint(
            model_name="interestmethod",
            name="interestrounding_withdrawn_at_a_time",
        ),
        migrations.RemoveConstraint(
            model_name="interestmethod",
            name="interestrounding_no_overlap",
        ),
        migrations.AddConstraint(
            model_name="interestmethod",
            constraint=models.UniqueConstraint(fields=("key", "version"), name="interestmethod_version_once"),
        ),
        migrations.AddConstraint(
            model_name="interestmethod",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "in_force")),
                fields=("key",),
                name="interestmethod_one_version_in_force",
                violation_error_message="Another version of this rule is in force: withdraw it first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="interestmethod",
            constraint=models.CheckConstraint(
                condition=models.Q(("area_code", ""), ("area_code__regex", "^[0-9]{6}$"), _connector="OR"),
                name="interestmethod_area_six_digits",
                violation_error_message="The code of an area has six digits (GB/T 2260).",
            ),
        ),
        migrations.AddConstraint(
            model_name="interestmethod",
            constraint=models.CheckConstraint(
                condition=models.Q(("period__isempty", False), ("period__startswith__isnull", False)),
                name="interestmethod_period_has_a_start",
                violation_error_message="A period has a first day, and ends after it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="interestmethod",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved_by__isnull", True), ("origin", "national"), ("proposed_by__isnull", True)),
                    models.Q(
                        ("key__startswith", "local."),
                        ("origin", "local"),
                        ("proposed_by__isnull", False),
                        models.Q(("area_code", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="interestmethod_local_names_area_and_person",
                violation_error_message="A local rule names its area and who proposed it, and its key begins with “local.”.",
            ),
        ),
        migrations.AddConstraint(
            model_name="interestmethod",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("origin", "national"),
                    ("state", "draft"),
                    models.Q(
                        ("approved_by__isnull", False),
                        models.Q(("approved_by", models.F("proposed_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="interestmethod_second_person",
                violation_error_message="A local rule comes into force when a second person approves it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="interestmethod",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "withdrawn"), ("withdrawn_at__isnull", False)),
                    models.Q(models.Q(("state", "withdrawn"), _negated=True), ("withdrawn_at__isnull", True)),
                    _connector="OR",
                ),
                name="interestmethod_withdrawn_at_a_time",
                violation_error_message="A withdrawn rule, and no other, says when it was withdrawn.",
            ),
        ),
        migrations.AddConstraint(
            model_name="interestmethod",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("state", "in_force")),
                expressions=[("area_code", "="), ("origin", "="), ("scheme", "="), ("period", "&&")],
                name="interestmethod_no_overlap",
                violation_error_message="Another rule is in force for part of this period.",
            ),
        ),
        migrations.AddConstraint(
            model_name="interestmethod",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("yearly_factor__gt", 1), ("yearly_factor__lt", 2)),
                    models.Q(
                        ("yearly_factor__isnull", True),
                        models.Q(("method", "YEARLY"), _negated=True),
                        models.Q(("payout_method", "YEARLY"), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="interestmethod_yearly_formula_has_a_factor",
                violation_error_message="The yearly formula needs its factor, between 1 and 2.",
            ),
        ),
        migrations.RunSQL(
            "ALTER TRIGGER contributions_interestrounding_keep ON contributions_interestmethod"
            " RENAME TO contributions_interestmethod_keep;"
            "ALTER TRIGGER contributions_interestrounding_no_truncate ON contributions_interestmethod"
            " RENAME TO contributions_interestmethod_no_truncate;",
            "ALTER TRIGGER contributions_interestmethod_keep ON contributions_interestmethod"
            " RENAME TO contributions_interestrounding_keep;"
            "ALTER TRIGGER contributions_interestmethod_no_truncate ON contributions_interestmethod"
            " RENAME TO contributions_interestrounding_no_truncate;",
        ),
    ]
