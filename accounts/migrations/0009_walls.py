from django.db import migrations

from accounts.wall_functions import wall_functions


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_interest_previews"), ("inquiries", "0003_walls")]

    operations = [wall_functions()]
