"""What auditors, the people concerned and retention do with the journal."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from motcua.foundation.journal.contributions import Criteria, set_extract_maker, set_time_stamper
from motcua.foundation.journal.errors import NoExtractMaker, NoReason, NotSealed, TooManyEntries
from motcua.foundation.journal.models import Detail, Entry
from motcua.foundation.journal.rules.proofs import check_proof
from motcua.foundation.journal.selectors import list_sealed, make_proof, seal_of
from motcua.foundation.journal.services import (
    Erasure,
    Happening,
    erase_details,
    follow_once,
    make_extract,
    place_hold,
    record,
    release_hold,
    verify_journal,
)
from motcua.foundation.journal.tests.factories import AT, FakeStamper
from motcua.foundation.kernel.actors import SYSTEM, Actor
from motcua.foundation.kernel.ids import new_id

OFFICER = Actor(kind="officer", account_id=new_id(), person_id=new_id(), agency_id=new_id())


def act(
    kind: str = "dossier.signed", *, actor=OFFICER, object_id=None, concerns_id=None, at=AT, reason="x"
) -> Entry:
    happening = Happening(
        kind,
        object_kind="dossier",
        object_id=object_id or new_id(),
        concerns_id=concerns_id,
        details={"reason": reason},
    )
    with transaction.atomic():
        return record(actor=actor, happening=happening, at=at)


@pytest.fixture
def acts(db):
    """One that matches everything, and others that differ in one thing each."""
    wanted = {"object_id": new_id(), "concerns_id": new_id()}
    match = act(**wanted)
    other = Actor(kind="officer", account_id=new_id(), person_id=new_id(), agency_id=new_id())
    act(**wanted | {"object_id": new_id()}, kind="journal_test.done", actor=other, at=AT + timedelta(days=9))
    act(kind="dossiers_like.signed", actor=other, at=AT - timedelta(days=9))
    follow_once()
    return match


@pytest.mark.parametrize(
    "criteria",
    [
        lambda it: Criteria(object=it.object_id),
        lambda it: Criteria(person=it.concerns_id, kind="dossier."),
        lambda it: Criteria(concerns=it.concerns_id, ends=AT + timedelta(days=1)),
        lambda it: Criteria(officer=it.person_id),
        lambda it: Criteria(account=it.account_id),
        lambda it: Criteria(agency=it.agency_id),
        lambda it: Criteria(agency=it.agency_id, kind="dossier.signed", begins=AT, ends=AT + timedelta(1)),
    ],
)
def test_an_auditor_finds_entries_by(acts, criteria):
    (row,) = list_sealed(criteria(acts)).rows
    assert row.entry.id == acts.id
    assert (row.position, row.batch) == (seal_of(acts.id).position, seal_of(acts.id).batch.number)


def test_periods_are_half_open(acts):
    def count(begins, ends):
        return len(list_sealed(Criteria(object=acts.object_id, begins=begins, ends=ends)).rows)

    assert count(AT, AT + timedelta(seconds=1)) == 1
    assert count(AT - timedelta(seconds=1), AT) == 0


def test_the_list_goes_page_by_page_latest_first_with_few_queries(db, django_assert_num_queries):
    subject = new_id()
    expected = [act(object_id=subject).id for _ in range(7)][::-1]
    follow_once()
    unsealed = act(object_id=subject).id
    seen, before = [], None
    while True:
        with django_assert_num_queries(2):
            page = list_sealed(Criteria(object=subject), before=before, limit=3)
            seen += [
                (row.entry.id, row.position is None, row.entry.detail.values["reason"]) for row in page.rows
            ]
        if page.after is None:
            break
        before = page.after
    assert seen == [(unsealed, True, "x"), *((it, False, "x") for it in expected)]


@pytest.mark.parametrize(
    "column", ["account_id", "person_id", "agency_id", "object_id", "concerns_id", "kind", "at"]
)
def test_every_filter_has_an_index(db, column):
    value = {"kind": "'dossier.signed'", "at": "now()"}.get(column, "gen_random_uuid()")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN SELECT 1 FROM foundation_journal_entry WHERE {column} = {value}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Seq Scan" not in plan


class TestExtracts:
    @pytest.fixture(autouse=True)
    def maker(self, db):
        self.made = []

        def make(extract) -> bytes:
            self.made.append(extract)
            return b"%PDF"

        set_extract_maker(make)

    def test_an_extract_holds_the_entries_their_positions_and_the_heads_that_cover_them(self, acts):
        later = act(object_id=acts.object_id)
        follow_once()
        unsealed = act(object_id=acts.object_id)
        criteria = Criteria(object=acts.object_id)
        assert make_extract(actor=OFFICER, criteria=criteria, reason=" Inspection 7 ", at=AT) == b"%PDF"
        (extract,) = self.made
        assert [it.entry.id for it in extract.entries] == [acts.id, later.id]
        assert unsealed.id not in {it.entry.id for it in extract.entries}
        assert [it.number for it in extract.batches] == [
            seal_of(it).batch.number for it in (acts.id, later.id)
        ]
        assert (extract.asked_by, extract.asked_at, extract.reason) == (OFFICER, AT, "Inspection 7")

    def test_making_one_is_an_entry_itself(self, acts):
        make_extract(actor=OFFICER, criteria=Criteria(person=acts.concerns_id), reason="Inspection", at=AT)
        made = Entry.objects.get(kind="journal.extracted")
        assert made.facts["criteria"] == {"person": str(acts.concerns_id)}
        assert made.facts["sha256"] == hashlib.sha256(b"%PDF").hexdigest()
        assert (made.person_id, made.concerns_id) == (OFFICER.person_id, acts.concerns_id)
        assert made.detail.values == {"reason": "Inspection"}

    def test_refuses_without_a_reason_or_a_maker_or_bounds(self, acts, monkeypatch):
        with pytest.raises(NoReason):
            make_extract(actor=OFFICER, criteria=Criteria(), reason=" ", at=AT)
        monkeypatch.setattr("motcua.foundation.journal.services.EXTRACT_LIMIT", 1)
        with pytest.raises(TooManyEntries):
            make_extract(actor=OFFICER, criteria=Criteria(), reason="x", at=AT)
        set_extract_maker(None)
        with pytest.raises(NoExtractMaker):
            make_extract(actor=OFFICER, criteria=Criteria(), reason="x", at=AT)
        assert not Entry.objects.filter(kind="journal.extracted").exists()

    def test_the_command_writes_the_file(self, acts, tmp_path):
        file = tmp_path / "extract.pdf"
        call_command(
            "journal", "extract", "--object", str(acts.object_id), "--from", "2026-03-10", "--to",
            "2026-03-10T09:00:01", "--reason", "Inspection", "--output", str(file),
        )  # fmt: skip
        assert file.read_bytes() == b"%PDF"
        assert [it.entry.id for it in self.made[0].entries] == [acts.id]

    @pytest.mark.parametrize("moment", ["yesterday", "2026-02-30", "2026-03-02T25:00"])
    def test_the_command_refuses_what_is_no_time(self, moment):
        with pytest.raises(CommandError, match="2026-03-02"):
            call_command("journal", "extract", "--from", moment, "--reason", "x", "--output", "x.pdf")


class TestProofs:
    def test_the_person_concerned_can_prove_an_entry_offline(self, acts, tmp_path):
        stamper = FakeStamper()
        set_time_stamper(stamper)
        follow_once(stamp=True)
        file = tmp_path / "proof.json"
        call_command("journal", "proof", str(acts.id), "--output", str(file))
        verdict = check_proof(file.read_bytes(), check_token=stamper.check)
        assert verdict.is_valid
        assert verdict.entry["id"] == str(acts.id)
        assert verdict.position == seal_of(acts.id).position

    def test_a_proof_reaches_over_later_batches_to_the_stamp(self, acts):
        set_time_stamper(stamper := FakeStamper())
        for _ in range(3):
            act()
            follow_once()
        follow_once(stamp=True)
        act()
        follow_once(stamp=True)
        verdict = check_proof(make_proof(acts.id), check_token=stamper.check)
        assert verdict.is_valid

    def test_a_proof_of_an_entry_that_was_changed_does_not_hold(self, acts):
        from motcua.foundation.journal.tests.factories import tamper

        set_time_stamper(stamper := FakeStamper())
        follow_once(stamp=True)
        tamper(f"UPDATE foundation_journal_entry SET kind = 'dossier.refused' WHERE id = '{acts.id}'")
        assert check_proof(make_proof(acts.id), check_token=stamper.check).problem == "wrong_path"

    def test_what_is_not_sealed_cannot_be_proved(self, db, tmp_path):
        kept = act()
        for missing in (kept.id, new_id()):
            with pytest.raises(NotSealed):
                make_proof(missing)
        with pytest.raises(CommandError):
            call_command("journal", "proof", str(kept.id), "--output", str(tmp_path / "x"))


class TestErasing:
    def has_detail(self, *kept: Entry) -> list[bool]:
        return [Detail.objects.filter(pk=it.pk).exists() for it in kept]

    def test_details_go_and_seals_and_proofs_stay_whole(self, db):
        set_time_stamper(stamper := FakeStamper())
        kept = act(concerns_id=new_id())
        follow_once(stamp=True)
        before = make_proof(kept.id)
        assert erase_details(actor=SYSTEM, erasure=Erasure(concerns_id=kept.concerns_id), at=AT) == 1
        follow_once()
        report = verify_journal()
        assert (report.faults, report.unchecked) == ([], ["heads_file"])
        assert make_proof(kept.id) == before
        assert check_proof(before, check_token=stamper.check).is_valid

    def test_only_what_matches_every_criterion_goes(self, db):
        person = new_id()
        old = act(at=AT - timedelta(days=1), concerns_id=person)
        young, other_kind = act(concerns_id=person), act("dossier.read", at=old.at, concerns_id=person)
        other_person = act(at=old.at, concerns_id=new_id())
        erasure = Erasure(before=AT, kinds=frozenset({"dossier.signed"}), concerns_id=person)
        assert erase_details(actor=SYSTEM, erasure=erasure, at=AT) == 1
        assert self.has_detail(old, young, other_kind, other_person) == [False, True, True, True]

    def test_what_a_hold_lies_on_stays_until_its_release(self, db):
        person = new_id()
        held, concerned, free = act(concerns_id=person), act(concerns_id=person), act(concerns_id=person)
        hold = place_hold(actor=SYSTEM, object_id=held.object_id, reason="Court order", at=AT)
        assert erase_details(actor=SYSTEM, erasure=Erasure(concerns_id=person), at=AT) == 2
        assert self.has_detail(held, concerned, free) == [True, False, False]
        release_hold(actor=SYSTEM, hold_id=hold.id, at=AT)
        place_hold(actor=SYSTEM, object_id=person, reason="Court order", at=AT)
        assert erase_details(actor=SYSTEM, erasure=Erasure(concerns_id=person), at=AT) == 0
        assert self.has_detail(held) == [True]

    def test_erasing_is_recorded_with_its_count_and_nothing_is_when_nothing_went(self, db):
        kept = act(concerns_id=new_id())
        erasure = Erasure(concerns_id=kept.concerns_id)
        erase_details(actor=OFFICER, erasure=erasure, at=AT)
        erase_details(actor=OFFICER, erasure=erasure, at=AT)
        (done,) = Entry.objects.filter(kind="journal.details_erased")
        assert (done.facts["count"], done.concerns_id, done.person_id) == (
            1,
            kept.concerns_id,
            OFFICER.person_id,
        )

    def test_refuses_to_erase_everything(self, db):
        with pytest.raises(ValueError, match="what is to be erased"):
            erase_details(actor=SYSTEM, erasure=Erasure(), at=AT)


def test_consumers_and_dead_letters_are_told(db, capsys):
    from motcua.foundation.journal.contributions import Consumer, register_consumer

    register_consumer(Consumer("told", lambda sealed: None))
    call_command("journal", "consumers")
    assert "told: at position 0" in capsys.readouterr().out
    call_command("journal", "consumers", "--json")
    call_command("journal", "dead-letters", "--json")
    call_command("journal", "dead-letters")
    out = capsys.readouterr().out
    assert '"name": "told"' in out
    assert '{"dead_letters": []}' in out
