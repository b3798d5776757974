import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Now

import motcua.foundation.journal.models
import motcua.foundation.kernel.ids

# The owner could still change entries by hand; this makes that a deliberate act (dropping the trigger first).
APPEND_ONLY = """
CREATE FUNCTION foundation_journal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE ON foundation_journal_entry
    FOR EACH ROW EXECUTE FUNCTION foundation_journal_refuse_change();
CREATE TRIGGER entry_no_truncate BEFORE TRUNCATE ON foundation_journal_entry
    FOR EACH STATEMENT EXECUTE FUNCTION foundation_journal_refuse_change();
CREATE TRIGGER detail_no_update BEFORE UPDATE ON foundation_journal_detail
    FOR EACH ROW EXECUTE FUNCTION foundation_journal_refuse_change();
"""
ALLOW_CHANGE = """
DROP TRIGGER detail_no_update ON foundation_journal_detail;
DROP TRIGGER entry_no_truncate ON foundation_journal_entry;
DROP TRIGGER entry_append_only ON foundation_journal_entry;
DROP FUNCTION foundation_journal_refuse_change();
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE foundation_journal_entry_sequence AS bigint CACHE 1",
            "DROP SEQUENCE foundation_journal_entry_sequence",
        ),
        migrations.CreateModel(
            name="Entry",
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
                (
                    "sequence",
                    models.BigIntegerField(
                        db_default=models.Func(
                            models.Value("foundation_journal_entry_sequence"),
                            function="nextval",
                            output_field=models.BigIntegerField(),
                        ),
                        editable=False,
                        unique=True,
                    ),
                ),
                (
                    "transaction_id",
                    models.BigIntegerField(
                        db_default=motcua.foundation.journal.models.TransactionId(), editable=False
                    ),
                ),
                ("recorded_at", models.DateTimeField(db_default=Now(), editable=False)),
                ("at", models.DateTimeField()),
                ("kind", models.CharField(max_length=80)),
                ("actor_kind", models.CharField(max_length=20)),
                ("account_id", models.UUIDField(null=True)),
                ("person_id", models.UUIDField(null=True)),
                ("mandate_id", models.UUIDField(null=True)),
                ("post_id", models.UUIDField(null=True)),
                ("agency_id", models.UUIDField(null=True)),
                ("object_kind", models.CharField(max_length=40)),
                ("object_id", models.UUIDField()),
                ("concerns_id", models.UUIDField(null=True)),
                ("facts", models.JSONField(default=dict)),
                ("detail_digest", models.BinaryField(max_length=32, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["object_id", "sequence"], name="entry_object"),
                    models.Index(
                        condition=models.Q(("concerns_id__isnull", False)),
                        fields=["concerns_id", "sequence"],
                        name="entry_concerns",
                    ),
                    models.Index(fields=["transaction_id"], name="entry_transaction"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__regex", "^[a-z_]+\\.[a-z_]+$")), name="entry_kind_form"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("actor_kind__in", ["citizen", "officer", "system", "anonymous"])),
                        name="entry_actor_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Detail",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="detail",
                        serialize=False,
                        to="foundation_journal.entry",
                    ),
                ),
                ("salt", models.BinaryField(max_length=16)),
                ("values", models.JSONField()),
            ],
        ),
        migrations.RunSQL(APPEND_ONLY, ALLOW_CHANGE),
    ]
