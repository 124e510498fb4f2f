import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from inquiries.look_guards import look_guards
from registry.partitions import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("inquiries", "0007_duties"),
        ("registry", "0001_first"),
    ]

    operations = [
        migrations.CreateModel(
            name="DelayedDisplay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("document_no", models.CharField(max_length=60)),
                ("law_article", models.CharField(max_length=120)),
                ("shown_from", models.DateField(help_text="The day on which the person sees the look-ups.")),
                ("asked_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "decision",
                    models.CharField(
                        blank=True, choices=[("approved", "Approved"), ("refused", "Refused")], max_length=10
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "delayed display",
                "verbose_name_plural": "delayed displays",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="LogExport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("reason", models.CharField(max_length=200)),
                ("filters", models.CharField(blank=True, max_length=400)),
                ("rows", models.IntegerField()),
            ],
            options={
                "verbose_name": "export of look-ups",
                "verbose_name_plural": "exports of look-ups",
                "ordering": ["-at"],
            },
        ),
        migrations.CreateModel(
            name="LookQuestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("act", models.UUIDField(help_text="Act of the look-up asked about, as in the access log.")),
                ("looked_at", models.DateTimeField()),
                ("page", models.CharField(max_length=60)),
                ("kind", models.CharField(max_length=10)),
                ("office", models.CharField(blank=True, max_length=120)),
                ("text", models.CharField(max_length=300)),
                ("asked_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("due_on", models.DateField()),
                ("answer", models.CharField(blank=True, max_length=600)),
                ("answered_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "question about a look-up",
                "verbose_name_plural": "questions about look-ups",
                "ordering": ["-asked_at"],
            },
        ),
        migrations.AddIndex(
            model_name="accesslog",
            index=models.Index(fields=["at"], name="access_log_at"),
        ),
        migrations.AddField(
            model_name="delayeddisplay",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="delayeddisplay",
            name="decided_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="delayeddisplay",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.insuredperson"
            ),
        ),
        migrations.AddField(
            model_name="delayeddisplay",
            name="renews",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="renewals",
                to="inquiries.delayeddisplay",
            ),
        ),
        migrations.AddField(
            model_name="logexport",
            name="inquiry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inquiries.inquiry"
            ),
        ),
        migrations.AddField(
            model_name="logexport",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="lookquestion",
            name="agency",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.agency"
            ),
        ),
        migrations.AddField(
            model_name="lookquestion",
            name="answered_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="lookquestion",
            name="inquiry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inquiries.inquiry"
            ),
        ),
        migrations.AddField(
            model_name="lookquestion",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.insuredperson"
            ),
        ),
        migrations.AddConstraint(
            model_name="delayeddisplay",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("document_no", ""), _negated=True), models.Q(("law_article", ""), _negated=True)
                ),
                name="delayed_display_names_document_and_law",
            ),
        ),
        migrations.AddConstraint(
            model_name="delayeddisplay",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by__isnull", True),
                    models.Q(("decided_by", models.F("asked_by")), _negated=True),
                    _connector="OR",
                ),
                name="delayed_display_two_people",
                violation_error_message="Whoever asked cannot decide.",
            ),
        ),
        migrations.AddConstraint(
            model_name="delayeddisplay",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("decided_by__isnull", True), ("decision", "")),
                    models.Q(
                        models.Q(("decision", ""), _negated=True),
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="delayed_display_decided_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="logexport",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="log_export_has_a_reason"
            ),
        ),
        migrations.AddIndex(
            model_name="lookquestion",
            index=models.Index(
                condition=models.Q(("answer", "")), fields=["agency", "due_on"], name="look_question_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="lookquestion",
            constraint=models.UniqueConstraint(fields=("person", "inquiry"), name="look_question_once"),
        ),
        migrations.AddConstraint(
            model_name="lookquestion",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="look_question_asks_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="lookquestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("answered_at__isnull", True), ("answered_by__isnull", True)),
                    models.Q(
                        models.Q(("answer", ""), _negated=True),
                        ("answered_at__isnull", False),
                        ("answered_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="look_question_answered_whole",
            ),
        ),
        look_guards(),
        append_only("inquiries_logexport"),
    ]
