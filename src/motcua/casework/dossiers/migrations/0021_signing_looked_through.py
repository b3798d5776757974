from django.db import migrations, models
from django.db.models import F


def _started(apps, schema_editor):
    """Until now a batch began when it was made."""
    batches = apps.get_model("casework_dossiers", "SigningBatch").objects
    batches.filter(started_at=None).update(started_at=F("created_at"))


class Migration(migrations.Migration):
    dependencies = [("casework_dossiers", "0020_payments_have_a_term")]

    operations = [
        migrations.AddField(
            model_name="signingbatch",
            name="started_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="signingbatch",
            name="stopped_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="signingitem",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("signed", "Signed"),
                    ("refused", "Refused"),
                    ("returned", "Returned"),
                ],
                default="waiting",
                max_length=10,
            ),
        ),
        migrations.RemoveConstraint(
            model_name="signingitem",
            name="signing_item_refused_has_reason",
        ),
        migrations.AddConstraint(
            model_name="signingitem",
            constraint=models.CheckConstraint(
                condition=models.Q(state="refused") & ~models.Q(problem="")
                | models.Q(state__in=["waiting", "signed", "returned"], problem=""),
                name="signing_item_refused_has_reason",
            ),
        ),
        migrations.RunPython(_started, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="signingbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(started_at__isnull=False) | models.Q(stopped_at=None, finished_at=None),
                name="signing_batch_begins_before_it_ends",
            ),
        ),
    ]
