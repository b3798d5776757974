from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from motcua.foundation.journal.models import Detail, Entry
from motcua.foundation.journal.selectors import list_entries, list_readings
from motcua.foundation.journal.services import (
    Happening,
    Line,
    detail_digest,
    encode_actor,
    encode_facts,
    record,
    record_lines,
)
from motcua.foundation.journal.tests.factories import AT, entry, happening
from motcua.foundation.kernel.actors import SYSTEM, Actor
from motcua.foundation.kernel.ids import new_id
from motcua.foundation.kernel.rows import NULL, encode_moment, encode_uuid, stamp


def line_of(made: Happening, *, actor: Actor = SYSTEM, at: datetime = AT) -> Line:
    """The same for `record_lines`."""
    concerns = NULL if made.concerns_id is None else encode_uuid(made.concerns_id)
    return Line(
        made.kind,
        encode_actor(actor),
        made.object_kind,
        encode_uuid(made.object_id),
        concerns,
        at,
        encode_moment(at),
        encode_facts(made.facts),
        made.details,
    )


def test_an_encoded_entry_is_the_row_that_a_single_one_makes(db):
    actor = Actor(
        kind="officer", account_id=new_id(), person_id=new_id(), post_id=new_id(), agency_id=new_id(), mandate_id=new_id()
    )  # fmt: skip
    facts = {"status": 4, "share": "100 %", "papers": ["a", "ệ"], "none": None}
    made = Happening("dossier.accepted", "dossier", new_id(), new_id(), facts, {"note": "50 %: đúng"})
    record(actor=actor, happening=made, at=AT)
    record_lines([line_of(made, actor=actor)])
    single, encoded = Entry.objects.filter(object_id=made.object_id).order_by("sequence")
    own = {"id", "sequence", "transaction_id", "recorded_at", "detail_digest"}
    for field in Entry._meta.concrete_fields:
        if field.attname not in own:
            assert getattr(single, field.attname) == getattr(encoded, field.attname), field.attname
    assert single.detail.values == encoded.detail.values == {"note": "50 %: đúng"}


def test_an_entry_says_who_acted_in_which_post_for_which_agency(db):
    actor = Actor(
        kind="officer", account_id=new_id(), person_id=new_id(), post_id=new_id(), agency_id=new_id(), mandate_id=new_id()
    )  # fmt: skip
    kept = Entry.objects.get(pk=entry(actor=actor).pk)
    for field in ("account_id", "person_id", "post_id", "agency_id", "mandate_id"):
        assert getattr(kept, field) == getattr(actor, field)
    assert (kept.actor_kind, kept.at) == ("officer", AT)


def test_the_digest_proves_the_detail(db):
    values = {"reason": "Sai tên đệm của cha", "page": 2}
    kept = Entry.objects.select_related("detail").get(pk=entry(details=values).pk)
    salt, digest = bytes(kept.detail.salt), bytes(kept.detail_digest)
    assert detail_digest(salt, kept.detail.values) == digest
    assert detail_digest(salt, {**kept.detail.values, "page": 3}) != digest


def test_the_same_detail_twice_has_two_digests_so_that_it_cannot_be_guessed(db):
    first, second = entry(details={"reason": "x"}), entry(details={"reason": "x"})
    assert bytes(first.detail_digest) != bytes(second.detail_digest)


def test_an_entry_without_details_has_no_digest(db):
    kept = entry()
    assert kept.detail_digest is None
    assert not Detail.objects.filter(pk=kept.pk).exists()


def test_refuses_to_record_outside_the_transaction_of_an_act(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), pytest.raises(RuntimeError, match="inside the transaction"):
        record(actor=SYSTEM, happening=happening(), at=AT)


def test_an_act_that_fails_leaves_no_entry(db):
    subject = new_id()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(actor=SYSTEM, happening=happening(object_id=subject, details={"reason": "x"}), at=AT)
        raise ZeroDivisionError
    assert list_entries([subject]) == []


