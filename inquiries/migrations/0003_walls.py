from django.db import migrations

from inquiries.wall_functions import wall_functions


class Migration(migrations.Migration):
    dependencies = [("inquiries", "0002_operators"), ("registry", "0001_first")]

    operations = [wall_functions()]
