"""Hand-over slips: several dossiers on one paper."""

from __future__ import annotations

import pytest
from django.urls import reverse

from motcua.casework.dossiers.errors import NothingToHandOver
from motcua.casework.dossiers.models import HandOver
from motcua.casework.dossiers.services import handing_over
from motcua.casework.dossiers.services.handing_over import (
    Handing,
    list_handed_over,
    make_hand_over,
    open_slip,
    receivers,
)
from motcua.casework.dossiers.tests import factories
from motcua.casework.dossiers.tests.factories import MORNING
from motcua.casework.dossiers.tests.test_printed_forms import words_of
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.ids import new_id

pytestmark = pytest.mark.django_db


def to_a_unit(world) -> str:
    return next(iter(receivers(world.desk.agency, at=MORNING)))


def make(world, dossiers, *, slip_id=None, who=None):
    handing = Handing(slip_id or new_id(), [it.id for it in dossiers], to_a_unit(world), "Lê Quang")
    return make_hand_over(actor=who or world.desk.reception, handing=handing, at=MORNING)


def test_lists_the_dossiers_in_the_order_they_were_chosen(world):
    first, second = (factories.handed_over(world.desk, world.mother) for _ in range(2))
    slip = make(world, [second, first])
    assert [row["code"] for row in slip.content["entries"]] == [second.code, first.code]
    assert slip.content["number"] == "1/PBG-TTPVHCC"
    _slip, pdf = open_slip(world.desk.leader, slip.id, at=MORNING)
    text = words_of(pdf)
    assert all(it.code in text for it in (first, second))
    assert "LêQuang" in text
    entry = Entry.objects.get(kind="hand_over.made")
    assert entry.facts["dossiers"] == [str(second.id), str(first.id)]
    assert Entry.objects.filter(kind="hand_over.read", object_id=slip.id).exists()


def test_the_same_page_sent_twice_makes_one_slip(world):
    dossier, same = factories.handed_over(world.desk, world.mother), new_id()
    assert make(world, [dossier], slip_id=same).number == make(world, [dossier], slip_id=same).number == 1
    assert make(world, [dossier]).number == 2


def test_refuses_a_dossier_of_others_and_an_empty_choice(world):
    foreign = factories.accepted(world.other_desk, world.mother)
    own = factories.accepted(world.desk, world.mother)
    for chosen in ([foreign], [own, foreign], []):
        with pytest.raises(NothingToHandOver):
            make(world, chosen)
    assert not HandOver.objects.exists()


def test_is_of_its_agency_alone(world):
    slip = make(world, [factories.accepted(world.desk, world.mother)])
    with pytest.raises(NotFound):
        open_slip(world.other_desk.reception, slip.id, at=MORNING)


def test_what_was_handed_over_today_comes_from_the_journal(world):
    dossier = factories.handed_over(world.desk, world.mother)
    assert [it.pk for it in list_handed_over(world.desk.reception, at=MORNING)] == [dossier.pk]
    assert list_handed_over(world.desk.leader, at=MORNING) == []


def test_more_than_a_slip_holds_is_refused(world, monkeypatch):
    monkeypatch.setattr(handing_over, "LIMIT", 1)
    with pytest.raises(NothingToHandOver):
        make(world, [factories.accepted(world.desk, world.mother) for _ in range(2)])


def test_the_page_makes_a_slip_of_what_was_ticked_and_keeps_ticks_when_refused(world, browse):
    dossier = factories.accepted(world.desk, world.mother)
    browser, url = browse(world.desk.reception), reverse("desk:hand-over")
    assert dossier.code in browser.get(url).content.decode()
    refused = browser.post(url, {"chosen": [str(dossier.id)], "to": ""})
    assert refused.status_code == 422
    assert f'value="{dossier.id}" aria-label' in refused.content.decode()
    assert "checked" in refused.content.decode()
    done = browser.post(url, {"chosen": [str(dossier.id)], "to": to_a_unit(world)})
    assert done.status_code == 302
    pdf = browser.get(reverse("desk:hand-over-slip", args=[HandOver.objects.get().id]))
    assert pdf.content.startswith(b"%PDF")
