"""Whatever somebody changes in the database, even past its triggers, is found and named by its position."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from motcua.foundation.journal import contributions, heads
from motcua.foundation.journal.models import Batch, Detail, Leaf
from motcua.foundation.journal.reading import ENTRY_COLUMNS
from motcua.foundation.journal.rules.canonical import canonical, leaf_hash, tag_of
from motcua.foundation.journal.rules.merkle import GENESIS, Link, root_of
from motcua.foundation.journal.services import follow_once, verify_journal
from motcua.foundation.journal.stamping import Stamper
from motcua.foundation.journal.tests.factories import AT, FakeStamper, entry, tamper

ENTRY, LEAF, BATCH, STAMP = (f"foundation_journal_{name}" for name in ("entry", "leaf", "batch", "stamp"))


@pytest.fixture
def sealed(db):
    """Six entries in three batches, everything written down outside. Their identifiers by position."""
    found = {}
    follow_once()
    for _ in range(3):
        for number in range(2):
            kept = entry(details={"reason": f"word {number}"})
            found[kept.id] = kept
        follow_once()
    heads.catch_up()
    leaves = Leaf.objects.filter(entry_id__in=found).order_by("position")
    return {leaf.position: leaf.entry_id for leaf in leaves}


def faults(**options) -> list[tuple[str, int | None]]:
    return [(fault.kind, fault.position) for fault in verify_journal(**options).faults]


def test_an_untouched_journal_is_whole(sealed):
    report = verify_journal()
    assert report.is_whole
    assert report.entries == max(sealed)
    assert report.heads_until == report.batches == Batch.objects.count()


@pytest.mark.parametrize(
    "change",
    [
        "kind = 'dossier.refused'",
        "at = at + interval '1 microsecond'",
        "recorded_at = recorded_at - interval '1 day'",
        "facts = '{\"status\": 2.0}'",
        "facts = '{}'",
        "agency_id = gen_random_uuid()",
        "concerns_id = gen_random_uuid()",
        "detail_digest = NULL",
        "sequence = sequence + 1000000",
        "transaction_id = 1",
    ],
)
def test_a_changed_entry_is_named(sealed, change):
    position = sorted(sealed)[2]
    Detail.objects.filter(pk=sealed[position]).delete()
    tamper(f"UPDATE {ENTRY} SET {change} WHERE id = '{sealed[position]}'")
    assert faults() == [("changed", position)]


def test_a_value_that_no_program_can_read_is_named_too(sealed):
    position = sorted(sealed)[3]
    tamper(
        f"ALTER TABLE {ENTRY} DROP CONSTRAINT entry_moments",
        f"UPDATE {ENTRY} SET at = 'infinity' WHERE id = '{sealed[position]}'",
    )
    assert faults() == [("changed", position)]


def test_a_lost_entry_is_named(sealed):
    position = sorted(sealed)[1]
    Detail.objects.filter(pk=sealed[position]).delete()
    tamper(f"DELETE FROM {ENTRY} WHERE id = '{sealed[position]}'")
    assert faults() == [("lost", position)]


def test_an_entry_lost_with_its_seal_is_named(sealed):
    position = sorted(sealed)[1]
    Detail.objects.filter(pk=sealed[position]).delete()
    tamper(
        f"DELETE FROM {ENTRY} WHERE id = '{sealed[position]}'",
        f"DELETE FROM {LEAF} WHERE position = {position}",
    )
    assert faults() == [("lost", position)]


COPY = f"""INSERT INTO {ENTRY} (id, sequence, transaction_id, recorded_at, at, kind, actor_kind, object_kind, object_id, facts)
SELECT '00000000-0000-4000-8000-000000000001', {{sequence}}, transaction_id, recorded_at, at, kind, actor_kind, object_kind, object_id, facts
FROM {ENTRY} WHERE id = '{{id}}'"""


def test_an_entry_inserted_with_a_seal_of_its_own_is_named(sealed):
    tamper(
        COPY.format(sequence=10**9, id=sealed[max(sealed)]),
        f"INSERT INTO {LEAF} SELECT position + 1, '00000000-0000-4000-8000-000000000001', hash, tag, batch FROM {LEAF} WHERE position = {max(sealed)}",
    )
    assert faults() == [("inserted", max(sealed) + 1)]


def test_an_entry_inserted_with_a_seal_before_the_first_position_is_named(sealed):
    tamper(
        COPY.format(sequence=0, id=sealed[max(sealed)]),
        f"INSERT INTO {LEAF} SELECT -5, '00000000-0000-4000-8000-000000000001', hash, tag, 1 FROM {LEAF} WHERE position = {max(sealed)}",
    )
    assert faults() == [("inserted", -5)]


def test_an_entry_inserted_among_the_sealed_ones_without_a_seal_is_found(sealed):
    tamper(COPY.format(sequence=0, id=sealed[max(sealed)]))
    follow_once()
    found = verify_journal().faults
    assert [(it.kind, it.entry_id) for it in found] == [("inserted", "00000000-0000-4000-8000-000000000001")]


@pytest.mark.parametrize("pair", [(0, 1), (1, 4)], ids=["neighbours", "of two batches"])
def test_two_seals_that_point_at_each_others_entries_are_named(sealed, pair):
    one, two = (sorted(sealed)[number] for number in pair)
    tamper(
        f"UPDATE {LEAF} SET entry_id = gen_random_uuid() WHERE position = {one}",
        f"UPDATE {LEAF} SET entry_id = '{sealed[one]}' WHERE position = {two}",
        f"UPDATE {LEAF} SET entry_id = '{sealed[two]}' WHERE position = {one}",
    )
    assert faults() == [("swapped", one), ("swapped", two)]


def test_two_seals_that_changed_places_are_named(sealed):
    one, two = sorted(sealed)[1], sorted(sealed)[4]
    tamper(
        f"UPDATE {LEAF} SET position = -1 WHERE position = {one}",
        f"UPDATE {LEAF} SET position = {one} WHERE position = {two}",
        f"UPDATE {LEAF} SET position = {two} WHERE position = -1",
    )
    assert faults() == [("swapped", one), ("swapped", two)]


def test_two_entries_that_exchanged_their_contents_are_named(sealed):
    one, two = sorted(sealed)[1], sorted(sealed)[4]
    columns = "at, kind, object_id, facts, transaction_id, recorded_at, detail_digest"
    tamper(
        f"UPDATE {ENTRY} e SET ({columns}) = (SELECT {columns} FROM {ENTRY} o WHERE o.id <> e.id AND o.id IN ('{sealed[one]}', '{sealed[two]}')) WHERE id IN ('{sealed[one]}', '{sealed[two]}')"
    )
    assert faults() == [("swapped", one), ("swapped", two)]


def test_a_changed_detail_is_named_and_an_erased_one_is_no_fault(sealed):
    first, second, third = sorted(sealed)[:3]
    Detail.objects.filter(pk=sealed[first]).delete()
    tamper(
        f"UPDATE foundation_journal_detail SET values = '{{\"reason\": \"other\"}}' WHERE entry_id = '{sealed[second]}'"
    )
    assert faults() == [("detail_changed", second)]
    assert third in sealed


def reseal(position: int, *, key: str) -> None:
    """What somebody does who may do all in the database and knows how sealing works, but has another key."""
    rows = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT l.position, l.batch, {ENTRY_COLUMNS} FROM {LEAF} l JOIN {ENTRY} e ON e.id = l.entry_id WHERE l.position >= %s",
            [Batch.objects.get(number=Leaf.objects.get(position=position).batch).first_position],
        )
        for place, batch, *values in cursor.fetchall():
            rows.setdefault(batch, {})[place] = leaf_hash(canonical(place, tuple(values)))
    statements, previous = [], None
    for number, leaves in sorted(rows.items()):
        batch = Batch.objects.get(number=number)
        previous = bytes(batch.previous_head) if previous is None else previous
        root = root_of([leaves[place] for place in sorted(leaves)])
        head = Link(number, batch.first_position, batch.last_position, root).head(previous)
        for place, digest in leaves.items():
            if bytes(Leaf.objects.get(position=place).hash) != digest:
                tag = tag_of(key.encode(), digest)
                statements.append(
                    f"UPDATE {LEAF} SET hash = '\\x{digest.hex()}', tag = '\\x{tag.hex()}' WHERE position = {place}"
                )
        statements.append(
            f"UPDATE {BATCH} SET root = '\\x{root.hex()}', previous_head = '\\x{previous.hex()}', head = '\\x{head.hex()}' WHERE number = {number}"
        )
        previous = head
    tamper(*statements)


def test_an_entry_changed_with_leaf_root_and_whole_chain_is_named(sealed):
    position = sorted(sealed)[2]
    tamper(f"UPDATE {ENTRY} SET kind = 'dossier.refused' WHERE id = '{sealed[position]}'")
    reseal(position, key="guessed")
    batch = Batch.objects.get(number=Leaf.objects.get(position=position).batch)
    found = faults()
    assert ("leaf_rewritten", position) in found
    assert ("chain_rewritten", batch.first_position) in found
    assert min(place for _, place in found) == batch.first_position


def test_a_chain_rewritten_with_the_stolen_key_shows_against_the_file_of_heads(sealed):
    position = sorted(sealed)[2]
    tamper(f"UPDATE {ENTRY} SET kind = 'dossier.refused' WHERE id = '{sealed[position]}'")
    reseal(position, key=settings.JOURNAL_KEY)
    assert {kind for kind, _ in faults()} == {"chain_rewritten"}


def test_a_rewritten_root_is_named(sealed):
    batch = Batch.objects.order_by("-number")[1]
    tamper(f"UPDATE {BATCH} SET root = sha256('x') WHERE number = {batch.number}")
    assert faults() == [("chain_broken", batch.first_position), ("root_rewritten", batch.first_position)]


def test_a_lost_batch_is_named(sealed):
    batch = Batch.objects.order_by("-number")[1]
    tamper(f"DELETE FROM {BATCH} WHERE number = {batch.number}")
    assert ("chain_broken", batch.first_position) in faults()


def cut_tail() -> Batch:
    batch = Batch.objects.order_by("-number")[0]
    ids = ", ".join(f"'{it.entry_id}'" for it in Leaf.objects.filter(batch=batch.number))
    tamper(
        f"DELETE FROM foundation_journal_detail WHERE entry_id IN ({ids})",
        f"DELETE FROM {ENTRY} WHERE id IN ({ids})",
        f"DELETE FROM {LEAF} WHERE batch = {batch.number}",
        f"DELETE FROM {BATCH} WHERE number = {batch.number}",
    )
    return batch


def test_a_tail_cut_off_without_a_trace_shows_against_the_file_of_heads(sealed):
    batch = cut_tail()
    assert faults() == [("tail_cut", batch.first_position)]


def test_a_tail_cut_off_and_grown_again_shows_too(sealed):
    batch = cut_tail()
    entry(), entry()
    follow_once()
    heads.catch_up()
    assert faults() == [("chain_rewritten", batch.first_position)]


def test_everything_gone_is_a_cut_tail_at_the_first_position(sealed):
    tamper(
        "DELETE FROM foundation_journal_detail",
        f"DELETE FROM {LEAF}",
        f"DELETE FROM {BATCH}",
        f"DELETE FROM {ENTRY}",
    )
    assert faults() == [("tail_cut", 1)]


def test_without_the_file_of_heads_it_says_what_it_could_not_check(sealed, settings):
    settings.JOURNAL_HEADS_FILE = settings.JOURNAL_HEADS_FILE.with_name("none")
    report = verify_journal()
    assert (report.faults, report.unchecked, report.is_whole) == ([], ["heads_file"], False)


def test_a_torn_last_line_of_the_file_is_no_fault_and_is_mended(sealed, settings):
    with settings.JOURNAL_HEADS_FILE.open("ab") as file:
        file.write(b'{"number": 99, "la')
    assert verify_journal().is_whole
    entry()
    follow_once()
    heads.catch_up()
    lines = settings.JOURNAL_HEADS_FILE.read_bytes().splitlines()
    assert [json.loads(line)["number"] for line in lines] == list(range(1, len(lines) + 1))
    assert verify_journal().is_whole


def test_an_absurd_batch_does_not_keep_verification_busy(sealed):
    tamper(
        f"ALTER TABLE {BATCH} DROP CONSTRAINT batch_counts_its_leaves",
        f"UPDATE {BATCH} SET last_position = 9000000000000000000 WHERE number = (SELECT max(number) FROM {BATCH})",
    )
    assert verify_journal().fault_count < 2000


@pytest.fixture
def stamped(sealed):
    contributions.set_time_stamper(FakeStamper())
    assert Stamper().stamp()
    batch = Batch.objects.order_by("-number").first()
    return batch


def test_a_stamp_covers_the_whole_chain(stamped):
    report = verify_journal()
    assert (report.is_whole, report.stamps, report.stamped_until) == (True, 1, stamped.last_position)


def test_a_broken_stamp_is_named(stamped):
    tamper(f"UPDATE {STAMP} SET token = 'x'")
    assert faults() == [("stamp_bad", stamped.last_position)]


def test_a_lost_stamp_is_named(stamped):
    heads.note_stamp(stamped.number, b"\x00" * 32)
    tamper(f"DELETE FROM {STAMP}")
    assert faults() == [("stamp_missing", stamped.last_position)]


def test_a_stamp_on_another_head_is_named(stamped):
    tamper(f"UPDATE {STAMP} SET token = 'stamped:' || decode('{GENESIS.hex()}', 'hex')")
    assert faults() == [("stamp_bad", stamped.last_position)]


def test_a_stamp_by_an_authority_that_is_not_trusted_is_named(stamped):
    contributions.set_time_stamper(FakeStamper(trusted=False))
    assert faults() == [("stamp_bad", stamped.last_position)]


def verify_command(*arguments: str):
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("journal", "verify", *arguments, stdout=out)
    return ended.value.code, out.getvalue()


def test_the_command_says_whole_and_ends_with_0(sealed):
    status, said = verify_command("--json")
    assert said.count("\n") == 1
    assert (status, json.loads(said)["verdict"]) == (0, "whole")
    assert "whole" in verify_command()[1]


def test_the_command_names_the_position_and_ends_with_1(sealed):
    position = sorted(sealed)[2]
    tamper(f"UPDATE {ENTRY} SET kind = 'dossier.refused' WHERE id = '{sealed[position]}'")
    status, said = verify_command("--json")
    facts = json.loads(said)
    assert (status, facts["verdict"]) == (1, "not_whole")
    assert [(it["kind"], it["position"]) for it in facts["faults"]] == [("changed", position)]
    assert f"Position {position}: changed" in verify_command()[1]
    after = Batch.objects.get(first_position__lte=position, last_position__gte=position).last_position + 1
    assert verify_command("--json", "--from", str(after))[0] == 0


def test_the_command_ends_with_2_when_it_cannot_tell(sealed, settings):
    settings.JOURNAL_HEADS_FILE = settings.JOURNAL_HEADS_FILE.with_name("none")
    assert verify_command("--json")[0] == 2


def test_the_time_of_a_stamp_is_the_authoritys(stamped):
    assert stamped.stamp.made_at == AT
