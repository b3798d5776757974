from __future__ import annotations

import importlib.util
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.signatures.images import UnfitImage
from motcua.registry.access.contributions import identify
from motcua.registry.access.models import Account, RoleGrant
from motcua.registry.organisations.models import Agency, Holding, Officer, Post
from motcua.registry.organisations.selectors import (
    find_agency_of_place,
    get_officer,
    get_title,
    identify_officer,
    list_agencies_with_desk,
    officer_posts,
)
from motcua.registry.organisations.services import (
    NewOfficer,
    Seal,
    enter_officer,
    load_province,
    next_number,
    set_seal_image,
    set_signature_image,
)
from motcua.registry.organisations.tests.factories import BLUE, RED, ink_picture
from motcua.registry.places.services import load_places

AT = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
TODAY = date(2026, 3, 10)
NEW = NewOfficer(
    username="lan.archive",
    full_name="Lường Thị Mẫu Lan",
    unit_code="archive",
    unit_name="Văn thư – lưu trữ",
    title="Công chức văn thư",
    role="reception",
)
pytestmark = pytest.mark.django_db
needs_places = pytest.mark.skipif(
    not importlib.util.find_spec("vietnamadminunits"), reason="The places are not installed: run the set-up."
)


def take(agency, *, series="dossier", period="260310"):
    return next_number(agency_id=agency.id, series=series, period=period)


def test_numbers_run_from_one_for_every_agency_series_and_period(world):
    here, there = world.desk.agency, world.other_desk.agency
    assert [take(here), take(here), take(here)] == [1, 2, 3]
    assert (take(there), take(here, period="260311"), take(here, series="form-01")) == (1, 1, 1)


def test_a_number_whose_act_failed_is_taken_by_the_next(world):
    take(world.desk.agency)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        take(world.desk.agency)
        raise ZeroDivisionError
    assert take(world.desk.agency) == 2


def test_an_officer_is_entered_with_unit_post_role_and_no_password(world):
    officer = enter_officer(agency=world.desk.agency, new=NEW, at=AT)
    identity = identify_officer(officer.account)
    assert identity.actor.grants == (("reception", world.desk.agency.path),)
    assert (identity.display_name, identity.unit_name) == (NEW.full_name, "Văn thư – lưu trữ, Phường Kỳ Sơn")
    assert not officer.account.has_usable_password()


def test_entering_an_officer_again_changes_nothing(world):
    first = enter_officer(agency=world.desk.agency, new=NEW, at=AT)
    counts = [model.objects.count() for model in (Account, Officer, Post, Holding, RoleGrant, Entry)]
    assert enter_officer(agency=world.desk.agency, new=NEW, at=AT) == first
    assert [model.objects.count() for model in (Account, Officer, Post, Holding, RoleGrant, Entry)] == counts


def test_two_officers_of_a_unit_share_it(world):
    enter_officer(agency=world.desk.agency, new=NEW, at=AT)
    again = NewOfficer(
        **{name: getattr(NEW, name) for name in NEW.__dataclass_fields__} | {"username": "binh.archive"}
    )
    enter_officer(agency=world.desk.agency, new=again, at=AT)
    assert world.desk.agency.units.filter(code="archive").count() == 1


@pytest.mark.parametrize(
    ("now", "acts"),
    [("2025-06-30", False), ("2025-07-01", True), ("2026-03-09", True), ("2026-03-10", False)],
    ids=["the day before", "the first day", "the last day", "the day after"],
)
def test_an_account_acts_only_while_its_post_is_held(world, now, acts):
    account = enter_officer(agency=world.desk.agency, new=NEW, at=AT).account
    Holding.objects.filter(officer__account=account).update(valid_to=TODAY)
    with time_machine.travel(f"{now}T12:00:00+07:00", tick=False):
        assert bool(identify(account)) == acts


def test_after_a_move_the_officer_acts_in_the_new_post_and_earlier_acts_keep_the_old(world):
    officer = enter_officer(agency=world.desk.agency, new=NEW, at=AT)
    old = Holding.objects.get(officer=officer)
    Holding.objects.filter(pk=old.pk).update(valid_to=TODAY)
    new_post = Post.objects.create(
        unit=world.other_desk.agency.units.get(code="office"), title="Công chức tư pháp"
    )
    Holding.objects.create(officer=officer, post=new_post, valid_from=TODAY)
    with time_machine.travel(AT, tick=False):
        assert identify_officer(officer.account).actor.agency_id == world.other_desk.agency.id
    assert get_title(officer.id, at=AT) == "Công chức tư pháp"
    assert get_title(officer.id, at=AT - timedelta(days=1)) == "Công chức văn thư"
    names = officer_posts({old.post_id, new_post.id})
    assert names[(old.post_id, officer.id)] == (NEW.full_name, "Văn thư – lưu trữ")


