"""What came in, by procedure, month and channel."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("oversight_indicators", "0001_evaluation")]

    operations = [
        migrations.CreateModel(
            name="Received",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("procedure", models.CharField(max_length=8)),
                ("month", models.DateField()),
                ("channel", models.PositiveSmallIntegerField()),
                ("count", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("procedure", "month", "channel"), name="received_once"),
                    models.CheckConstraint(condition=models.Q(("month__day", 1)), name="received_in_a_month"),
                ]
            },
        ),
    ]