@pytest.mark.parametrize("varying", [("at", "id"), ("id", "nothing"), ("sequence",)])
def test_rows_are_stamped_only_with_columns_of_the_table_in_its_order(varying):
    with pytest.raises(ValueError, match="Entry"):
        stamp(Entry, varying)


@pytest.mark.parametrize(
    ("held", "key"),
    [
        ({"facts": {"share": 0.5}}, "facts.share"),
        ({"details": {"pages": [{"size": 1e16}]}}, "details.pages.size"),
        ({"details": {"balance": -0.0}}, "details.balance"),
    ],
)
def test_refuses_floats_whose_digest_would_not_hold_and_names_them(db, held, key):
    """1e16 comes back from the database as 10000000000000000, and -0.0 as 0.0."""
    made = Happening("dossier.accepted", "dossier", new_id(), **held)
    with transaction.atomic(), pytest.raises(TypeError, match=key):
        record(actor=SYSTEM, happening=made, at=AT)
    with pytest.raises(TypeError, match=key):
        record_lines([line_of(made)])


@pytest.mark.parametrize(
    "kind", ["accepted", "Dossier.accepted", "dossier.accepted.now", "dossier accepted", ""]
)
def test_refuses_a_kind_that_is_not_object_and_past_tense(db, kind):
    with pytest.raises(IntegrityError, match="entry_kind_form"), transaction.atomic():
        entry(kind=kind)


def test_refuses_an_unknown_kind_of_actor(db):
    with pytest.raises(IntegrityError, match="entry_actor_kind"), transaction.atomic():
        entry(actor=Actor(kind="robot"))


def test_entries_of_an_object_come_in_the_order_they_were_written(db):
    subject = new_id()
    kinds = ["dossier.submitted", "dossier.accepted", "dossier.handed_over"]
    for kind in kinds:
        entry(kind=kind, object_id=subject)
    assert [kept.kind for kept in list_entries([subject])] == kinds


def test_many_entries_are_written_in_their_order(db):
    subject = new_id()
    happenings = [happening(object_id=subject, details={"line": line}) for line in range(3)]
    moments = [AT + timedelta(minutes=line) for line in range(3)]
    record_lines(line_of(it, at=at) for it, at in zip(happenings, moments, strict=True))
    found = list_entries([subject])
    assert [(kept.detail.values["line"], kept.at.minute) for kept in found] == [(0, 0), (1, 1), (2, 2)]
    assert all(
        detail_digest(bytes(it.detail.salt), it.detail.values) == bytes(it.detail_digest) for it in found
    )


def test_the_latest_entries_are_listed_and_kinds_can_be_left_out(db):
    subject = new_id()
    for kind in ["dossier.submitted", "dossier.read", "dossier.read", "dossier.accepted"]:
        entry(kind=kind, object_id=subject)
    assert [it.kind for it in list_entries([subject], limit=2)] == ["dossier.read", "dossier.accepted"]
    acts = list_entries([subject], without=["dossier.read"], limit=2)
    assert [it.kind for it in acts] == ["dossier.submitted", "dossier.accepted"]


def test_a_person_sees_readings_of_an_object_of_theirs_latest_first(db):
    person, subject = new_id(), new_id()
    for minute, read in enumerate([subject, new_id(), subject]):
        reading = Happening(kind="dossier.read", object_kind="dossier", object_id=read, concerns_id=person)
        with transaction.atomic():
            record(actor=SYSTEM, happening=reading, at=AT + timedelta(minutes=minute))
    entry(kind="dossier.read", object_id=subject)
    found = list_readings(person, kinds=["dossier.read"], object_id=subject)
    assert [kept.at.minute for kept in found] == [2, 0]


def test_a_person_sees_searches_for_an_object_of_theirs_and_for_themselves(db):
    person, subject = new_id(), new_id()
    for found in (subject, person, new_id()):
        search = Happening("journal.searched", "journal", new_id(), person, {"found": str(found)})
        with transaction.atomic():
            record(actor=SYSTEM, happening=search, at=AT)
    seen = list_readings(person, kinds=["journal.searched"], object_id=subject)
    assert [kept.facts["found"] for kept in seen] == [str(person), str(subject)]