def test_nobody_holds_two_posts_at_once(world):
    officer = enter_officer(agency=world.desk.agency, new=NEW, at=AT)
    with pytest.raises(IntegrityError, match="officer_in_one_post"), transaction.atomic():
        Holding.objects.create(officer=officer, post=Post.objects.first(), valid_from=TODAY)


@pytest.mark.parametrize("code", ["h44", "H4", "H44.", "H44.Á1", "H44.123456789"])
def test_an_agency_has_a_code_of_the_published_form(world, code):
    with pytest.raises(IntegrityError, match="agency_code_form"), transaction.atomic():
        Agency.objects.filter(pk=world.desk.agency.pk).update(code=code)


def test_an_agency_is_found_by_its_place_while_it_exists(world):
    assert find_agency_of_place("04894", at=TODAY) == world.desk.agency
    assert find_agency_of_place("04894", at=date(2025, 6, 30)) is None
    assert find_agency_of_place("99999", at=TODAY) is None


def test_only_communes_whose_desk_has_an_officer_take_applications(world):
    assert set(list_agencies_with_desk(at=TODAY)) == {world.desk.agency, world.other_desk.agency}
    desk = world.desk.agency.units.get(code="one_stop_desk")
    Holding.objects.filter(post__unit=desk).update(valid_to=TODAY)
    assert list_agencies_with_desk(at=TODAY) == [world.other_desk.agency]


def test_an_unknown_officer_is_not_found(world):
    with pytest.raises(NotFound):
        get_officer(world.mother.person_id)


@needs_places
def test_loading_a_province_again_adds_nothing(world):
    load_places(at=AT)

    def load():
        load_province(code="H44", name="Tỉnh Phú Thọ", place_code="25", at=AT)
        return Agency.objects.filter(level="commune").count(), Agency.objects.get(code="H44.04894").pk

    # Two were there already; they stay as they were.
    assert load() == (148, world.desk.agency.pk)
    assert load() == (148, world.desk.agency.pk)


@needs_places
def test_communes_come_in_the_order_of_the_vietnamese_alphabet(db):
    load_places(at=AT)
    load_province(code="H44", name="Tỉnh Phú Thọ", place_code="25", at=AT)
    names = list(
        Agency.objects.filter(level="commune").order_by("sort_key").values_list("place_name", flat=True)
    )
    plain = [name.split(" ", 1)[1] for name in names]
    assert plain.index("An Bình") < plain.index("Âu Cơ") < plain.index("Bản Nguyên") < plain.index("Đà Bắc")
    assert plain.index("Đà Bắc") < plain.index("Hạ Hòa") < plain.index("Yên Lập")


def test_enters_a_signature_and_says_what_is_doubtful_about_it(world):
    officer = Officer.objects.get(pk=world.desk.leader.person_id)
    assert set_signature_image(officer_id=officer.id, png=ink_picture(BLUE), at=AT) == []
    assert set_signature_image(officer_id=officer.id, png=ink_picture(RED), at=AT)
    officer.refresh_from_db()
    entries = Entry.objects.filter(kind="officer.signature_image_set", object_id=officer.id)
    assert entries.order_by("sequence").last().facts == {"sha256": officer.signature_image.sha256}
    assert entries.count() == 2


def test_enters_a_seal_with_the_key_that_signs_for_the_agency(world):
    seal = Seal(ink_picture(RED), 34, "seal-04894")
    assert set_seal_image(agency_id=world.desk.agency.id, seal=seal, at=AT) == []
    agency = Agency.objects.get(pk=world.desk.agency.id)
    assert (agency.seal_mm, agency.seal_key) == (34, "seal-04894")
    (entry,) = Entry.objects.filter(kind="agency.seal_set")
    assert entry.facts == {"sha256": agency.seal_image.sha256, "width_mm": 34, "key": "seal-04894"}


def test_refuses_a_picture_that_cannot_be_one(world):
    with pytest.raises(UnfitImage):
        set_signature_image(officer_id=world.desk.leader.person_id, png=ink_picture(BLUE, mode="RGB"), at=AT)


@pytest.mark.parametrize("changes", [{"seal_key": "seal"}, {"seal_mm": 34}], ids=["a key", "a width"])
def test_the_database_refuses_half_a_seal(world, changes):
    with pytest.raises(IntegrityError, match="agency_seal_is_whole"), transaction.atomic():
        Agency.objects.filter(pk=world.desk.agency.pk).update(**changes)
