"""Drafts of versions: written by one, reviewed by another, published for a day, taken back, undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from unittest import mock

import pytest
from django.db import IntegrityError, transaction

from motcua.casework.dossiers.forms import find_newer
from motcua.casework.dossiers.services.drafts import renew_draft
from motcua.casework.dossiers.tests.factories import MORNING, filled_in, submitted
from motcua.casework.packs.models import VersionDraft
from motcua.casework.packs.rules.draft_files import FORM, PROCEDURE, PROCESS
from motcua.casework.packs.rules.editing import with_values
from motcua.casework.packs.rules.skeleton import New
from motcua.casework.packs.services import load_pack
from motcua.casework.packs.tests.version_factories import (
    CODE,
    approved,
    change,
    keeper,
    published,
    sent,
    shortened,
)
from motcua.casework.packs.versions import services
from motcua.casework.packs.versions.errors import (
    BaseChanged,
    DayIsOver,
    DayTooEarly,
    HasErrors,
    NoNote,
    NothingAskedFor,
    NothingChanged,
    ReviewedByEditor,
    StaleDraft,
    WrongState,
)
from motcua.casework.packs.versions.services import About, Change, Verdict
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.registry.catalogue.errors import NotAnnounced
from motcua.registry.catalogue.models import Procedure, ProcedureVersion
from motcua.registry.catalogue.selectors import find_version
from motcua.registry.catalogue.services import list_begun

pytestmark = pytest.mark.django_db
TODAY = MORNING.date()
SOON = TODAY + timedelta(days=30)


def started(world, **values):
    return services.start_draft(actor=world.catalogue, code=CODE, at=MORNING, **values)


def test_a_draft_begins_with_the_files_of_the_version_in_force_and_gives_the_same_version(world):
    draft = started(world)
    assert {PROCEDURE, FORM, PROCESS} <= set(draft.files)
    draft = services.save_draft(
        actor=world.catalogue,
        draft_id=draft.pk,
        change=Change(1, about=About(note="nothing")),
        at=MORNING,
    )
    with pytest.raises(NothingChanged):
        services.send_draft(actor=world.catalogue, draft_id=draft.pk, revision=draft.revision, at=MORNING)


def test_a_change_reviewed_by_another_is_in_force_from_its_day_and_lists_follow(world):
    version = published(world)
    assert find_version(CODE, at=TODAY) == version
    assert find_version(CODE, at=TODAY - timedelta(days=1)).number == version.number - 1
    assert version.definition["procedure"]["limit"]["value"] == "2wd"
    assert Procedure.objects.get(pk=CODE).facts["limit"] == "2wd"
    entry = Entry.objects.filter(kind="procedure.published").latest("at")
    assert entry.facts["version"] == version.number


def test_dossiers_keep_the_version_of_their_filing_and_drafts_are_told(world):
    dossier, begun = submitted(world.desk, world.mother), filled_in(world.desk, world.mother)
    draft = services.start_draft(actor=world.catalogue, code=dossier.version.procedure_id, at=MORNING)
    files = with_values(draft.files[PROCEDURE], {("minutes_to_apply",): 99})
    version = published(world, draft=draft, files={**draft.files, PROCEDURE: files})
    dossier.refresh_from_db()
    begun.refresh_from_db()
    assert dossier.version_id == begun.version_id == draft.base_id
    assert find_newer(begun.version, at=MORNING) == version
    renewed = renew_draft(actor=world.mother, draft_id=begun.pk, at=MORNING)
    assert (renewed.version, renewed.answers) == (version, begun.answers)


def test_who_wrote_it_does_not_review_it_nor_does_who_changed_it(world):
    other = keeper()
    draft = sent(world)
    with pytest.raises(ReviewedByEditor):
        services.review_draft(
            actor=world.catalogue, draft_id=draft.pk, verdict=Verdict(draft.revision, True), at=MORNING
        )
    draft = services.save_draft(
        actor=other, draft_id=draft.pk, change=change(draft, ("minutes_to_apply",), 3), at=MORNING
    )
    draft = services.send_draft(actor=other, draft_id=draft.pk, revision=draft.revision, at=MORNING)
    with pytest.raises(ReviewedByEditor):
        services.review_draft(
            actor=other, draft_id=draft.pk, verdict=Verdict(draft.revision, True), at=MORNING
        )
    for reviewer in (world.catalogue.account_id, other.account_id):
        with pytest.raises(IntegrityError, match=r"version_.*reviewed_by"), transaction.atomic():
            VersionDraft.objects.filter(pk=draft.pk).update(reviewer=reviewer)


def test_nothing_is_published_unreviewed_not_even_by_a_program(world):
    draft = sent(world)
    with pytest.raises(WrongState):
        services.publish_draft(actor=keeper(), draft_id=draft.pk, revision=draft.revision, at=MORNING)
    with pytest.raises(IntegrityError, match="published_after_review"), transaction.atomic():
        VersionDraft.objects.filter(pk=draft.pk).update(state="approved")


def test_any_change_ends_an_approval(world):
    draft = approved(world)
    draft = services.save_draft(
        actor=world.catalogue, draft_id=draft.pk, change=change(draft, ("minutes_to_apply",), 3), at=MORNING
    )
    assert (draft.state, draft.reviewer) == ("draft", None)
    again = approved(world)
    services.save_draft(
        actor=world.catalogue,
        draft_id=again.pk,
        change=Change(again.revision, about=About(note=again.note, day=SOON)),
        at=MORNING,
    )
    again.refresh_from_db()
    assert again.state == "draft"


def test_a_page_that_shows_an_older_draft_is_told_and_changes_nothing(world):
    draft = approved(world)
    stale = draft.revision - 1
    acts = (
        lambda: services.save_draft(
            actor=world.catalogue,
            draft_id=draft.pk,
            change=replace(change(draft), revision=stale),
            at=MORNING,
        ),
        lambda: services.publish_draft(actor=keeper(), draft_id=draft.pk, revision=stale, at=MORNING),
        lambda: services.review_draft(
            actor=keeper(), draft_id=draft.pk, verdict=Verdict(stale, False, "no"), at=MORNING
        ),
    )
    for act in acts:
        with pytest.raises(StaleDraft):
            act()
    draft.refresh_from_db()
    assert draft.state == "approved"


def test_sent_back_says_what_to_change_and_comes_again(world):
    draft, reviewer = sent(world), keeper()
    with pytest.raises(NothingAskedFor):
        services.review_draft(
            actor=reviewer, draft_id=draft.pk, verdict=Verdict(draft.revision, False, " "), at=MORNING
        )
    draft = services.review_draft(
        actor=reviewer, draft_id=draft.pk, verdict=Verdict(draft.revision, False, "Name the law."), at=MORNING
    )
    assert (draft.state, draft.asked_for) == ("sent_back", "Name the law.")
    again = services.send_draft(actor=world.catalogue, draft_id=draft.pk, revision=draft.revision, at=MORNING)
    assert (again.state, again.reviewer) == ("in_review", None)


@pytest.mark.parametrize(
    "broken",
    ["name: [", "code: '1.000000'\n", "", "a: &x [1]\nb: *x\n"],
    ids=["yaml", "code", "empty", "bomb"],
)
def test_errors_hinder_the_review_and_are_named(world, broken):
    draft = services.start_draft(actor=world.catalogue, code=CODE, at=MORNING)
    made = Change(1, {**draft.files, PROCEDURE: broken}, About(note="x"))
    draft = services.save_draft(actor=world.catalogue, draft_id=draft.pk, change=made, at=MORNING)
    with pytest.raises(HasErrors) as refused:
        services.send_draft(actor=world.catalogue, draft_id=draft.pk, revision=draft.revision, at=MORNING)
    assert refused.value.findings[0].file.startswith("procedure")


def test_what_changes_is_said_before_it_is_reviewed(world):
    draft = started(world)
    made = replace(shortened(draft), about=None)
    draft = services.save_draft(actor=world.catalogue, draft_id=draft.pk, change=made, at=MORNING)
    with pytest.raises(NoNote):
        services.send_draft(actor=world.catalogue, draft_id=draft.pk, revision=draft.revision, at=MORNING)


def test_an_announced_version_begins_on_its_day_without_any_job_and_lists_follow_by_one(world):
    version = published(world, day=SOON)
    assert find_version(CODE, at=TODAY).number == version.number - 1
    assert find_version(CODE, at=SOON) == version
    assert Procedure.objects.get(pk=CODE).facts["limit"] == "3wd"
    assert list_begun(at=MORNING) == 0
    after = MORNING + timedelta(days=31)
    assert (list_begun(at=after), list_begun(at=after)) == (1, 0)
    assert Procedure.objects.get(pk=CODE).facts["limit"] == "2wd"


def test_what_is_announced_can_be_taken_back_before_its_day_only(world):
    version = published(world, day=SOON)
    with pytest.raises(NoNote):
        services.withdraw_announced(
            actor=world.catalogue, code=CODE, number=version.number, reason=" ", at=MORNING
        )
    taken = {"actor": world.catalogue, "code": CODE, "number": version.number, "reason": "Repealed"}
    with pytest.raises(NotAnnounced):
        services.withdraw_announced(**taken, at=MORNING + timedelta(days=30))
    services.withdraw_announced(**taken, at=MORNING)
    assert find_version(CODE, at=SOON).number == version.number - 1
    assert VersionDraft.objects.get(version=version).state == "withdrawn"
    with pytest.raises(NotAnnounced):
        services.withdraw_announced(**taken, at=MORNING)


def test_of_two_drafts_of_a_procedure_the_second_is_told_before_it_overwrites_the_first(world):
    late, first = approved(world), published(world)
    with pytest.raises(BaseChanged):
        services.publish_draft(actor=world.catalogue, draft_id=late.pk, revision=late.revision, at=MORNING)
    late = services.rebase_draft(actor=world.catalogue, draft_id=late.pk, revision=late.revision, at=MORNING)
    assert (late.state, late.base) == ("draft", first)


def test_a_small_change_goes_before_what_is_announced_and_does_not_touch_it(world):
    announced = published(world, day=SOON)
    small = published(world)
    assert [find_version(CODE, at=day) for day in (TODAY, SOON)] == [small, announced]
    late = started(world)
    about = About(note="Later", day=SOON + timedelta(days=1))
    late = services.save_draft(
        actor=world.catalogue, draft_id=late.pk, change=replace(change(late), about=about), at=MORNING
    )
    with pytest.raises(BaseChanged):
        services.send_draft(actor=world.catalogue, draft_id=late.pk, revision=late.revision, at=MORNING)


def test_a_day_that_has_passed_needs_a_reason_and_lies_in_the_version_it_replaces(world):
    base = find_version(CODE, at=TODAY)
    draft = started(world)
    yesterday = TODAY - timedelta(days=1)
    for about, refusal in (
        (About("x", yesterday), DayIsOver),
        (About("x", base.valid_from - timedelta(days=1), "why"), DayTooEarly),
    ):
        draft.refresh_from_db()
        draft = services.save_draft(
            actor=world.catalogue,
            draft_id=draft.pk,
            change=replace(shortened(draft), about=about),
            at=MORNING,
        )
        with pytest.raises(refusal):
            services.send_draft(actor=world.catalogue, draft_id=draft.pk, revision=draft.revision, at=MORNING)
    version = published(world, day=yesterday, backdating="The decree was published late.")
    assert find_version(CODE, at=yesterday) == version


def test_undo_publishes_the_former_as_a_version_of_its_own(world):
    former = find_version(CODE, at=TODAY)
    changed = published(world)
    draft = started(world, number=former.number)
    assert (draft.base, draft.restores) == (changed, former)
    undone = published(world, draft=draft, files=draft.files)
    assert undone.number == changed.number + 1
    assert undone.definition["procedure"]["limit"] == former.definition["procedure"]["limit"]
    assert Procedure.objects.get(pk=CODE).facts["limit"] == "3wd"


def test_killed_in_the_middle_of_publishing_nothing_happened(world):
    draft = approved(world)
    before = list(ProcedureVersion.objects.filter(procedure=CODE).values_list("number", "valid_to"))
    with (
        mock.patch("motcua.registry.catalogue.services.record", side_effect=RuntimeError),
        pytest.raises(RuntimeError),
        transaction.atomic(),
    ):
        services.publish_draft(actor=world.catalogue, draft_id=draft.pk, revision=draft.revision, at=MORNING)
    draft.refresh_from_db()
    assert draft.state == "approved"
    assert list(ProcedureVersion.objects.filter(procedure=CODE).values_list("number", "valid_to")) == before


def test_a_pack_loaded_again_does_not_undo_what_the_desk_published(world, settings):
    version = published(world)
    load_pack(actor=SYSTEM, path=settings.PACKS / "vn", at=MORNING)
    assert find_version(CODE, at=TODAY) == version
    assert Procedure.objects.get(pk=CODE).facts["limit"] == "2wd"


def test_a_new_procedure_begins_with_what_is_missing_named(world):
    new = New("9.123456", {"vi": "Cấp phép thả diều"})
    draft = services.start_new(actor=world.catalogue, new=new, at=MORNING)
    draft = services.save_draft(
        actor=world.catalogue, draft_id=draft.pk, change=Change(1, about=About("New")), at=MORNING
    )
    with pytest.raises(HasErrors):
        services.send_draft(actor=world.catalogue, draft_id=draft.pk, revision=draft.revision, at=MORNING)
    assert not Procedure.objects.filter(pk="9.123456").exists()


def test_others_procedures_are_out_of_reach(world):
    draft = started(world)
    own = keeper()
    VersionDraft.objects.filter(pk=draft.pk).update(publisher="H19")
    with pytest.raises(NotFound):
        services.save_draft(actor=own, draft_id=draft.pk, change=change(draft), at=MORNING)
    with pytest.raises(Refused):
        services.start_new(actor=own, new=New("9.123456", {"vi": "x"}), publisher="H19", at=MORNING)
    for stranger in (world.administrator, world.mother, world.desk.leader):
        with pytest.raises(NotFound):
            services.start_draft(actor=stranger, code=CODE, at=MORNING)
