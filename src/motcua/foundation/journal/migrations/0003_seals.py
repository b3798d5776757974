import datetime
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


# The transaction gets its id before the number is drawn: once all transactions with smaller ids than the
# sealer's have ended, every number drawn before the sealer got its own is settled.
SEQUENCE = """
CREATE FUNCTION foundation_journal_next_sequence() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_current_xact_id();
    RETURN nextval('foundation_journal_entry_sequence');
END $$;
"""
TABLES = ("leaf", "batch", "stamp")
APPEND_ONLY = "".join(
    f"""
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON foundation_journal_{table}
    FOR EACH ROW EXECUTE FUNCTION foundation_journal_refuse_change();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON foundation_journal_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION foundation_journal_refuse_change();
"""
    for table in TABLES
)
ALLOW_CHANGE = "".join(
    f"""
DROP TRIGGER {table}_no_truncate ON foundation_journal_{table};
DROP TRIGGER {table}_append_only ON foundation_journal_{table};
"""
    for table in TABLES
)


class Migration(migrations.Migration):
    dependencies = [
        ("foundation_journal", "0002_holds"),
    ]

    operations = [
        migrations.RunSQL(SEQUENCE, "DROP FUNCTION foundation_journal_next_sequence()"),
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("first_position", models.BigIntegerField(unique=True)),
                ("last_position", models.BigIntegerField(unique=True)),
                ("count", models.IntegerField()),
                ("root", models.BinaryField(max_length=32)),
                ("previous_head", models.BinaryField(max_length=32)),
                ("head", models.BinaryField(max_length=32)),
                ("settled_sequence", models.BigIntegerField()),
                ("sealed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ConsumerPosition",
            fields=[
                ("name", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("position", models.BigIntegerField(default=0)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("failing_since", models.DateTimeField(null=True)),
                ("not_before", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="DeadLetter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("consumer", models.CharField(max_length=80)),
                ("position", models.BigIntegerField()),
                ("entry_id", models.UUIDField()),
                ("reason", models.CharField(max_length=200)),
                ("tries", models.PositiveIntegerField()),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("resolved_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Leaf",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("entry_id", models.UUIDField(unique=True)),
                ("hash", models.BinaryField(max_length=32)),
                ("tag", models.BinaryField(max_length=32)),
                ("batch", models.BigIntegerField()),
            ],
        ),
        migrations.AlterField(
            model_name="entry",
            name="sequence",
            field=models.BigIntegerField(
                db_default=models.Func(
                    function="foundation_journal_next_sequence", output_field=models.BigIntegerField()
                ),
                editable=False,
                unique=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "at__range",
                        (
                            datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.UTC),
                            datetime.datetime(9999, 1, 1, 0, 0, tzinfo=datetime.UTC),
                        ),
                    ),
                    (
                        "recorded_at__range",
                        (
                            datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.UTC),
                            datetime.datetime(9999, 1, 1, 0, 0, tzinfo=datetime.UTC),
                        ),
                    ),
                ),
                name="entry_moments",
            ),
        ),
        migrations.CreateModel(
            name="Stamp",
            fields=[
                (
                    "batch",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="foundation_journal.batch",
                    ),
                ),
                ("token", models.BinaryField()),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("count__gt", 0),
                    (
                        "last_position",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("first_position"), "+", models.F("count")
                            ),
                            "-",
                            models.Value(1),
                        ),
                    ),
                ),
                name="batch_counts_its_leaves",
            ),
        ),
        migrations.AddIndex(
            model_name="deadletter",
            index=models.Index(
                condition=models.Q(("resolved_at__isnull", True)),
                fields=["consumer", "position"],
                name="dead_letter_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="deadletter",
            constraint=models.UniqueConstraint(fields=("consumer", "position"), name="dead_letter_once"),
        ),
        migrations.RunSQL(APPEND_ONLY, ALLOW_CHANGE),
    ]
