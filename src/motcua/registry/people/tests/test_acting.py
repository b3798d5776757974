"""Who may act for whom: representatives, mandates, and what the identity of a request says of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.notifications.models import Message
from motcua.registry.access.models import Account
from motcua.registry.people import services
from motcua.registry.people.errors import (
    ImpossibleNumber,
    MandateNotWhole,
    MandateOver,
    MandateOverlaps,
    MandateToOneself,
    NoSuchAgent,
    NotTransferable,
    RepresentationOverlaps,
)
from motcua.registry.people.models import Mandate, Organisation, Representation
from motcua.registry.people.selectors import identify_citizen, list_choices, list_mandates
from motcua.registry.people.services import NewOrganisation, NewRepresentation, Purpose
from motcua.registry.people.tests.factories import (
    acting_as,
    citizen,
    mandate,
    organisation_claim,
    representative,
)

AT = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(AT, tick=False):
        yield


def head(at=AT, **changes):
    return representative(
        at=at, **{"personal_number": "026088000001", "full_name": "Lê Văn Thí Dụ"} | changes
    )


def identity(actor, chosen):
    return identify_citizen(Account.objects.get(pk=actor.account_id), chosen)


def test_an_organisations_account_makes_its_holder_the_representative():
    actor = head()
    held = Representation.objects.get(pk=actor.mandate_id)
    assert (held.organisation.legal_name, held.role, held.source) == (
        "HỢP TÁC XÃ NÔNG NGHIỆP MẪU",
        "legal",
        "eid",
    )
    assert actor.behalf.organisation_id == held.organisation_id
    entry = Entry.objects.get(kind="person.entered", concerns_id=actor.person_id)
    assert entry.facts["organisation"] == str(held.organisation_id)


def test_signing_in_again_renews_the_office_and_doubles_nothing():
    first = head()
    held = Representation.objects.get(pk=first.mandate_id)
    account, at = Account.objects.get(pk=first.account_id), AT + timedelta(days=30)
    from motcua.registry.people.tests.factories import claims

    services.record_claims(
        account=account,
        claims=claims(personal_number="026088000001", organisation=organisation_claim()),
        at=at,
    )
    assert Representation.objects.count() == Organisation.objects.count() == 1
    held.refresh_from_db()
    assert held.valid_to == (at + timedelta(days=365)).date()


def test_nobody_acts_for_an_organisation_unless_they_chose_to():
    actor = head()
    own = identity(actor, "")
    assert (own.actor.behalf, own.actor.mandate_id, own.acting_for) == (None, None, "")
    assert [choice.name for choice in list_choices(own.actor, at=AT)] == ["HỢP TÁC XÃ NÔNG NGHIỆP MẪU"]


@pytest.mark.parametrize(
    "chosen", ["office:", "office:x", "mandate:00000000-0000-0000-0000-000000000001", "?"]
)
def test_a_choice_that_means_nothing_leaves_one_to_oneself(world, chosen):
    found = identity(world.mother, chosen)
    assert (found.actor, found.has_lapsed) == (world.mother, True)


def test_another_persons_office_is_no_choice(world):
    found = identity(world.mother, f"office:{head().mandate_id}")
    assert (found.actor, found.has_lapsed) == (world.mother, True)


def test_an_office_that_has_ended_does_not_count_any_more(world):
    actor = head()
    services.end_representation(
        actor=world.desk.reception, representation_id=actor.mandate_id, reason="Thôi chức.", at=AT
    )
    assert identity(actor, f"office:{actor.mandate_id}").has_lapsed


def test_an_office_ends_by_time_unless_the_eid_says_it_again():
    actor = head()
    with time_machine.travel(AT + timedelta(days=366), tick=False):
        assert identity(actor, f"office:{actor.mandate_id}").has_lapsed


def test_nobody_acts_for_an_organisation_that_is_no_more():
    actor = head()
    Organisation.objects.update(status="ended")
    assert identity(actor, f"office:{actor.mandate_id}").has_lapsed


def test_an_officer_enters_an_organisation_and_who_represents_it(world):
    made = services.enter_organisation(
        actor=world.desk.reception,
        new=NewOrganisation(kind="other", legal_name="Hội Mẫu", code="z01.h44"),
        at=AT,
    )
    new = NewRepresentation(made.id, world.mother.person, "authorised", AT.date())
    held = services.enter_representation(actor=world.desk.reception, new=new, at=AT)
    assert made.code == "Z01.H44"
    assert identity(world.mother, f"office:{held.id}").acting_for == "Hội Mẫu"
    with pytest.raises(RepresentationOverlaps):
        services.enter_representation(actor=world.desk.reception, new=new, at=AT)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"kind": "enterprise", "tax_code": "0100112436"}, "tenth digit"),
        ({"kind": "enterprise"}, "10 digits"),
        ({"kind": "other", "code": "H44"}, "begins with Z"),
    ],
)
def test_an_impossible_code_is_refused_in_plain_words(world, changes, word):
    with pytest.raises(ImpossibleNumber, match=word):
        services.enter_organisation(
            actor=world.desk.reception, new=NewOrganisation(legal_name="X", **changes), at=AT
        )


def test_a_mandate_counts_once_it_is_accepted(world):
    given = mandate(world.mother, world.neighbour, at=AT, accepted=False)
    assert identity(world.neighbour, f"mandate:{given.id}").has_lapsed
    services.accept_mandate(actor=world.neighbour, mandate_id=given.id, at=AT)
    found = identity(world.neighbour, f"mandate:{given.id}")
    assert found.acting_for == "Nguyễn Thị Hồng Nhung"
    assert (found.actor.mandate_id, found.actor.behalf.powers) == (given.id, {"apply", "see"})
    kinds = Entry.objects.filter(object_id=given.id).order_by("sequence").values_list("kind", flat=True)
    assert list(kinds) == ["mandate.given", "mandate.accepted"]


def test_both_see_a_mandate(world):
    given = mandate(world.mother, world.neighbour, at=AT)
    assert list_mandates(world.mother) == ([given], [])
    assert list_mandates(world.neighbour) == ([], [given])


@pytest.mark.parametrize("who", ["mother", "neighbour"])
def test_either_ends_it_with_a_reason(world, who):
    given = mandate(world.mother, world.neighbour, at=AT)
    end = {"actor": getattr(world, who), "mandate_id": given.id, "at": AT}
    with pytest.raises(MandateNotWhole):
        services.end_mandate(**end, reason="")
    services.end_mandate(**end, reason="Không cần nữa.")
    assert identity(world.neighbour, f"mandate:{given.id}").has_lapsed
    with pytest.raises(MandateOver):
        services.end_mandate(**end, reason="Lần nữa.")
    with pytest.raises(MandateOver):
        services.accept_mandate(actor=world.neighbour, mandate_id=given.id, at=AT)


def test_a_mandate_ends_by_time(world):
    given = mandate(world.mother, world.neighbour, at=AT)
    with time_machine.travel(AT + timedelta(days=89), tick=False):
        assert not identity(world.neighbour, f"mandate:{given.id}").has_lapsed
    with time_machine.travel(AT + timedelta(days=90), tick=False):
        assert identity(world.neighbour, f"mandate:{given.id}").has_lapsed


def test_nobody_gives_a_mandate_to_themselves(world):
    with pytest.raises(MandateToOneself):
        mandate(world.mother, world.mother, at=AT, accepted=False)


def test_number_and_name_must_belong_together(world):
    for changes in ({"agent_name": "Ai Khác"}, {"agent_number": "025188002299"}):
        with pytest.raises(NoSuchAgent):
            mandate(world.mother, world.neighbour, at=AT, **changes)


def test_the_same_purpose_twice_at_a_time_is_refused_and_another_one_is_not(world):
    first = mandate(world.mother, world.neighbour, at=AT)
    with pytest.raises(MandateOverlaps):
        mandate(world.mother, world.neighbour, at=AT)
    mandate(world.mother, world.neighbour, at=AT, purpose=Purpose("1.001193"))
    services.end_mandate(actor=world.mother, mandate_id=first.id, reason="Đổi ngày.", at=AT)
    mandate(world.mother, world.neighbour, at=AT)


@pytest.mark.parametrize("days", [0, -1])
def test_a_mandate_that_would_be_over_at_once_is_refused(world, days):
    with pytest.raises(MandateNotWhole):
        mandate(world.mother, world.neighbour, at=AT, valid_to=AT.date() + timedelta(days=days))


def test_a_mandate_for_nothing_is_refused(world):
    with pytest.raises(MandateNotWhole):
        mandate(world.mother, world.neighbour, at=AT, powers=frozenset())


def test_a_mandate_is_not_passed_on(world):
    agent = acting_as(world.neighbour, mandate(world.mother, world.neighbour, at=AT))
    third = citizen(at=AT, personal_number="026094000001", full_name="Trần Văn Mẫu")
    with pytest.raises(NotTransferable):
        mandate(agent, third, at=AT)


def test_the_legal_representative_gives_a_mandate_for_the_organisation_and_ends_it(world):
    actor = head()
    given = mandate(actor, world.neighbour, at=AT)
    assert given.principal_organisation_id == actor.behalf.organisation_id
    assert acting_as(world.neighbour, given).behalf.organisation_kind == "cooperative"
    with pytest.raises(NotFound):
        services.end_mandate(actor=world.mother, mandate_id=given.id, reason="Không phải của tôi.", at=AT)
    services.end_mandate(actor=actor, mandate_id=given.id, reason="Xong việc.", at=AT)


def test_an_authorised_representative_gives_none(world):
    actor = head()
    Representation.objects.filter(pk=actor.mandate_id).update(role="authorised")
    with pytest.raises(NotTransferable):
        mandate(actor, world.neighbour, at=AT)


def test_a_stranger_to_a_mandate_neither_accepts_nor_ends_it(world):
    given = mandate(world.mother, world.neighbour, at=AT, accepted=False)
    third = citizen(at=AT, personal_number="026094000001", full_name="Trần Văn Mẫu")
    for act in (services.accept_mandate, lambda **it: services.end_mandate(reason="Thôi.", **it)):
        with pytest.raises(NotFound):
            act(actor=third, mandate_id=given.id, at=AT)


def test_only_citizens_give_mandates_online(world):
    with pytest.raises(Refused):
        mandate(world.desk.reception, world.neighbour, at=AT)


@pytest.mark.parametrize(
    "changes",
    [
        {"principal_person": None},
        {"may_apply": False, "may_see": False},
        {"valid_to": AT.date()},
        {"procedure_code": "1.001193", "dossier_id": "00000000-0000-0000-0000-000000000001"},
    ],
)
def test_the_database_keeps_no_mandate_that_makes_no_sense(world, changes):
    given = mandate(world.mother, world.neighbour, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mandate.objects.filter(pk=given.pk).update(**changes)


def told(actor):
    purposes = Message.objects.filter(
        recipient_id=actor.person_id, channel="in_app", purpose__startswith="mandate"
    )
    return list(purposes.order_by("created_at", "id").values_list("purpose", flat=True))


def test_the_agent_is_told_of_an_offer_and_the_principal_what_became_of_it(world):
    given = mandate(world.mother, world.neighbour, at=AT, accepted=False)
    assert (told(world.neighbour), told(world.mother)) == (["mandate_offered"], [])
    services.accept_mandate(actor=world.neighbour, mandate_id=given.id, at=AT)
    services.accept_mandate(actor=world.neighbour, mandate_id=given.id, at=AT)
    assert told(world.mother) == ["mandate_accepted"]
    services.end_mandate(actor=world.neighbour, mandate_id=given.id, reason="Moved away.", at=AT)
    assert (told(world.neighbour), told(world.mother)) == (
        ["mandate_offered"],
        ["mandate_accepted", "mandate_ended"],
    )


def test_a_revoked_mandate_is_told_to_both_without_a_name(world):
    given = mandate(world.mother, world.neighbour, at=AT)
    services.end_mandate(actor=world.mother, mandate_id=given.id, reason="Done.", at=AT)
    assert told(world.neighbour)[-1] == told(world.mother)[-1] == "mandate_ended"
    for message in Message.objects.filter(purpose__startswith="mandate", channel="in_app"):
        assert "Hồng Nhung" not in message.body and "Láng Giềng" not in message.body


def test_an_organisation_is_told_at_its_own_address(settings):
    settings.EMAIL_READY = True
    actor, agent = head(), citizen(at=AT, personal_number="025197009999")
    Organisation.objects.filter(pk=actor.behalf.organisation_id).update(email="htx@example.org")
    mandate(actor, agent, at=AT)
    mail = Message.objects.get(purpose="mandate_accepted", channel="email")
    assert (mail.recipient_id, mail.address) == (actor.behalf.organisation_id, "htx@example.org")
