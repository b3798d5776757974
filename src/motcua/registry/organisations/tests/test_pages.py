from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from motcua.registry.access.models import RoleGrant
from motcua.registry.organisations.models import Agency, AgencyCalendar, Holding, Officer, Post, Unit
from motcua.registry.organisations.tests.factories import BLUE, RED, ink_picture

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 10, 1, 40, tzinfo=UTC)
TODAY = {"on_day": "10", "on_month": "3", "on_year": "2026"}


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def page(world, browse):
    return browse(world.administrator)


def act(name, subject, code):
    return reverse(f"organisations:{name}-act", args=[subject.pk, code])


def done(page, url, fields):
    """Fill in, look at the preview, confirm."""
    shown = page.post(url, fields)
    assert "Nothing has been changed yet" in shown.content.decode(), shown.content.decode()[:3000]
    return page.post(url, {**fields, "confirm": "1"})


def text(response):
    return re.sub(r"\s+", " ", response.content.decode())


def test_the_tree_opens_level_by_level(world, page):
    top = text(page.get(reverse("organisations:list")))
    province = Agency.objects.get(code="H44")
    assert province.name in top
    assert "4 agencies" in top
    below = text(page.get(reverse("organisations:list"), {"under": province.pk}))
    assert world.desk.agency.name in below


@pytest.mark.parametrize("words", ["ky son", "Kỳ Sơn", "H44.04894", "h44.048", "04894"])
def test_an_agency_is_found_without_accents_or_by_its_code(world, page, words):
    shown = text(page.get(reverse("organisations:list"), {"q": words}))
    assert world.desk.agency.name in shown
    assert world.other_desk.agency.name not in shown


def test_nothing_is_changed_before_the_confirmation(world, page):
    agency = Agency.objects.get(pk=world.desk.agency.pk)
    fields = {"name": "Tên mới", "code": agency.code, "revision": agency.revision, **TODAY}
    shown = text(page.post(act("agency", agency, "rename"), fields))
    assert "Tên mới" in shown
    assert not Agency.objects.filter(name="Tên mới").exists()
    response = page.post(act("agency", agency, "rename"), {**fields, "confirm": "1"})
    new = Agency.objects.get(name="Tên mới")
    assert response.headers["Location"] == reverse("organisations:agency", args=[new.pk])
    old = text(page.get(reverse("organisations:agency", args=[agency.pk])))
    assert "of the past" in old
    assert "Tên mới" in old


def test_a_stale_form_is_told_so_keeps_what_was_typed_and_goes_on(world, page):
    agency = Agency.objects.get(pk=world.desk.agency.pk)
    Agency.objects.filter(pk=agency.pk).update(revision=agency.revision + 1)
    fields = {"name": "Tên mới", "code": agency.code, "revision": agency.revision, **TODAY}
    shown = text(page.post(act("agency", agency, "rename"), {**fields, "confirm": "1"}))
    assert "Somebody has changed this agency" in shown
    assert 'value="Tên mới"' in shown
    assert f'value="{agency.revision + 1}"' in shown


def test_an_agency_with_open_work_does_not_end_and_the_page_says_why(world, page):
    shown = text(page.post(act("agency", world.desk.agency, "end"), TODAY))
    officers = Holding.objects.filter(post__unit__agency=world.desk.agency).count()
    assert f"officers in posts: {officers}" in shown


def test_merging_names_agencies_by_code_and_says_which_are_unknown(world, page):
    agency = Agency.objects.get(code="H44")
    for name in ("merge", "split"):
        assert "Enter the code of at least one agency." in text(page.post(act("agency", agency, name), TODAY))
    shown = text(page.post(act("agency", agency, "merge"), {"others": "H44.04894 H99", **TODAY}))
    assert "There is no agency H99" in shown


