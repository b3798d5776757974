"""Open tasks become tokens, and what the engine keeps beside them."""

import django.db.models.deletion
from django.db import migrations, models

import motcua.foundation.kernel.ids

# In the order in which they were opened; the instance's outcomes as its tasks say.
NUMBER_TASKS = """
UPDATE casework_process_token t SET number = n.number
  FROM (SELECT id, row_number() OVER (PARTITION BY instance_id ORDER BY opened_at, id) AS number
          FROM casework_process_token) n
 WHERE n.id = t.id;
UPDATE casework_process_token t SET act = coalesce(s ->> 'act', ''), lane = coalesce(s ->> 'lane', '')
  FROM casework_process_instance i
  JOIN casework_process_processdefinition d ON d.id = i.definition_id
 CROSS JOIN jsonb_array_elements(d.content -> 'steps') s
 WHERE t.instance_id = i.id AND s ->> 'name' = t.step;
UPDATE casework_process_instance i
   SET next_number = t.next_number, agency_path = t.agency_path, outcomes = t.outcomes
  FROM (SELECT instance_id, max(number) + 1 AS next_number, min(agency_path) AS agency_path,
               coalesce(jsonb_object_agg(step, outcome ORDER BY completed_at) FILTER (WHERE outcome <> ''),
                        '{}'::jsonb) AS outcomes
          FROM casework_process_token GROUP BY instance_id) t
 WHERE t.instance_id = i.id;
"""


class Migration(migrations.Migration):
    dependencies = [("casework_process", "0001_initial")]

    operations = [
        migrations.RemoveConstraint("task", "one_open_task"),
        migrations.RemoveConstraint("task", "task_outcome_when_done"),
        migrations.RemoveIndex("task", "task_inbox"),
        migrations.RemoveIndex("task", "task_subject"),
        migrations.RenameModel("Task", "Token"),
        migrations.AddField("instance", "agency_path", models.CharField(db_default="", max_length=300)),
        migrations.AddField("instance", "job", models.CharField(blank=True, db_default="", max_length=60)),
        migrations.AddField("instance", "next_number", models.PositiveIntegerField(db_default=1, default=1)),
        migrations.AddField("instance", "version", models.PositiveIntegerField(db_default=1, default=1)),
        migrations.AddField("instance", "outcomes", models.JSONField(db_default={}, default=dict)),
        migrations.AddField(
            "instance", "public_step", models.CharField(blank=True, db_default="", max_length=120)
        ),
        migrations.AlterField(
            "token",
            "instance",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="tokens",
                to="casework_process.instance",
            ),
        ),
        migrations.AlterField("token", "step", models.CharField(max_length=120)),
        migrations.AlterField("token", "role", models.CharField(blank=True, max_length=20)),
        migrations.AlterField("token", "agency_path", models.CharField(blank=True, max_length=300)),
        migrations.AlterField("token", "due_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "token", "number", models.PositiveIntegerField(default=0), preserve_default=False
        ),
        migrations.AddField(
            "token",
            "kind",
            models.CharField(
                choices=[
                    ("task", "Task"),
                    ("service", "Service"),
                    ("timer", "Timer"),
                    ("message", "Message"),
                    ("call", "Call"),
                    ("join", "Join"),
                ],
                default="task",
                max_length=10,
            ),
        ),
        migrations.AddField(
            "token",
            "arrived",
            models.CharField(blank=True, default="", max_length=200),
            preserve_default=False,
        ),
        migrations.AddField("token", "cause", models.PositiveIntegerField(null=True)),
        migrations.AddField("token", "paused_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "token", "lane", models.CharField(blank=True, default="", max_length=40), preserve_default=False
        ),
        migrations.AddField(
            "token",
            "act",
            models.CharField(blank=True, default="", max_length=20),
            preserve_default=False,
        ),
        migrations.AddField("token", "unit_id", models.UUIDField(null=True)),
        migrations.AddField("token", "is_elsewhere", models.BooleanField(default=False)),
        migrations.AddField("token", "claimed_by", models.UUIDField(null=True)),
        migrations.AddField("token", "claimed_at", models.DateTimeField(null=True)),
        migrations.AddField("token", "version", models.PositiveIntegerField(default=1)),
        # What is renamed and checked at the end of a transaction cannot be altered in it.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL IMMEDIATE"),
        migrations.RunSQL(NUMBER_TASKS, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "token", models.UniqueConstraint(fields=("instance", "number"), name="token_number")
        ),
        migrations.AddConstraint(
            "token",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("completed_at", None), ("outcome", "")),
                    ("completed_at__isnull", False),
                    _connector="OR",
                ),
                name="task_outcome_when_done",
            ),
        ),
        migrations.AddConstraint(
            "token",
            models.CheckConstraint(
                condition=models.Q(("due_at__isnull", False), ("kind", "task")) & ~models.Q(("role", ""))
                | ~models.Q(("kind", "task"))
                & models.Q(("claimed_by", None), ("due_at", None), ("role", "")),
                name="task_has_role_and_due",
            ),
        ),
        migrations.AddConstraint(
            "token",
            models.CheckConstraint(
                condition=models.Q(("claimed_at", None)) | models.Q(("claimed_by__isnull", False)),
                name="task_claimed_by_somebody",
            ),
        ),
        migrations.AddIndex(
            "token",
            models.Index(
                condition=models.Q(("completed_at", None)),
                fields=["role", "agency_path", "due_at", "id"],
                name="task_inbox",
                opclasses=["varchar_ops", "varchar_pattern_ops", "timestamptz_ops", "uuid_ops"],
            ),
        ),
        migrations.AddIndex(
            "token",
            models.Index(
                condition=models.Q(("claimed_by__isnull", False), ("completed_at", None)),
                fields=["claimed_by", "due_at"],
                name="task_claimed",
            ),
        ),
        migrations.AddIndex(
            "token",
            models.Index(
                condition=models.Q(("completed_at", None), ("is_elsewhere", True)),
                fields=["agency_path"],
                name="task_elsewhere",
                opclasses=["varchar_pattern_ops"],
            ),
        ),
        migrations.AddIndex("token", models.Index(fields=["subject", "opened_at"], name="task_subject")),
        migrations.CreateModel(
            name="Task",
            fields=[],
            options={"proxy": True, "indexes": [], "constraints": []},
            bases=("casework_process.token",),
        ),
        migrations.CreateModel(
            name="Timer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=motcua.foundation.kernel.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=60)),
                ("due_at", models.DateTimeField()),
                ("fired_at", models.DateTimeField(null=True)),
                (
                    "token",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="timers",
                        to="casework_process.token",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("fired_at", None)), fields=["due_at"], name="timer_due")
                ],
                "constraints": [models.UniqueConstraint(fields=("token", "name"), name="timer_once")],
            },
        ),
    ]
