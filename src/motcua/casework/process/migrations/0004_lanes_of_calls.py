"""A lane within calls is named "CALL/LANE", as long as a step."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework_process", "0003_counted_from")]

    operations = [migrations.AlterField("token", "lane", models.CharField(blank=True, max_length=120))]
