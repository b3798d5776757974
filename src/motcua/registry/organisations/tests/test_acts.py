from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.registry.access.contributions import identify
from motcua.registry.access.models import Account, RoleGrant
from motcua.registry.organisations import errors
from motcua.registry.organisations.models import Agency, Holding, Officer, Post, Succession, Unit
from motcua.registry.organisations.rules.codes import code_form
from motcua.registry.organisations.rules.successions import follow
from motcua.registry.organisations.rules.trees import would_circle
from motcua.registry.organisations.selectors import (
    calendar_of,
    find_agency_by_code,
    find_agency_of_place,
    list_agencies_with_desk,
    predecessors_of,
    successors_of,
)
from motcua.registry.organisations.services import (
    Ending,
    NewAgency,
    OwnTime,
    Person,
    PostFacts,
    Renaming,
    Taking,
    Target,
    UnitFacts,
    add_code,
    change_unit,
    end_agency,
    end_officer,
    end_post,
    end_unit,
    enter_agency,
    enter_from_template,
    enter_person,
    enter_post,
    enter_unit,
    merge_agencies,
    move_officer,
    next_number,
    rename_agency,
    set_calendar,
    split_agency,
)
from motcua.registry.organisations.services.officers import end_rights

AT = datetime(2026, 3, 10, 1, 40, tzinfo=UTC)
TODAY = date(2026, 3, 10)
TOMORROW = TODAY + timedelta(days=1)
FIRST = date(2025, 7, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(AT, tick=False):
        yield


def entered(code="H44.NEW", *, under=None, on=FIRST, level="department"):
    superior = under or Agency.objects.get(code="H44")
    new = NewAgency(code, f"Cơ quan {code}", level, on)
    return enter_agency(actor=SYSTEM, superior=Target(superior.id), new=new, at=AT)


def renamed(agency, *, code=None, name=None, on=TODAY, actor=SYSTEM):
    renaming = Renaming(name or agency.name, code or agency.code, on)
    return rename_agency(actor=actor, target=Target(agency.id), renaming=renaming, at=AT)


def unit_of(agency, code="office", *, parent=None):
    return enter_unit(
        actor=SYSTEM, target=Target(agency.id), code=code, facts=UnitFacts(code, parent), on=FIRST, at=AT
    )


def post_of(unit, title="Chuyên viên"):
    facts = PostFacts(title, "", FIRST)
    return enter_post(actor=SYSTEM, unit_id=unit.id, revision=None, facts=facts, at=AT)


def person_in(post, username="mau.an", on=FIRST):
    return enter_person(
        actor=SYSTEM, person=Person(username, "Đặng Thị Mẫu An"), taking=Taking(post.id, on), at=AT
    )


# Agencies


def test_an_agency_is_entered_under_its_superior_and_the_journal_says_by_whom(world):
    actor = world.administrator
    superior = Agency.objects.get(code="H44")
    new = NewAgency("H44.STP", "Sở Tư pháp", "department", TODAY)
    agency = enter_agency(actor=actor, superior=Target(superior.id, superior.revision), new=new, at=AT)
    assert agency.path == "/H44/H44.STP/"
    (entry,) = Entry.objects.filter(kind="agency.entered", object_id=agency.id)
    assert (entry.account_id, entry.facts) == (actor.account_id, {"code": "H44.STP", "from": "2026-03-10"})


def test_a_stale_page_is_told_so(world):
    superior = Agency.objects.get(code="H44")
    entered("H44.A")
    with pytest.raises(errors.AgencyMoved):
        enter_agency(
            actor=SYSTEM,
            superior=Target(superior.id, superior.revision),
            new=NewAgency("H44.B", "B", "department", TODAY),
            at=AT,
        )


@pytest.mark.parametrize("code", ["h44.1", "H44.", "H44.Á", "000.00.01.H44", "H" * 36, ""])
def test_refuses_a_code_of_no_published_form(world, code):
    with pytest.raises(errors.WrongCode):
        entered(code)


def test_a_code_is_never_given_again(world):
    agency = entered("H44.A")
    end_agency(actor=SYSTEM, target=Target(agency.id), on=TODAY, at=AT)
    with pytest.raises(errors.CodeTaken):
        entered("H44.A")
    with pytest.raises(IntegrityError, match="agency_code_never_reused"), transaction.atomic():
        Agency.objects.filter(code="H44.04894").update(code="H44.A", valid_from=TODAY)


def test_a_new_name_counts_from_its_day_and_the_old_row_stays(world):
    old = Agency.objects.get(pk=world.desk.agency.pk)
    new = renamed(old, name="Ủy ban nhân dân phường Mới", on=TOMORROW)
    old.refresh_from_db()
    assert find_agency_of_place("04894", at=TODAY) == old
    assert find_agency_of_place("04894", at=TOMORROW) == new
    assert (successors_of(old, at=TOMORROW), predecessors_of(new, at=TODAY)) == ([new], [old])
    assert find_agency_by_code("H44.04894", at=TOMORROW) == new


def test_a_new_code_leaves_rights_dossiers_and_agencies_below_where_they_are(world):
    province = Agency.objects.get(code="H44")
    new = renamed(province, code="H99", on=TODAY)
    commune = Agency.objects.get(pk=world.desk.agency.pk)
    assert (new.path, commune.parent, commune.path) == ("/H44/", new, "/H44/H44.04894/")
    assert find_agency_by_code("H44", at=TODAY) == new == find_agency_by_code("H99", at=TODAY)
    assert find_agency_by_code("H99", at=FIRST).code == "H44"


def test_officers_go_on_in_a_renamed_agency_from_its_day(world):
    account = Account.objects.get(pk=world.desk.leader.account_id)
    new = renamed(world.desk.agency, name="Tên mới", on=TOMORROW)
    assert identify(account).actor.agency_id == world.desk.agency.id
    with time_machine.travel(AT + timedelta(days=1), tick=False):
        actor = identify(account).actor
        assert (actor.agency_id, actor.agency_path) == (new.id, world.desk.agency.path)
        assert list_agencies_with_desk(at=TOMORROW) == [new, world.other_desk.agency]


def test_a_renamed_agency_goes_on_with_its_numbers_and_needs_a_new_seal(world):
    agency = world.desk.agency
    first = next_number(agency_id=agency.id, series="dossier", period="260310")
    new = renamed(agency, name="Tên mới")
    assert next_number(agency_id=new.id, series="dossier", period="260310") == first + 1
    assert next_number(agency_id=agency.id, series="dossier", period="260310") == first + 2
    assert new.seal_image is None


def test_renaming_to_the_same_is_refused(world):
    with pytest.raises(errors.NothingChanged):
        renamed(world.desk.agency)


def test_merged_agencies_lead_to_the_one_they_went_up_in(world):
    one, two, successor = entered("H44.A"), entered("H44.B"), entered("H44.C")
    ending = Ending(TODAY, (one.id, two.id))
    merge_agencies(actor=SYSTEM, target=Target(successor.id), ending=ending, at=AT)
    one.refresh_from_db()
    two.refresh_from_db()
    assert successors_of(one, at=TODAY) == [successor] == successors_of(two, at=TODAY)
    assert successors_of(one, at=TODAY - timedelta(days=1))[0].code == "H44.A"
    assert find_agency_by_code("H44.B", at=TODAY) == successor


def test_after_a_split_one_code_leads_to_nobody_alone(world):
    agency, one, two = entered("H44.A"), entered("H44.B", on=TODAY), entered("H44.C", on=TODAY)
    split_agency(actor=SYSTEM, target=Target(agency.id), ending=Ending(TODAY, (one.id, two.id)), at=AT)
    agency.refresh_from_db()
    assert successors_of(agency, at=TODAY) == [one, two]
    assert find_agency_by_code("H44.A", at=TODAY) is None
    assert [it.code for it in predecessors_of(two, at=FIRST)] == ["H44.A"]


def test_an_agency_with_agencies_below_or_officers_does_not_end(world):
    parent = entered("H44.A")
    entered("H44.A.1", under=parent)
    with pytest.raises(errors.HasOpenWork, match=r"agencies below"):
        end_agency(actor=SYSTEM, target=Target(parent.id), on=TODAY, at=AT)
    lone = entered("H44.B")
    person_in(post_of(unit_of(lone)))
    with pytest.raises(errors.HasOpenWork, match=r"officers in posts"):
        end_agency(actor=SYSTEM, target=Target(lone.id), on=TODAY, at=AT)


def test_an_end_to_come_is_refused_as_nobody_knows_what_will_be_open(world):
    with pytest.raises(errors.DayNotCome):
        end_agency(actor=SYSTEM, target=Target(entered().id), on=TOMORROW, at=AT)


def test_old_codes_lead_to_the_agency_by_table(world):
    agency = world.desk.agency
    add_code(actor=SYSTEM, target=Target(agency.id), code="000.05.25.H44", period=(FIRST, None), at=AT)
    assert find_agency_by_code("000.05.25.H44", at=TODAY) == agency
    with pytest.raises(errors.CodeTaken):
        add_code(
            actor=SYSTEM,
            target=Target(world.other_desk.agency.id),
            code="000.05.25.H44",
            period=(FIRST, None),
            at=AT,
        )
    assert find_agency_by_code("000.99.99.H44", at=TODAY) is None


def test_an_administrator_of_one_agency_changes_no_other(world):
    actor = replace(world.administrator, grants=(("administrator", world.desk.agency.path),))
    renamed(world.desk.agency, name="Tên mới", actor=actor)
    with pytest.raises(NotFound):
        renamed(world.other_desk.agency, name="Tên mới", actor=actor)
    with pytest.raises(Refused):
        enter_agency(actor=actor, superior=None, new=NewAgency("H01", "X", "province", FIRST), at=AT)


@pytest.mark.parametrize("who", ["reception", "specialist", "leader"])
def test_who_handles_dossiers_changes_no_agency(world, who):
    with pytest.raises(NotFound):
        renamed(world.desk.agency, name="Tên mới", actor=getattr(world.desk, who))


# Units and posts


def test_units_in_a_circle_are_refused(world):
    agency = entered()
    top = unit_of(agency, "top")
    middle = unit_of(agency, "middle", parent=top.id)
    low = unit_of(agency, "low", parent=middle.id)
    with pytest.raises(errors.UnitCircle):
        change_unit(actor=SYSTEM, unit_id=top.id, revision=None, facts=UnitFacts("top", low.id), at=AT)


def test_a_unit_lies_below_none_of_another_agency(world):
    there = unit_of(entered("H44.A"))
    with pytest.raises(errors.UnitElsewhere):
        unit_of(entered("H44.B"), parent=there.id)


def test_a_unit_with_officers_does_not_end(world):
    unit = Unit.objects.get(agency=world.desk.agency, code="office")
    with pytest.raises(errors.StillInUse):
        end_unit(actor=SYSTEM, unit_id=unit.id, revision=None, on=TODAY, at=AT)


def test_the_usual_units_are_entered_once(world):
    agency = entered(level="commune")
    unit_of(agency, "one_stop_desk")
    units = enter_from_template(actor=SYSTEM, target=Target(agency.id), on=TODAY, at=AT)
    assert {"economy", "culture"} <= {unit.code for unit in units}
    assert agency.units.filter(code="one_stop_desk").count() == 1
    assert enter_from_template(actor=SYSTEM, target=Target(agency.id), on=TODAY, at=AT) == []


# Officers


def test_an_entered_officer_cannot_sign_in_and_has_no_rights(world):
    officer = person_in(post_of(unit_of(entered())))
    assert not officer.account.has_usable_password()
    assert identify(officer.account).actor.grants == ()


def test_refuses_a_user_name_that_is_there(world):
    post = post_of(unit_of(entered()))
    with pytest.raises(errors.UsernameTaken):
        person_in(post, username="demo.chair.04894")


def test_a_post_is_held_by_one_officer_at_a_time(world):
    post = post_of(unit_of(entered()))
    person_in(post)
    with pytest.raises(errors.PostTaken):
        person_in(post, username="mau.binh", on=TODAY)
    officer = Officer.objects.get(account__username="demo.chair.04894")
    Holding.objects.filter(officer=officer).delete()
    with pytest.raises(IntegrityError, match="post_of_one_officer"), transaction.atomic():
        Holding.objects.create(officer=officer, post=post, valid_from=date(2020, 1, 1), valid_to=TODAY)


def test_a_move_from_today_ends_the_rights_at_the_old_agency_and_keeps_others(world):
    leader = world.desk.leader
    RoleGrant.objects.create(account_id=leader.account_id, role_id="auditor", agency_path="/")
    post = post_of(unit_of(entered()))
    move_officer(actor=world.administrator, officer_id=leader.person, taking=Taking(post.id, TODAY), at=AT)
    actor = identify(Account.objects.get(pk=leader.account_id)).actor
    assert (actor.post_id, actor.grants) == (post.id, (("auditor", "/"),))
    assert Entry.objects.filter(kind="officer.moved", object_id=leader.person).count() == 1


def test_a_move_to_come_leaves_the_rights_until_its_day(world):
    leader, path = world.desk.leader, world.desk.agency.path
    post = post_of(unit_of(entered()))
    move_officer(actor=SYSTEM, officer_id=leader.person, taking=Taking(post.id, TOMORROW), at=AT)
    end_rights(officer_id=leader.person, path=path, at=AT)
    assert RoleGrant.objects.filter(account=leader.account_id, agency_path=path).exists()
    end_rights(officer_id=leader.person, path=path, at=AT + timedelta(days=1))
    assert not RoleGrant.objects.filter(account=leader.account_id).exists()
    assert Account.objects.get(pk=leader.account_id).is_active


def test_who_leaves_has_no_account_any_more(world):
    leader = world.desk.leader
    end_officer(actor=SYSTEM, officer_id=leader.person, on=TODAY, at=AT)
    account = Account.objects.get(pk=leader.account_id)
    assert (account.is_active, identify(account), account.grants.count()) == (False, None, 0)


def test_an_administrator_moves_nobody_out_of_another_agency(world):
    actor = replace(world.administrator, grants=(("administrator", world.desk.agency.path),))
    post = post_of(Unit.objects.get(agency=world.desk.agency, code="office"))
    there = world.other_desk.leader.person
    with pytest.raises(NotFound):
        move_officer(actor=actor, officer_id=there, taking=Taking(post.id, TODAY), at=AT)


def test_a_post_that_is_held_does_not_end(world):
    post = Post.objects.get(holdings__officer=world.desk.leader.person)
    with pytest.raises(errors.StillInUse, match="Mẫu"):
        end_post(actor=SYSTEM, post_id=post.id, revision=None, on=TODAY, at=AT)


# Calendars

EARLY = OwnTime(hours={"1": [["08:00", "12:00"]], "4": []}, closed=[{"date": "2026-03-11", "reason": "Lũ"}])


def test_an_agency_without_its_own_working_time_takes_its_superiors(world):
    province = Agency.objects.get(code="H44")
    set_calendar(actor=SYSTEM, target=Target(province.id), own=EARLY, on=TODAY, at=AT)
    agency = Agency.objects.get(pk=world.desk.agency.pk)
    calendar = calendar_of(agency, on=TODAY)
    assert calendar.day(TODAY).working_seconds == 4 * 3600
    assert (calendar.is_working(TOMORROW), calendar.day(TOMORROW).reason) == (False, "Lũ")
    assert not calendar.is_working(date(2026, 3, 13))
    assert calendar_of(agency, on=TODAY - timedelta(days=1)).is_working(TOMORROW)
    set_calendar(actor=SYSTEM, target=Target(agency.id), own=OwnTime(), on=TODAY, at=AT)
    agency.refresh_from_db()
    assert calendar_of(agency, on=TODAY).is_working(TOMORROW)
    set_calendar(actor=SYSTEM, target=Target(agency.id), own=None, on=TODAY, at=AT)
    agency.refresh_from_db()
    assert not calendar_of(agency, on=TODAY).is_working(TOMORROW)


def test_a_known_calendar_costs_no_query_and_a_changed_one_is_seen_at_once(world):
    agency = Agency.objects.get(pk=world.desk.agency.pk)
    calendar_of(agency, on=TODAY)
    with CaptureQueriesContext(connection) as asked:
        calendar_of(agency, on=TOMORROW)
    assert len(asked) == 0
    set_calendar(actor=SYSTEM, target=Target(agency.id), own=EARLY, on=TODAY, at=AT)
    agency.refresh_from_db()
    assert not calendar_of(agency, on=TODAY).is_working(TOMORROW)


@pytest.mark.parametrize(
    "own",
    [
        OwnTime(hours={"1": [["12:00", "08:00"]]}),
        OwnTime(hours={str(day): [] for day in range(7)}),
        OwnTime(base="nowhere"),
        OwnTime(saturday=[["11:00", "10:00"]]),
    ],
    ids=["backwards", "never open", "unknown base", "saturday backwards"],
)
def test_opening_hours_that_contradict_themselves_are_refused(world, own):
    with pytest.raises(errors.WrongHours):
        set_calendar(actor=SYSTEM, target=Target(world.desk.agency.id), own=own, on=TODAY, at=AT)


# Properties

links = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=30)


