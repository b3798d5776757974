"""What the tallies need of a dossier."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("oversight_indicators", "0004_begin_again"),
    ]

    operations = [
        migrations.AddField(
            model_name="measured",
            name="ended_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="measured",
            name="has_result",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="measured",
            name="is_fetched",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="measured",
            name="is_on_paper",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="measured",
            name="is_reused",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="measured",
            name="is_signed",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="measured",
            name="is_suspended",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="measured",
            name="is_to_pay",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="measured",
            name="known_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="measured",
            name="level",
            field=models.CharField(blank=True, default="", max_length=9),
        ),
        migrations.AddField(
            model_name="measured",
            name="moved_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="measured",
            name="papers",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="measured",
            name="rated_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="measured",
            name="rating",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="measured",
            name="submitted_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="measured",
            name="unscanned",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="measured",
            name="worked_minutes",
            field=models.PositiveIntegerField(null=True),
        ),
    ]
