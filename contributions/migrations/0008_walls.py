from django.db import migrations

from contributions.wall_functions import wall_functions


class Migration(migrations.Migration):
    dependencies = [("contributions", "0007_local_rules"), ("inquiries", "0003_walls")]

    operations = [wall_functions()]
