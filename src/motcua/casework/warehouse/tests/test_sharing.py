"""Sharing by code: what the owner allows, what whoever has the code sees, and what the journal keeps."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from motcua.casework.warehouse import selectors, sharing, tasks
from motcua.casework.warehouse.codes import share_code, share_digest
from motcua.casework.warehouse.errors import BadShare, NotShareable, ShareClosed
from motcua.casework.warehouse.models import Share
from motcua.casework.warehouse.services import Ending, end_document
from motcua.casework.warehouse.tests.factories import given, issued, signed_pdf
from motcua.casework.warehouse.tests.test_documents_pages import ENGLISH, acting, held
from motcua.foundation.installation import selectors as settings_here
from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.services import place_hold
from motcua.foundation.kernel.actors import ANONYMOUS, SYSTEM
from motcua.foundation.kernel.errors import NotFound
from motcua.registry.organisations.models import Officer

pytestmark = pytest.mark.django_db
AT = datetime.fromisoformat("2026-03-10T11:00:00+07:00")


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(AT, tick=False) as clock:
        yield clock


@pytest.fixture
def document(world):
    return given(world.desk.agency, world.mother.person_id, 1)


def shared(actor, *documents, lasts=timedelta(days=1), **changes):
    plain = {"purpose": "Vay vốn ngân hàng", "ends_at": AT + lasts}
    new = sharing.NewShare([it.id for it in documents], **(plain | changes))
    return sharing.make_share(actor=actor, new=new, at=AT)


def opened(client, share):
    """A stranger goes by the link and looks."""
    link = reverse("documents:shared-code", args=[share_code(share.id)])
    assert client.get(link, headers=ENGLISH).status_code == 200
    answer = client.post(reverse("documents:shared"), {"code": share_code(share.id), "look": "1"})
    return answer


def entries(share, kind):
    return list(Entry.objects.filter(object_id=share.id, kind=kind).order_by("sequence"))


def test_the_owner_makes_a_share_on_the_page_and_gets_code_link_and_picture(world, browse, document):
    browser = browse(world.mother)
    form = {"documents": [str(document.id)], "purpose": "Nhập học", "receiver": "Cô Lan", "period": "week"}
    answer = browser.post(reverse("documents:share-new"), form)
    share = Share.objects.get()
    assert answer["Location"] == reverse("documents:share", args=[share.id])
    page = browser.get(answer["Location"], headers=ENGLISH).content.decode()
    code = share_code(share.id)
    assert code in page and f"/shared/{code}/" in page and "<svg" in page and "Nobody yet." in page
    assert share.ends_at == AT + timedelta(days=7)
    made = entries(share, "share.made")[0]
    assert made.facts["documents"] == [str(document.id)] and made.concerns_id == world.mother.person_id
    assert made.detail.values == {"purpose": "Nhập học", "receiver": "Cô Lan"}
    assert "Nhập học" not in str(made.facts) and code not in str(made.facts)


def test_another_end_is_a_day_and_a_time(world, browse, document):
    form = {
        "documents": [str(document.id)],
        "purpose": "Nhập học",
        "period": "other",
        "last_day_day": "12",
        "last_day_month": "3",
        "last_day_year": "2026",
    }
    browse(world.mother).post(reverse("documents:share-new"), form)
    browse(world.mother).post(reverse("documents:share-new"), form | {"last_time": "16:30"})
    ends = [
        str(it.astimezone(AT.tzinfo)) for it in Share.objects.order_by("pk").values_list("ends_at", flat=True)
    ]
    assert ends == ["2026-03-13 00:00:00+07:00", "2026-03-12 16:30:00+07:00"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"purpose": ""}, "Enter what the documents are shared for."),
        ({"documents": []}, "Choose at least one document."),
        ({"period": "other"}, "Enter the last day on which it can be seen."),
        (
            {"period": "other", "last_day_day": "9", "last_day_month": "3", "last_day_year": "2026"},
            "lies ahead",
        ),
        (
            {"period": "other", "last_day_day": "9", "last_day_month": "9", "last_day_year": "2026"},
            "within 90 days",
        ),
        ({"most_looks": "0"}, "Enter a whole number from 1 to 1000."),
        ({"documents": [str(UUID(int=9))]}, "Choose among your documents."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(world, browse, document, changes, words):
    form = {"documents": [str(document.id)], "purpose": "Nhập học", "period": "day", "receiver": "Cô Lan"}
    answer = browse(world.mother).post(reverse("documents:share-new"), form | changes, headers=ENGLISH)
    page = answer.content.decode()
    assert answer.status_code == 422 and words in page and "Cô Lan" in page
    assert not Share.objects.exists()


def test_the_longest_time_is_a_setting(world, document):
    settings_here.assume({"documents.longest_share_days": 2})
    with pytest.raises(BadShare):
        shared(world.mother, document, lasts=timedelta(days=3))
    shared(world.mother, document, lasts=timedelta(days=2))


def test_nobody_shares_what_is_anothers(world, document, browse):
    for actor in (world.neighbour, world.desk.leader, ANONYMOUS):
        with pytest.raises(NotShareable):
            shared(actor, document)
    # Who holds a mandate receives for the owner; showing to others stays with the owner.
    browser = acting(browse, world.neighbour, held(world, "receive", "see", "apply"))
    assert browser.get(reverse("documents:share-new")).status_code == 403
    assert not Share.objects.exists()


def test_a_stranger_looks_reads_and_the_owner_sees_it(world, browse, client, document):
    share = shared(world.mother, document)
    answer = opened(client, share)
    assert answer["Location"] == reverse("documents:shared-look", args=[share.id])
    page = client.get(answer["Location"], headers=ENGLISH).content.decode()
    assert "Giấy khai sinh" in page and "Vay vốn ngân hàng" in page
    # Not signed, in this test.
    assert "Not proven genuine" in page
    assert "025*********" in page and "025197004187" not in page
    file = client.get(reverse("documents:shared-file", args=[share.id, document.id]))
    assert b"".join(file.streaming_content).startswith(b"%PDF")
    assert [it.actor_kind for it in entries(share, "share.looked_at")] == ["anonymous"]
    assert entries(share, "share.file_read")[0].facts == {"document": str(document.id)}
    share.refresh_from_db()
    assert share.looks == 1
    told = browse(world.mother).get(reverse("documents:share", args=[share.id]), headers=ENGLISH)
    assert "Somebody with the code" in told.content.decode()
    tracker = browse(world.mother).get(reverse("portal:data-tracker"), headers=ENGLISH).content.decode()
    assert "Looked at documents that you shared by a code" in tracker
    own = browse(world.mother).get(reverse("documents:document", args=[document.id]), headers=ENGLISH)
    assert "Opened the file of a document that you shared by a code" in own.content.decode()


def test_a_signed_document_is_shown_as_genuine(world, client):
    paper = signed_pdf(Officer.objects.get(pk=world.desk.leader.person_id).signing_key)
    document = issued(world.desk.agency, paper, owner_id=world.mother.person_id)
    type(document).objects.update(delivered_at=AT)
    share = shared(world.mother, document)
    opened(client, share)
    page = client.get(reverse("documents:shared-look", args=[share.id]), headers=ENGLISH).content.decode()
    assert "Genuine and unchanged" in page


def test_a_document_that_was_revoked_says_so_on_the_shared_page(world, client, document):
    share = shared(world.mother, document)
    end_document(
        actor=world.desk.specialist, subject=document.subject, ending=Ending("Sai tên.", "QĐ 3"), at=AT
    )
    opened(client, share)
    page = client.get(reverse("documents:shared-look", args=[share.id]), headers=ENGLISH).content.decode()
    assert "Revoked on" in page and "Sai tên." not in page


def test_a_link_that_is_only_previewed_uses_up_no_look(world, client, document):
    share = shared(world.mother, document, most_looks=1)
    for _ in range(3):
        assert client.get(reverse("documents:shared-code", args=[share_code(share.id)])).status_code == 200
    share.refresh_from_db()
    assert share.looks == 0 and not entries(share, "share.looked_at")


def closed_page(client, code):
    answer = client.get(reverse("documents:shared-code", args=[code]), headers=ENGLISH)
    assert answer.status_code == 404
    # The token of the form differs each time.
    return answer.content.decode().split("csrfmiddlewaretoken")[0], answer


def test_ended_revoked_used_up_and_unknown_codes_are_answered_alike(world, client, document, _now):
    used_up = shared(world.mother, document, most_looks=1)
    revoked = shared(world.mother, document)
    ended = shared(world.mother, document, lasts=timedelta(hours=1))
    opened(client, used_up)
    sharing.revoke_share(actor=world.mother, share_id=revoked.id, at=AT)
    _now.move_to(AT + timedelta(hours=1))
    codes = [share_code(it.id) for it in (used_up, revoked, ended)] + [
        share_code(UUID(int=7)),
        "0",
        "x' OR 1=1",
    ]
    pages = {closed_page(client, code)[0] for code in codes}
    assert len(pages) == 1
    assert "Vay vốn" not in pages.pop()


def test_the_signatures_are_examined_once_in_a_while_and_at_once_when_the_trust_list_changes(
    world, document, monkeypatch
):
    examined = []
    found = selectors.verify_stored(document, at=AT)
    monkeypatch.setattr(selectors, "_checked", {})
    monkeypatch.setattr(selectors, "verify_stored", lambda it, at: examined.append(at) or found)
    for minutes in (0, 1, 4, 6):
        selectors.is_genuine(document, at=AT + timedelta(minutes=minutes))
    assert examined == [AT, AT + timedelta(minutes=6)]
    monkeypatch.setattr(selectors, "trust_to_json", lambda trust: ["another"])
    selectors.is_genuine(document, at=AT + timedelta(minutes=7))
    assert len(examined) == 3


def test_looking_at_ones_own_share_gives_no_free_guesses(world, client, browse, document):
    own = share_code(shared(world.mother, document).id)
    answers = []
    for _round in range(31):
        answers.append(
            client.post(reverse("documents:shared"), {"code": share_code(UUID(int=7))}).status_code
        )
        client.post(reverse("documents:shared"), {"code": own})
    assert answers[0] == 404 and answers[-1] == 429


def test_who_looked_at_the_last_allowed_look_reads_on_and_nobody_else(world, client, browse, document):
    share = shared(world.mother, document, most_looks=1)
    opened(client, share)
    url = reverse("documents:shared-file", args=[share.id, document.id])
    assert client.get(url).status_code == 200
    assert browse(world.neighbour).get(url).status_code == 404
    assert browse(world.desk.leader).get(url).status_code == 404
    with pytest.raises(ShareClosed):
        sharing.look(actor=ANONYMOUS, code=share_code(share.id), at=AT)


def test_revoking_ends_it_at_once_also_for_who_is_looking(world, browse, client, document):
    share = shared(world.mother, document)
    opened(client, share)
    end = reverse("documents:share-end", args=[share.id])
    assert "cannot be opened again" in browse(world.mother).get(end, headers=ENGLISH).content.decode()
    for _ in range(2):
        assert browse(world.mother).post(end).status_code == 302
    assert len(entries(share, "share.revoked")) == 1
    for name, args in (("shared-look", [share.id]), ("shared-file", [share.id, document.id])):
        assert client.get(reverse(f"documents:{name}", args=args)).status_code == 404


def test_a_look_lasts_half_an_hour(world, client, document, _now):
    share = shared(world.mother, document)
    opened(client, share)
    _now.move_to(AT + timedelta(minutes=30))
    assert client.get(reverse("documents:shared-look", args=[share.id])).status_code == 404


def test_a_document_that_is_not_in_the_share_is_not_opened_by_it(world, client, document):
    other = given(world.desk.agency, world.mother.person_id, 2)
    share = shared(world.mother, document)
    opened(client, share)
    assert client.get(reverse("documents:shared-file", args=[share.id, other.id])).status_code == 404


def test_another_citizen_sees_and_ends_no_share(world, browse, document):
    share = shared(world.mother, document)
    for name in ("share", "share-end"):
        assert browse(world.neighbour).get(reverse(f"documents:{name}", args=[share.id])).status_code == 404
    with pytest.raises(NotFound):
        sharing.revoke_share(actor=world.neighbour, share_id=share.id, at=AT)
    page = browse(world.neighbour).get(reverse("documents:shares"), headers=ENGLISH).content.decode()
    assert "You have shared nothing." in page


def test_who_guesses_has_to_wait(client, world, document):
    url = reverse("documents:shared-code", args=["0000-0000-0000-0000"])
    statuses = [client.get(url, headers=ENGLISH).status_code for _ in range(40)]
    assert statuses[0] == 404 and statuses[-1] == 429
    share = shared(world.mother, document)
    assert client.get(reverse("documents:shared-code", args=[share_code(share.id)])).status_code == 429


def test_codes_are_never_logged(world, client, document, caplog):
    share = shared(world.mother, document, most_looks=1)
    caplog.set_level(logging.DEBUG)
    opened(client, share)
    for _ in range(40):
        client.get(reverse("documents:shared-code", args=[share_code(share.id)]))
    client.get(f"/shared/{share_code(share.id)}")
    assert share_code(share.id) not in caplog.text
    assert share_code(share.id).replace("-", "") not in caplog.text


def test_codes_are_long_and_read_however_they_are_typed():
    code = share_code(UUID(int=5))
    assert len(code.replace("-", "")) == 16
    assert share_digest(code) == share_digest(f" {code.lower().replace('-', ' ')} ")
    assert share_digest(code) != share_digest(share_code(UUID(int=6)))
    assert share_digest("0000") == ""


def test_pages_of_shares_are_for_no_search_engine(world, client, document):
    share = shared(world.mother, document)
    for url in ("/shared/", f"/shared/{share_code(share.id)}/", "/shared/none/"):
        answer = client.get(url)
        assert "noindex" in answer["X-Robots-Tag"] and "no-store" in answer["Cache-Control"]


def test_the_database_keeps_looks_within_what_was_allowed(world, document):
    share = shared(world.mother, document, most_looks=1)
    with pytest.raises(IntegrityError, match="share_looked_at"), transaction.atomic():
        Share.objects.filter(pk=share.pk).update(looks=2)


def test_ended_shares_are_erased_after_a_time_unless_a_hold_lies_on_them(world, document, _now):
    kept, gone = shared(world.mother, document), shared(world.mother, document)
    place_hold(actor=SYSTEM, object_id=kept.id, reason="Thanh tra", at=AT)
    _now.move_to(AT + timedelta(days=90))
    tasks.erase_ended_shares(timestamp=0)
    assert Share.objects.count() == 2
    _now.move_to(AT + timedelta(days=92))
    tasks.erase_ended_shares(timestamp=0)
    assert list(Share.objects.values_list("pk", flat=True)) == [kept.pk]
    # What happened stays.
    assert entries(gone, "share.made")


def test_a_persons_shares_go_at_their_wish_and_come_with_their_data_without_codes(world, document):
    share = shared(world.mother, document)
    exported = sharing.export_shares(world.mother.person_id)
    assert exported[0]["purpose"] == "Vay vốn ngân hàng"
    assert share.code_digest not in str(exported) and share_code(share.id) not in str(exported)
    assert sharing.erase_shares_of(world.mother.person_id, AT) == 1
    assert not Share.objects.exists()