@given(links, st.integers(0, 9), st.sets(st.integers(0, 9)))
def test_following_ends_and_gives_only_what_is_wanted_once(chain, start, wanted):
    found = follow(chain, start, lambda it: it in wanted)
    assert len(found) == len(set(found))
    assert set(found) <= wanted
    if start in wanted:
        assert found == [start]


@given(st.lists(st.tuples(st.integers(0, 7), st.one_of(st.none(), st.integers(0, 7))), max_size=40))
def test_no_row_of_moves_makes_a_circle(moves):
    parents = dict.fromkeys(range(8))
    for unit, parent in moves:
        if not would_circle(parents, unit, parent):
            parents[unit] = parent
    for unit in parents:
        seen = set()
        while unit is not None:
            assert unit not in seen
            seen.add(unit)
            unit = parents[unit]


@given(st.text(alphabet="AH0149.z", max_size=20))
def test_a_code_has_one_form_at_most(code):
    form = code_form(code)
    assert form in {"new", "old", ""}
    assert (form == "old") == (code.count(".") == 3 and code[:1].isdigit() and bool(form))


@settings(deadline=None, max_examples=15)
@given(days=st.lists(st.integers(1, 400), min_size=1, max_size=4, unique=True), asked=st.integers(-5, 420))
def test_on_every_day_exactly_one_row_of_a_renamed_agency_is_valid(world, days, asked):
    begin = date(2026, 3, 10)
    with transaction.atomic():
        agency = entered("H44.P", on=begin)
        first = agency
        for number, after in enumerate(sorted(days)):
            agency = renamed(agency, name=f"Tên {number}", on=begin + timedelta(days=after))
        day = begin + timedelta(days=asked)
        rows = [it for it in Agency.objects.filter(path=first.path) if it in successors_of(it, at=day)]
        assert len(rows) == (1 if asked >= 0 else 0)
        first.refresh_from_db()
        agency.refresh_from_db()
        if rows:
            assert successors_of(first, at=day) == rows == predecessors_of(agency, at=day)
        assert Succession.objects.filter(predecessor__path=first.path).count() == len(days)
        transaction.set_rollback(True)
