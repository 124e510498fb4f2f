from django.db import migrations

from inquiries.look_guards import questions_counted


class Migration(migrations.Migration):
    dependencies = [("inquiries", "0008_looks")]

    operations = [questions_counted()]
