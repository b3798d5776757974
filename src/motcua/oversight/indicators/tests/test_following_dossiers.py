"""What the consumer keeps of real dossiers: points of whole lives, the same rows however the journal is read."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.services import ending, extending, handling, tasking, transferring
from motcua.casework.dossiers.services.extending import Extension
from motcua.casework.dossiers.tests import factories
from motcua.casework.dossiers.tests.factories import MORNING, seen, target
from motcua.foundation.journal.contributions import SealedEntry
from motcua.foundation.journal.models import ConsumerPosition, DeadLetter, Entry
from motcua.foundation.journal.selectors import seal_of
from motcua.foundation.journal.services import follow_once, replay, retry_dead_letter
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.worktime.limits import parse_limit
from motcua.oversight.indicators import consumers
from motcua.oversight.indicators.consumers import NAME
from motcua.oversight.indicators.models import Measured, Part
from motcua.oversight.indicators.services import recompute
from motcua.oversight.indicators.tests.factories import IN_TIME, TOO_LATE, finished, rows, supplemented

pytestmark = pytest.mark.django_db
POINTS = ("time", "units", "contacts", "agencies", "one_stop", "publicity", "attitude", "feedback", "online")


def points(row) -> list[int | None]:
    return [getattr(row, f"{code}_points") for code in POINTS]


def kept(dossier) -> Measured:
    return Measured.objects.get(pk=dossier.pk)


def parts(dossier) -> dict:
    return {it.officer_id or it.unit_id: it for it in Part.objects.filter(measured=dossier.pk)}


class TestPointsOfALife:
    def test_a_dossier_finished_in_time_the_same_day(self, world):
        dossier = finished(world)
        row = kept(dossier)
        assert points(row) == [1, 1, 2, 2, 2, None, None, None, 2]
        assert (row.agency_path, row.finished_class, row.finished_at) == (
            world.desk.agency.path,
            "on_time",
            IN_TIME,
        )
        assert (row.basis_at, row.accepted_at) == (dossier.basis_at, dossier.accepted_at)

    def test_a_late_signature_is_the_leaders_and_not_the_desks(self, world):
        dossier = finished(world, at=TOO_LATE)
        assert points(kept(dossier))[:5] == [0, 0, 2, 2, 2]
        by = parts(dossier)
        assert by[world.desk.leader.person_id].units_points == 0
        assert by[world.desk.specialist.person_id].units_points == 1
        assert by[world.desk.reception.person_id].units_points == 1
        assert {it.time_points for it in by.values()} == {0}

    def test_officers_are_not_scored_by_what_is_not_theirs(self, world):
        part = parts(finished(world))[world.desk.reception.person_id]
        assert points(part) == [1, 1, 2, 2, None, None, None, None, None]

    def test_a_supplement_costs_contacts_and_starts_the_time_again(self, world):
        dossier = supplemented(world, at=TOO_LATE)
        at = TOO_LATE + timedelta(minutes=20)
        by = {"actor": world.desk.specialist, "at": at}
        handling.draft_result(target=target(dossier), checks=factories.CHECKS, **by)
        handling.submit_for_signature(target=target(dossier), **by)
        handling.sign_result(
            actor=world.desk.leader, target=target(dossier), seen_sha256=seen(dossier), at=at
        )
        follow_once()
        dossier.refresh_from_db()
        row = kept(dossier)
        assert (row.rounds, row.basis_at, points(row)[:3]) == (1, dossier.basis_at, [1, 1, 1])

    def test_an_apology_leaves_a_late_dossier_late(self, world, monkeypatch):
        limit = parse_limit("3wd")
        monkeypatch.setattr("motcua.casework.dossiers.services.clock.limit_of", lambda dossier: limit)
        dossier = factories.handed_over(world.desk, world.mother)
        by, later = world.desk, MORNING + timedelta(days=1)
        new = Extension((MORNING + timedelta(days=8)).date(), "Chờ ý kiến.")
        extending.extend(actor=by.leader, target=target(dossier), extension=new, at=later)
        at = MORNING + timedelta(days=7)
        handling.draft_result(actor=by.specialist, target=target(dossier), checks=factories.CHECKS, at=at)
        handling.submit_for_signature(actor=by.specialist, target=target(dossier), at=at)
        handling.sign_result(actor=by.leader, target=target(dossier), seen_sha256=seen(dossier), at=at)
        follow_once()
        dossier.refresh_from_db()
        assert dossier.finished_at < dossier.due_at
        assert (kept(dossier).basis_at, kept(dossier).time_points) == (dossier.basis_at, 0)

    def test_a_stop_after_an_apology_takes_the_basis_from_the_dossier(self, world, monkeypatch):
        limit = parse_limit("3wd")
        monkeypatch.setattr("motcua.casework.dossiers.services.clock.limit_of", lambda dossier: limit)
        dossier = factories.handed_over(world.desk, world.mother)
        by, later = world.desk, MORNING + timedelta(days=1)
        new = Extension((MORNING + timedelta(days=8)).date(), "Chờ ý kiến.")
        extending.extend(actor=by.leader, target=target(dossier), extension=new, at=later)
        why = ending.Why("court_order", "Quyết định")
        ending.stop_dossier(actor=by.leader, target=target(dossier), why=why, at=later)
        at = later + timedelta(days=1)
        ending.recall_stop(actor=by.leader, target=target(dossier), at=at)
        handling.draft_result(actor=by.specialist, target=target(dossier), checks=factories.CHECKS, at=at)
        handling.submit_for_signature(actor=by.specialist, target=target(dossier), at=at)
        handling.sign_result(actor=by.leader, target=target(dossier), seen_sha256=seen(dossier), at=at)
        follow_once()
        dossier.refresh_from_db()
        assert dossier.basis_at < dossier.due_at
        assert (kept(dossier).basis_at, kept(dossier).time_points) == (dossier.basis_at, 2)

    def test_who_had_to_deal_with_two_agencies_says_so_and_the_last_one_decides(self, world):
        dossier = factories.accepted(world.desk, world.mother)
        transferring.transfer_dossier(
            actor=world.desk.reception,
            target=target(dossier),
            agency_id=world.other_desk.agency.id,
            reason="Thuộc xã bên",
            at=MORNING,
        )
        follow_once()
        row = kept(dossier)
        assert row.agencies == [world.desk.agency.path, world.other_desk.agency.path]
        assert row.agency_path == world.other_desk.agency.path

    def test_what_is_withdrawn_refused_or_under_way_has_no_points(self, world):
        dossier = factories.handed_over(world.desk, world.mother)
        gone = factories.submitted(world.desk, world.mother)
        ending.withdraw_own(
            actor=world.mother, dossier_id=gone.id, revision=target(gone).revision, reason="Đổi ý", at=MORNING
        )
        follow_once()
        for it in (dossier, gone):
            assert points(kept(it)) == [None] * 9
            assert parts(it) == {}

    def test_a_step_taken_back_counts_when_it_is_done_again(self, world):
        dossier = factories.handed_over(world.desk, world.mother)
        tasking.recall(actor=world.desk.reception, target=target(dossier), at=MORNING)
        later = MORNING + timedelta(days=2)
        handling.hand_over_dossier(actor=world.desk.reception, target=target(dossier), at=later)
        follow_once()
        steps = kept(dossier).steps
        assert [(it["step"], it["class"]) for it in steps] == [("reception", "late")]

    def test_tests_leave_no_row(self, world):
        dossier = factories.submitted(world.desk, world.mother)
        entry = Entry.objects.get(object_id=dossier.pk, kind="dossier.submitted")
        entry.facts["test"] = True
        consumers.handle(SealedEntry(1, entry))
        assert not Measured.objects.filter(pk=dossier.pk).exists()


class TestReplay:
    @pytest.fixture
    def several(self, world):
        return [
            finished(world),
            finished(world, at=TOO_LATE),
            factories.handed_over(world.desk, world.mother),
        ]

    def test_a_replay_gives_the_same_rows_bit_by_bit(self, several):
        follow_once()
        before = rows()
        position, letters = recompute(actor=SYSTEM)
        assert (rows(), letters) == (before, 0)
        assert len(before[0]) >= 3 and len(before[1]) >= 6
        assert position == ConsumerPosition.objects.get(name=NAME).position

    def test_entry_by_entry_gives_the_same_rows_as_many_at_once(self, several, monkeypatch):
        follow_once()
        before = rows()
        monkeypatch.setattr("motcua.foundation.journal.consuming.STEP_ENTRIES", 1)
        recompute(actor=SYSTEM)
        assert rows() == before

    def test_going_back_to_the_middle_gives_what_was_known_there_and_then_the_same(self, several):
        follow_once()
        before = rows()
        entry = Entry.objects.get(object_id=several[0].pk, kind="dossier.handed_over")
        middle = seal_of(entry.id).position
        replay(actor=SYSTEM, consumer=NAME, from_position=middle, at=timezone.now())
        row = kept(several[0])
        assert (row.status, row.position, row.finished_at, len(row.steps)) == (4, middle, None, 1)
        assert not Measured.objects.filter(pk=several[1].pk).exists()
        follow_once()
        assert rows() == before

    def test_an_entry_that_comes_late_from_the_dead_letters_gives_the_same_rows(self, several, monkeypatch):
        follow_once()
        before = rows()
        signed = Entry.objects.get(object_id=several[0].pk, kind="dossier.handed_over")
        position, whole = seal_of(signed.id).position, consumers.notes

        def failing(sealed):
            if any(it.position == position for it in sealed):
                raise ValueError("broken")
            return whole(sealed)

        moments = (timezone.now() + timedelta(minutes=5 * number) for number in count())
        with monkeypatch.context() as patched:
            patched.setattr(consumers, "notes", failing)
            patched.setattr("motcua.foundation.journal.consuming._BETWEEN_TRIES", 0)
            _position, letters = recompute(actor=SYSTEM, clock=lambda: next(moments))
        assert (letters, rows() == before) == (1, False)
        letter = DeadLetter.objects.get(consumer=NAME, resolved_at=None)
        assert retry_dead_letter(actor=SYSTEM, letter_id=letter.pk, at=next(moments))
        assert rows() == before


class TestTheDatabase:
    def test_refuses_three_points(self, world):
        dossier = finished(world)
        with pytest.raises(IntegrityError), transaction.atomic():
            Measured.objects.filter(pk=dossier.pk).update(time_points=3)

    def test_refuses_a_part_of_nobody(self, world):
        dossier = finished(world)
        with pytest.raises(IntegrityError), transaction.atomic():
            Part.objects.filter(measured=dossier.pk).update(officer_id=None, unit_id=None)

    def test_the_original_date_of_the_journal_is_that_of_the_dossier(self, world):
        for dossier in (finished(world), finished(world, at=TOO_LATE)):
            assert kept(dossier).basis_at == Dossier.objects.get(pk=dossier.pk).basis_at
