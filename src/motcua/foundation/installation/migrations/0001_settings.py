from django.db import migrations, models


def _enter_installation(apps, schema_editor):
    apps.get_model("foundation_installation", "Installation").objects.create(id=1)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Installation",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[("", "Unknown"), ("demo", "Demo"), ("real", "Real")],
                        default="",
                        max_length=4,
                    ),
                ),
                ("kind_set_at", models.DateTimeField(null=True)),
                ("stamp", models.BigIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="one_installation"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["", "demo", "real"])), name="installation_kind"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Setting",
            fields=[
                ("key", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("value", models.JSONField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.UUIDField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="TrialRun",
            fields=[
                ("trial", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("succeeded", models.BooleanField()),
                ("fingerprint", models.CharField(max_length=64)),
            ],
        ),
        migrations.RunPython(_enter_installation, migrations.RunPython.noop),
    ]