def test_a_commune_is_set_up_on_the_pages(world, page):
    province = Agency.objects.get(code="H44")
    fields = {"code": "H44.00001", "name": "UBND xã Mới", "level": "commune", **TODAY}
    done(page, act("agency", province, "enter"), fields)
    agency = Agency.objects.get(code="H44.00001")
    done(page, act("agency", agency, "template"), TODAY)
    unit = Unit.objects.get(agency=agency, code="one_stop_desk")
    done(page, act("unit", unit, "post"), {"name": "Công chức", "rank": "", **TODAY})
    post = Post.objects.get(unit=unit)
    done(page, act("post", post, "enter"), {"username": "mau.moi", "full_name": "Vũ Mẫu Mới", **TODAY})
    shown = text(page.get(reverse("organisations:agency", args=[agency.pk])))
    assert "Vũ Mẫu Mới" in shown
    officer = Officer.objects.get(account__username="mau.moi")
    shown = text(page.get(reverse("organisations:officer", args=[officer.pk])))
    assert "mau.moi" in shown
    assert "Without one the account opens nothing" in shown
    assert reverse("console:grant", args=[officer.account_id]) in shown
    assert reverse("console:account", args=[officer.account_id]) in shown
    assert "Vũ Mẫu Mới" in text(page.get(reverse("organisations:officers"), {"q": "mau moi"}))
    done(page, act("officer", officer, "leave"), {"on_day": "11", "on_month": "3", "on_year": "2026"})


def test_an_officer_is_moved_by_user_name(world, page):
    unit = Unit.objects.get(agency=world.other_desk.agency, code="office")
    post = Post.objects.create(unit=unit, title="Chuyên viên")
    done(page, act("post", post, "move"), {"username": "demo.justice.04894", **TODAY})
    assert post.holdings.get().officer.account.username == "demo.justice.04894"
    unknown = text(page.post(act("post", post, "move"), {"username": "nobody", **TODAY}))
    assert "There is no officer with this user name" in unknown


def test_working_time_is_entered_as_people_write_it(world, page):
    url = act("agency", world.desk.agency, "calendar")
    fields = {"own": "1", "base": "default", "hours_0": "7:30-11:30, 13:00-16:30", "hours_4": "-", **TODAY}
    done(page, url, {**fields, "closed": "12/03/2026 Lũ", "saturday": "7:30-11:00"})
    row = AgencyCalendar.objects.get()
    assert row.hours == {"0": [["07:30", "11:30"], ["13:00", "16:30"]], "4": []}
    assert row.closed == [{"date": "2026-03-12", "reason": "Lũ"}]
    assert 'value="07:30-11:30, 13:00-16:30"' in text(page.get(url))
    wrong = text(page.post(url, {**fields, "hours_0": "early", "closed": "31/02/2026 x"}))
    assert "Enter hours as" in wrong
    assert "day and reason" in wrong


def test_pictures_of_seal_and_signature_are_entered_and_shown(world, page):
    agency = world.desk.agency
    png = SimpleUploadedFile("seal.png", ink_picture(RED), "image/png")
    page.post(act("agency", agency, "seal"), {"picture": png, "width_mm": "34", "key": "seal-04894"})
    assert "data:image/png" in text(page.get(reverse("organisations:agency", args=[agency.pk])))
    officer = Officer.objects.get(pk=world.desk.leader.person)
    blue = SimpleUploadedFile("s.png", ink_picture(BLUE), "image/png")
    page.post(act("officer", officer, "signature"), {"picture": blue})
    assert "data:image/png" in text(page.get(reverse("organisations:officer", args=[officer.pk])))
    bad = SimpleUploadedFile("s.png", b"no picture", "image/png")
    shown = text(page.post(act("officer", officer, "signature"), {"picture": bad}))
    assert "cannot be the picture" in shown


def test_a_file_is_shown_before_it_is_entered(world, page):
    url = reverse("organisations:import")
    content = "units:\n- {agency: H44.04894, code: extra, name: Phòng Thêm}\n".encode()
    shown = text(page.post(url, {"file": SimpleUploadedFile("a.yaml", content)}))
    assert "Phòng Thêm" in shown
    assert not Unit.objects.filter(code="extra").exists()
    table = re.search(r'<textarea name="table"[^>]*>\n?(.*?)</textarea>', page.post(
        url, {"file": SimpleUploadedFile("a.yaml", content)}).content.decode(), re.S)[1]  # fmt: skip
    page.post(url, {"table": table})
    assert Unit.objects.filter(code="extra").exists()
    bad = SimpleUploadedFile("a.csv", b"kind,code\nagency,h44\n")
    assert "Line 2:" in text(page.post(url, {"file": bad}))


@pytest.fixture
def narrow(world, browse):
    """An administrator of one commune."""
    account = world.administrator.account_id
    RoleGrant.objects.filter(account=account).update(agency_path=world.desk.agency.path)
    return browse(replace(world.administrator))


def test_an_administrator_of_one_agency_sees_no_other(world, narrow):
    shown = text(narrow.get(reverse("organisations:list")))
    assert world.desk.agency.name in shown
    assert world.other_desk.agency.name not in text(
        narrow.get(reverse("organisations:list"), {"q": "uy ban"})
    )
    other, province = world.other_desk.agency, Agency.objects.get(code="H44")
    unit = Unit.objects.filter(agency=other).first()
    post = Post.objects.filter(unit__agency=other).first()
    officer = Officer.objects.get(pk=world.other_desk.leader.person)
    urls = [
        reverse("organisations:agency", args=[other.pk]),
        reverse("organisations:agency", args=[province.pk]),
        act("agency", other, "rename"),
        act("unit", unit, "change"),
        act("post", post, "end"),
        reverse("organisations:officer", args=[officer.pk]),
        act("officer", officer, "leave"),
        reverse("organisations:list") + f"?under={province.pk}",
    ]
    assert [narrow.get(url).status_code for url in urls] == [404] * len(urls)
    assert narrow.get(reverse("organisations:enter")).status_code == 403
    assert other.name not in text(narrow.get(reverse("organisations:officers"), {"q": ""}))


def test_no_link_leads_to_an_account_that_the_administrator_may_not_open(world, narrow):
    officer = Officer.objects.get(pk=world.desk.leader.person)
    url = reverse("organisations:officer", args=[officer.pk])
    account = reverse("console:account", args=[officer.account_id])
    assert account in text(narrow.get(url))
    assert narrow.get(account).status_code == 200
    # A post to come: the account is prepared before that day.
    officer.holdings.update(valid_from="2026-03-11")
    assert account in text(narrow.get(url))
    assert narrow.get(account).status_code == 200
    officer.holdings.update(valid_from="2026-03-01", valid_to="2026-03-10")
    assert account not in text(narrow.get(url))
    assert narrow.get(account).status_code == 404


def test_an_unknown_act_is_not_found(world, page):
    assert page.get(act("agency", world.desk.agency, "explode")).status_code == 404


def test_pages_take_as_many_queries_with_20_units_as_with_3(world, page):
    agency = world.desk.agency
    url = reverse("organisations:agency", args=[agency.pk])

    def asked():
        page.get(url)
        with CaptureQueriesContext(connection) as captured:
            page.get(url)
        return len(captured)

    before = asked()
    for number in range(20):
        unit = Unit.objects.create(agency=agency, code=f"u{number}", name=f"Phòng {number}")
        Post.objects.create(unit=unit, title="Chuyên viên")
    assert asked() == before <= 4 + 10


def test_who_enters_an_officer_sees_at_once_what_is_still_missing(world, page):
    unit = Unit.objects.get(agency=world.other_desk.agency, code="office")
    post = Post.objects.create(unit=unit, title="Chuyên viên")
    entered = done(page, act("post", post, "enter"), {"username": "mau.moi", "full_name": "Vũ Mẫu", **TODAY})
    officer = Officer.objects.get(account__username="mau.moi")
    assert entered.url == reverse("organisations:officer", args=[officer.pk])
    account = reverse("console:account", args=[officer.account_id])
    shown = text(page.get(entered.url))
    assert "A role" in shown and "An invitation" in shown and account in shown
    assert entered.url in text(page.get(account))
    page.post(reverse("console:invite", args=[officer.account_id]))
    RoleGrant.objects.create(
        account_id=officer.account_id, role_id="specialist", agency_path="/H44/H44.04894/"
    )
    shown = text(page.get(entered.url))
    assert "A role" not in shown and "An answer to the invitation" in shown
