"""Who may open which address: one row for every address there is."""

# ruff: noqa: F811  the fixtures come from things.py
from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from django.urls import URLPattern, get_resolver, reverse

from motcua.casework.dossiers.models import Dossier, SigningBatch
from motcua.casework.dossiers.rest.acts import OFFERED
from motcua.casework.dossiers.selectors import open_dossier
from motcua.casework.dossiers.services.batches import Chosen, start_batch
from motcua.casework.dossiers.services.opinions import Question, request_opinion
from motcua.casework.dossiers.services.papers import file_of
from motcua.casework.dossiers.services.supplements import Item, request_supplement
from motcua.casework.dossiers.tests.factories import (
    CODE,
    MORNING,
    awaiting_signature,
    filled_in,
    handed_over,
    paid,
    returned,
    seen,
    submitted,
    target,
)
from motcua.casework.warehouse.codes import share_code
from motcua.casework.warehouse.models import Document
from motcua.casework.warehouse.sharing import NewShare, make_share
from motcua.config.demo.papers import birth_evidence
from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.services import follow_once
from motcua.foundation.notifications.models import Message
from motcua.foundation.notifications.services.notifying import Notice, Recipient, notify
from motcua.registry.access.models import Account
from motcua.registry.access.tests.client_factories import registered
from motcua.registry.organisations.tests.factories import away, delegated
from motcua.registry.people.answering import make_export
from motcua.registry.people.contacts import start_change
from motcua.registry.people.data_requests import Asked, ask
from motcua.registry.people.models import Representation
from motcua.registry.people.tests.factories import mandate, representative, sign_in_anew

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.xdist_group("permissions")]

# What a person gets: a status, or the sign-in page they are sent to.
TO_CITIZENS, TO_DESK = "/sign-in/", "/desk/sign-in/"
OVERSEERS = ("auditor", "operator", "administrator", "support", "data_protection")
PERSONS = ("stranger", "owner", "neighbour", "officer", "colleague", "elsewhere", *OVERSEERS)


def everybody(gets: Any) -> dict[str, Any]:
    return dict.fromkeys(PERSONS, gets)


def citizens(owner: int = 200, neighbour: int = 404) -> dict[str, Any]:
    """A citizen's page: officers are refused, another citizen does not learn that it exists."""
    return everybody(403) | {"stranger": TO_CITIZENS, "owner": owner, "neighbour": neighbour}


def officers(*, officer: int = 200, colleague: int = 200, elsewhere: int = 404) -> dict[str, Any]:
    """A page of the desk: citizens are refused, the applicant too."""
    here = {"stranger": TO_DESK, "officer": officer, "colleague": colleague, "elsewhere": elsewhere}
    # Who looks after all agencies handles no dossier: like an officer of another agency.
    return everybody(403) | here | dict.fromkeys(OVERSEERS, elsewhere)


def overseers(*roles: str, gets: int = 200) -> dict[str, Any]:
    """A page for auditors, operators or both; every other officer is refused."""
    return everybody(403) | {"stranger": TO_DESK} | dict.fromkeys(roles, gets)


def own(gets: int = 200) -> dict[str, Any]:
    """A page of every officer's own account; citizens have none there."""
    return everybody(gets) | {"stranger": TO_DESK, "owner": 403, "neighbour": 403}


@dataclass(frozen=True)
class Row:
    gets: dict[str, Any]
    things: tuple[str, ...] = ()
    post: dict[str, str] | None = None
    query: dict[str, str] = field(default_factory=dict)


COUNTERS = ("officer", "elsewhere")
POST: dict[str, str] = {}
CITIZENS_REFUSED = dict.fromkeys(("owner", "neighbour"), 403)
PUBLIC = Row(everybody(200))
NO_MESSAGES = dict.fromkeys(("auditor", "administrator", "support", "data_protection"), 403)
COLOURS = {"theme__main": "#0b5d4b", "theme__second": "#8e1b16"}
# A dossier that nobody knows.
SIGNING = {"batch": str(UUID(int=1)), "item": f"{UUID(int=2)} 1 {'0' * 64}"}
TABLE = {
    "health/live": PUBLIC,
    "health/ready": PUBLIC,
    # For programs on the machine itself, as these tests are; config/tests/test_metrics.py has the others.
    "metrics": PUBLIC,
    "portal:home": PUBLIC,
    "portal:robots": PUBLIC,
    "portal:figures": PUBLIC,
    "portal:places": PUBLIC,
    "portal:place-suggest": PUBLIC,
    "portal:place": Row(everybody(200), ("place",)),
    "portal:messages": Row(citizens(neighbour=200)),
    "portal:messages-read": Row(citizens(owner=302, neighbour=302), post=POST),
    "portal:message-settings": Row(citizens(neighbour=200)),
    "portal:message": Row(citizens(), ("message",)),
    "portal:acting": Row(citizens(neighbour=200)),
    "portal:mandates": Row(citizens(neighbour=200)),
    "portal:mandate-give": Row(citizens(neighbour=200)),
    # The neighbour gave it to the owner: accepting is the owner's, ending is both's.
    "portal:mandate-accept": Row(citizens(owner=302), ("mandate",), post=POST),
    "portal:mandate-end": Row(citizens(neighbour=200), ("mandate",)),
    # Who serves at a counter, wherever it is, and who answers for the register.
    "console:people": Row(overseers(*COUNTERS, "data_protection")),
    "console:people-find": Row(
        overseers(*COUNTERS, "data_protection", gets=302), post={"number": "025197004187"}
    ),
    "console:people-enter": Row(overseers(*COUNTERS)),
    "console:person": Row(overseers(*COUNTERS, "data_protection"), ("person",)),
    # She has a number.
    "console:person-number": Row(overseers(*COUNTERS, gets=409), ("person",), post={"number": "1"}),
    "console:person-mandate": Row(overseers(*COUNTERS), ("person",)),
    "console:person-contact": Row(overseers(*COUNTERS), ("person",)),
    "console:person-merge": Row(overseers("data_protection"), ("person",)),
    "console:organisation-enter": Row(overseers(*COUNTERS)),
    "console:organisation": Row(overseers(*COUNTERS, "data_protection"), ("organisation",)),
    "console:organisation-representative": Row(overseers(*COUNTERS), ("organisation",)),
    "console:representation-end": Row(overseers(*COUNTERS), ("organisation", "representation")),
    "catalogue:search": PUBLIC,
    "catalogue:suggest": PUBLIC,
    "catalogue:procedure": Row(everybody(200), ("code",)),
    "catalogue:life-event": Row(everybody(200), ("event",)),
    "people:sign-in": PUBLIC,
    "people:sign-out": Row(everybody(302), post=POST),
    "people:wrong-data": PUBLIC,
    "dossiers:start": Row(citizens(neighbour=200), ("code",)),
    "dossiers:resume": Row(citizens(owner=302), ("draft",)),
    # Nothing newer: said on the page it leads to.
    "dossiers:renew": Row(citizens(owner=302), ("draft",), post=POST),
    "dossiers:page": Row(citizens(), ("draft", "page")),
    "dossiers:check": Row(citizens(), ("draft",)),
    "dossiers:submit": Row(citizens(owner=302), ("draft",), post={"declared": "1"}),
    "dossiers:discard": Row(citizens(owner=302), ("draft",), post=POST),
    "dossiers:remove-paper": Row(citizens(owner=302), ("draft", "draft_paper"), post=POST),
    "dossiers:list": Row(citizens(neighbour=200)),
    "dossiers:status": PUBLIC,
    "dossiers:dossier": Row(citizens(), ("dossier",)),
    "dossiers:paper": Row(citizens(), ("dossier", "paper")),
    "dossiers:document": Row(citizens(), ("dossier", "receipt")),
    "warehouse:verify": PUBLIC,
    "documents:list": Row(citizens(neighbour=200)),
    "documents:document": Row(citizens(), ("shelf_document",)),
    "documents:file": Row(citizens(), ("shelf_document",)),
    "documents:shares": Row(citizens(neighbour=200)),
    "documents:share-new": Row(citizens(neighbour=200)),
    "documents:share": Row(citizens(), ("share",)),
    "documents:share-end": Row(citizens(), ("share",)),
    # Whoever has the code; what it opens, only who looked before.
    "documents:shared": PUBLIC,
    "documents:shared-code": Row(everybody(200), ("share_code",)),
    "documents:shared-look": Row(everybody(404), ("share",)),
    "documents:shared-file": Row(everybody(404), ("share", "shelf_document")),
    "console:sign-in": Row(everybody(302) | {"stranger": 200}),
    "console:demo-sign-in": Row(everybody(404), post={"username": "demo.chair.04894"}),
    "console:sign-out": Row(everybody(302), post=POST),
    "console:messages": Row(officers(elsewhere=200) | NO_MESSAGES),
    "console:message": Row(officers() | NO_MESSAGES | {"operator": 200}, ("message",)),
    # Operators only; this one was not a failure.
    "console:retry-message": Row(overseers("operator", gets=409), ("message",), post=POST),
    # Machines only, by their signature.
    "notifications:sms-report": Row(everybody(404), post=POST),
    # Who handles no dossiers is led to where their work is.
    "console:search": Row(officers(elsewhere=200)),
    # A search that is not theirs begins anew.
    "console:found": Row(officers(officer=302, colleague=302, elsewhere=302), ("search",)),
    "console:notices": Row(officers(elsewhere=200)),
    "console:notices-read": Row(officers(officer=302, colleague=302, elsewhere=302), post=POST),
    "console:notice": Row(officers(officer=404, colleague=404), ("message",)),
    "desk:inbox": Row(officers(elsewhere=200) | dict.fromkeys(OVERSEERS, 302)),
    "desk:signing": Row(officers(elsewhere=200)),
    "desk:signing-several": Row(officers(elsewhere=200)),
    # What is not in the officer's own queue is left out; nothing is left, so they choose again.
    "desk:signing-check": Row(officers(officer=302, colleague=302, elsewhere=302), post={"all": "1"}),
    "desk:signing-start": Row(officers(officer=404, colleague=404), post=SIGNING),
    # The leader's own, nobody else's.
    "desk:signing-batch": Row(officers(officer=404, colleague=404), ("batch",)),
    "desk:dossier": Row(officers(), ("dossier",)),
    # Who has the task: here the specialist.
    "desk:ask": Row(officers(officer=403), ("working",)),
    "desk:supplement": Row(officers(officer=403), ("working",)),
    # No step of this dossier asks for an opinion.
    "desk:give-opinion": Row(officers(officer=409, colleague=409), ("working",)),
    "desk:asked": Row(officers(elsewhere=200)),
    # Asked of the other commune's specialist, as whom nobody here is signed in.
    "desk:opinion": Row(officers(officer=404, colleague=404), ("opinion",)),
    "desk:opinion-file": Row(officers(officer=404, colleague=404), ("asked_dossier", "opinion")),
    "dossiers:supplement": Row(citizens(), ("supplemented",)),
    "dossiers:supplement-remove": Row(citizens(owner=302), ("supplemented", "draft_paper"), post=POST),
    "desk:act": Row(officers(officer=302, colleague=403), ("new_dossier", "act"), post={"revision": "1"}),
    # Who signs or works on dossiers there; the counter does not.
    "desk:end-result": Row(officers(officer=403), ("dossier",)),
    # Who serves at the counter of the dossier's agency.
    "desk:fees": Row(officers(colleague=403), ("dossier",)),
    "desk:fee-correct": Row(officers(colleague=403), ("dossier", "fee_entry")),
    "desk:paper": Row(officers(), ("dossier", "paper")),
    "desk:document": Row(officers(), ("dossier", "draft_document")),
    "desk:page": Row(officers(), ("dossier", "draft_document")),
    "console:audit": Row(overseers("auditor")),
    "console:audit-find": Row(overseers("auditor", gets=302), post={"q": "Ngô Thị Mẫu Thanh"}),
    "console:audit-extract": Row(overseers("auditor"), post={"reason": ""}),
    "console:audit-entry": Row(overseers("auditor"), ("entry",)),
    "console:audit-proof": Row(overseers("auditor"), ("entry",)),
    "console:seals": Row(overseers("auditor", "operator")),
    "console:following": Row(overseers("operator")),
    "console:retry": Row(overseers("operator", gets=302), ("letter",), post=POST),
    # An officer's own account; the second step of signing in belongs to who has just given a password.
    "mfa_authenticate": Row(everybody(302)),
    "access:second-factor": Row(everybody(302)),
    "access:lost": Row(everybody(302), post=POST),
    "access:join": PUBLIC,
    "access:join-password": Row(everybody(302)),
    "access:account": Row(own()),
    "access:prove": Row(own()),
    "access:password": Row(own()),
    "access:enrol": Row(own()),
    "access:add-code-app": Row(own()),
    "access:add-passkey": Row(own()),
    "access:recovery-codes": Row(own()),
    # They have none of these.
    "access:remove-factor": Row(own(404), ("letter",), post=POST),
    "access:end-session": Row(own(404), ("nothing",), post=POST),
    "access:end-other-sessions": Row(own(302), post=POST),
    "console:accounts": Row(overseers("administrator", "support")),
    "console:account": Row(overseers("administrator", "support"), ("account",)),
    "console:invite": Row(overseers("administrator"), ("account",), post=POST),
    # A reason is missing, which is said on the account's page.
    "console:close-account": Row(overseers("administrator", gets=302), ("account",), post=POST),
    "console:open-account": Row(overseers("administrator", gets=302), ("account",), post=POST),
    "console:end-sessions": Row(overseers("administrator", "support", gets=302), ("account",), post=POST),
    "console:reset": Row(overseers("administrator", "support", gets=302), ("account",), post=POST),
    "console:grant": Row(overseers("administrator"), ("account",)),
    "console:end-role": Row(
        overseers("administrator", gets=404), ("account", "letter"), post={"reason": "-"}
    ),
    "console:roles": Row(overseers("administrator")),
    "console:role": Row(overseers("administrator"), ("role",)),
    "console:new-role": Row(overseers("administrator")),
    "console:approvals": Row(overseers("administrator", "support")),
    "console:approve": Row(overseers("administrator", gets=404), ("nothing",), post=POST),
    "console:reject": Row(overseers("administrator", "support", gets=404), ("nothing",), post=POST),
    # Every officer's own absence; delegations are made by leaders and administrators.
    "delegations:absence": Row(everybody(200) | {"stranger": TO_DESK} | CITIZENS_REFUSED),
    "delegations:withdraw": Row(
        everybody(404) | {"stranger": TO_DESK, "administrator": 302} | CITIZENS_REFUSED,
        ("absence",),
        post=POST,
    ),
    "delegations:list": Row(everybody(200) | {"stranger": TO_DESK} | CITIZENS_REFUSED),
    "delegations:new": Row(overseers("administrator")),
    "delegations:revoke": Row(
        everybody(404) | {"stranger": TO_DESK, "administrator": 200} | CITIZENS_REFUSED, ("delegation",)
    ),
    "dossiers:proof": Row(citizens(), ("dossier", "entry")),
    "ui:scheme": Row(everybody(302), post={"scheme": "dark"}),
    "ui:help": PUBLIC,
    "ui:help-topic": Row(everybody(200), ("topic",)),
    "organisations:list": Row(overseers("administrator")),
    "organisations:enter": Row(overseers("administrator")),
    "organisations:import": Row(overseers("administrator")),
    "organisations:officers": Row(overseers("administrator")),
    "organisations:officer": Row(overseers("administrator"), ("some_officer",)),
    "organisations:officer-act": Row(overseers("administrator"), ("some_officer", "leave")),
    "organisations:unit-act": Row(overseers("administrator"), ("some_unit", "change")),
    "organisations:post-act": Row(overseers("administrator"), ("some_post", "end")),
    "organisations:agency": Row(overseers("administrator"), ("some_agency",)),
    "organisations:agency-act": Row(overseers("administrator"), ("some_agency", "rename")),
    # Who administers the whole installation.
    "console:checklist": Row(overseers("administrator")),
    "console:settings": Row(overseers("administrator")),
    "console:settings-group": Row(overseers("administrator"), ("settings",)),
    "console:settings-try": Row(
        overseers("administrator", gets=302), ("settings", "trial"), post={"mail-asked": "nobody"}
    ),
    "console:theme-preview": Row(overseers("administrator")),
    "console:theme-preview-css": Row(overseers("administrator"), query=COLOURS),
    "console:certificates": Row(overseers("administrator")),
    "console:certificates-import": Row(overseers("administrator", gets=422), post=POST),
    "console:certificates-trust": Row(overseers("administrator", gets=422), post=POST),
    # A link that was never given: a page that says so, to everybody.
    # Nothing was chosen, so the built-in ones are used.
    "installation:theme": Row(everybody(404), ("mark",)),
    "installation:crest": Row(everybody(404), ("mark",)),
    "console:clients": Row(overseers("administrator")),
    "console:client-new": Row(overseers("administrator")),
    "console:client": Row(overseers("administrator"), ("client",)),
    "console:client-act": Row(overseers("administrator"), ("client", "client_act")),
    # Programs, by their token; a person who is signed in is nobody there.
    "api:openapi-json": PUBLIC,
    "api:list_procedures": Row(everybody(401)),
    "api:get_procedure": Row(everybody(401), ("code",)),
    "api:list_dossiers": Row(everybody(401)),
    "api:file_dossier": Row(everybody(401)),
    "api:get_dossier": Row(everybody(401), ("dossier",)),
    "api:get_me": Row(everybody(401)),
    "api:file_many": Row(everybody(405)),
    "api:get_bulk_filing": Row(everybody(401), ("nothing",)),
    "api:list_bulk_filing_items": Row(everybody(401), ("nothing",)),
    "api:list_dossier_journal": Row(everybody(401), ("dossier",)),
    "api:get_paper": Row(everybody(401), ("dossier", "paper")),
    "api:get_dossier_document": Row(everybody(401), ("dossier", "receipt")),
    "api:upload_file": Row(everybody(405)),
    "api:list_tasks": Row(everybody(401)),
    "api:list_documents": Row(everybody(401)),
    "api:get_document_content": Row(everybody(401), ("nothing",)),
    "api:verify_document": Row(everybody(405)),
    "api:find_document_by_code": Row(everybody(401), ("code",)),
    **{f"api:act_{code.replace('-', '_')}": Row(everybody(405), ("dossier",)) for code in OFFERED},
    "api:api-root": Row(everybody(404)),
    # The protocol that other systems speak: public, each call by its client's secret.
    "idp:oidc:configuration": PUBLIC,
    "idp:oidc:jwks": PUBLIC,
    "idp:oidc:authorization": Row(everybody(400)),
    "idp:oidc:logout": Row(everybody(200) | {"stranger": 302}),
    "idp:oidc:token": Row(everybody(405)),
    "idp:oidc:revoke": Row(everybody(405)),
    "idp:oidc:userinfo": Row(everybody(401)),
    "idp:oidc:device_code": Row(everybody(404)),
    "ui:language": Row(everybody(302), post={"language": "de"}),
    # Only in the demonstration.
    "ui:gallery": Row(everybody(404)),
    "ui:gallery-screen": Row(everybody(404), ("screen",)),
    "people:account": Row(citizens(neighbour=200)),
    "people:contact": Row(citizens(neighbour=200), ("contact_kind",)),
    # The neighbour changes nothing, and is led to where a change begins.
    "people:contact-confirm": Row(citizens(neighbour=302), ("contact_kind",)),
    "people:contact-lost": Row(citizens(neighbour=302), ("contact_kind",)),
    "people:contact-stop": Row(citizens(owner=302, neighbour=302), ("contact_kind",), post=POST),
    "people:fresh": Row(citizens(neighbour=200)),
    "people:sessions": Row(citizens(neighbour=200)),
    # They have none of these.
    "people:end-session": Row(citizens(owner=404), ("nothing",), post=POST),
    "people:end-other-sessions": Row(citizens(owner=302, neighbour=302), post=POST),
    "people:ways": Row(citizens(neighbour=200)),
    "people:unlink": Row(citizens(), ("way",)),
    "people:consents": Row(citizens(neighbour=200)),
    "people:data": Row(citizens(neighbour=200)),
    "people:data-download": Row(citizens(owner=302, neighbour=302), post=POST),
    "people:data-correct": Row(citizens(neighbour=200)),
    "people:data-erase": Row(citizens(neighbour=200)),
    "people:data-ask": Row(citizens(), ("reading",)),
    "people:data-request": Row(citizens(), ("data_request",)),
    "people:data-file": Row(citizens(), ("data_file",)),
    "people:data-take-back": Row(citizens(owner=302), ("data_request",), post=POST),
    "portal:data-tracker": Row(citizens(neighbour=200)),
    "portal:data-tracker-csv": Row(citizens(neighbour=200)),
    "people-desk:requests": Row(overseers("data_protection")),
    "people-desk:request": Row(overseers("data_protection"), ("data_request",)),
    "people-desk:evidence": Row(overseers("data_protection"), ("data_evidence",)),
    # django-allauth's own; those that are not used lead to our sign-in page.
    # Sign-in begins with a POST from our own page; by GET one is sent to that page.
    "openid_connect_login": Row(everybody(302)),
    "openid_connect_callback": Row(everybody(302)),
    "account_login": Row(everybody(302)),
    "account_signup": Row(everybody(302)),
    "account_inactive": Row(everybody(302)),
    "socialaccount_login_cancelled": Row(everybody(302)),
    "socialaccount_login_error": Row(everybody(302)),
    "socialaccount_signup": Row(everybody(302)),
}

from motcua.casework.dossiers.models import Dossier
from tests.permissions.rows import (
    OVERSEERS,
    PERSONS,
)
from tests.permissions.table import TABLE
from tests.permissions.things import _now, enter, outcome, things, url_of

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.xdist_group("permissions")]


def addresses(resolver: Any = None, path: str = "", names: tuple[str, ...] = ()) -> Iterator[str]:
    """The name of every address, or its path where it has none."""
    for pattern in (resolver or get_resolver()).url_patterns:
        here = path + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield ":".join([*names, pattern.name]) if pattern.name else here
        else:
            yield from addresses(pattern, here, names + ((pattern.namespace,) if pattern.namespace else ()))


def test_every_address_has_its_row():
    assert sorted(addresses()) == sorted(TABLE)


@pytest.fixture(scope="module", autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(MORNING + timedelta(hours=1), tick=False):
        yield


def _message(dossier: Dossier) -> Message:
    """What the mother was told in the portal of her dossier."""
    recipient = Recipient(dossier.applicant_id)
    notice = Notice(
        "dossier_submitted",
        "test:permissions",
        context={"procedure": {"vi": "Khai sinh"}},
        reference=dossier.reference,
        concerns=("dossier", dossier.id),
        agency_path=dossier.agency_path,
    )
    return notify(recipient=recipient, notice=notice, at=MORNING)[0]


def sealed_entry(object_id: Any) -> Any:
    follow_once()
    return Entry.objects.filter(object_id=object_id, kind="dossier.accepted").get().id


def leaders_batch(world: Any) -> SigningBatch:
    dossier = awaiting_signature(world.desk, world.mother)
    chosen = Chosen(dossier.id, dossier.revision, seen(dossier))
    return start_batch(actor=world.desk.leader, batch_id=UUID(int=3), chosen=[chosen], at=MORNING)


def _own_data(world: Any, dossier: Dossier) -> dict[str, Any]:
    """The mother's change of e-mail, her requests, a reading of her dossier, a way to sign in."""
    at = MORNING + timedelta(minutes=59)
    open_dossier(world.desk.reception, dossier.id, at=at)
    reading = Entry.objects.filter(object_id=dossier.id, kind="dossier.read").latest("sequence")
    with override_settings(EMAIL_READY=True):
        start_change(actor=world.mother, kind="email", typed="neu@example.org", signed_in_at=None, at=at)
    proof = SimpleUploadedFile("proof.pdf", birth_evidence(), "application/pdf")
    wrong = Asked("correct", ("other",), "Wrong.", evidence=proof)
    download = ask(actor=world.mother, asked=Asked("download"), at=at)
    make_export(download.id, at=at)
    way = SocialAccount.objects.create(provider="eid", uid="eid-owner", user_id=world.mother.account_id)
    return {
        "contact_kind": "email",
        "reading": reading.id,
        "data_request": ask(actor=world.mother, asked=Asked("ask", words="Why?"), at=at).id,
        "data_file": download.id,
        "data_evidence": ask(actor=world.mother, asked=wrong, at=at).id,
        "way": way.pk,
    }


def _asked(world: Any) -> dict[str, Any]:
    """A dossier about which the other commune is asked, and one that waits for the mother."""
    asked, waiting = (handed_over(world.desk, world.mother) for _ in range(2))
    question = Question("Có vướng quy hoạch không?", world.other_desk.agency.id, "2wd")
    specialist = world.desk.specialist
    opinion = request_opinion(actor=specialist, target=target(asked), question=question, at=MORNING)
    items = [Item("Ảnh rõ hơn", component="birth_evidence"), Item("Tên", field="given_name")]
    request_supplement(actor=specialist, target=target(waiting), items=items, reason="Ảnh mờ", at=MORNING)
    return {"asked_dossier": asked.id, "opinion": opinion.id, "supplemented": waiting.id}
def _shelf(world: Any, dossier: Dossier) -> dict[str, Any]:
    """The mother's result in her documents, and a share of it."""
    document = Document.objects.get(subject=dossier.id)
    new = NewShare([document.id], "Nhập học", MORNING + timedelta(days=1))
    share = make_share(actor=world.mother, new=new, at=MORNING)
    return {"shelf_document": document.id, "share": share.id, "share_code": share_code(share.id)}


@pytest.fixture(scope="module")
def things(module_db: None, world: Any) -> dict[str, Any]:
    """What the addresses are about: all the mother's, all in the first commune."""
    draft = filled_in(world.desk, world.mother)
    dossier = returned(world.desk, world.mother)
    receipt = dossier.documents.get(kind="receipt")
    file_of(receipt)
    acting = representative(at=MORNING, personal_number="026088000001", full_name="Lê Văn Thí Dụ")
    office = Representation.objects.get(person=acting.person_id)
    return {
        "message": _message(dossier).id,
        "code": CODE,
        "event": "birth",
        "place": "04894",
        "draft": draft.id,
        "page": "mother",
        "draft_paper": draft.papers.get().id,
        "dossier": dossier.id,
        "paper": dossier.components.get().id,
        "receipt": receipt.id,
        "result": dossier.documents.get(kind="result").id,
        "fee_entry": paid(world.desk, dossier).id,
        "draft_document": dossier.documents.get(kind="draft").id,
        "new_dossier": submitted(world.desk, world.mother).id,
        "working": handed_over(world.desk, world.mother).id,
        **_asked(world),
        "act": "accept",
        "screen": "home",
        "entry": sealed_entry(dossier.id),
        "batch": leaders_batch(world).id,
        "letter": 404,
        "search": "unknown",
        "topic": "signing",
        "nothing": UUID(int=4),
        "account": world.desk.specialist.account_id,
        "role": "reception",
        "absence": away(world.desk.leader, at=MORNING).id,
        "delegation": delegated(world.desk, at=MORNING).id,
        "mandate": mandate(world.neighbour, world.mother, at=MORNING, accepted=False).id,
        "person": world.mother.person_id,
        **_own_data(world, dossier),
        "organisation": office.organisation_id,
        "representation": office.id,
        "some_agency": world.desk.agency.id,
        "some_unit": world.desk.agency.units.first().id,
        "some_post": world.desk.leader.post_id,
        "some_officer": world.desk.leader.person_id,
        **{act: act for act in ("rename", "change", "end", "leave")},
        "settings": "mail",
        "trial": "mail",
        "mark": "0123456789abcdef",
        "client": registered(world.administrator, world.desk.agency, at=MORNING)[0].id,
        "client_act": "end",
        **_shelf(world, dossier),
    }


@pytest.fixture(scope="module")
def enter(module_db: None, world: Any) -> Callable[[str], Client]:
    """A person's browser."""
    actors = {
        "owner": world.mother,
        "neighbour": world.neighbour,
        "officer": world.desk.reception,
        "colleague": world.desk.specialist,
        "elsewhere": world.other_desk.reception,
        "auditor": world.auditor,
        "operator": world.operator,
        "administrator": world.administrator,
        "support": world.support,
        "data_protection": world.data_protection,
    }

    def browser(person: str, **options: Any) -> Client:
        client = Client(**options)
        if person != "stranger":
            account = Account.objects.get(pk=actors[person].account_id)
            client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        if person in {"owner", "neighbour"}:
            sign_in_anew(client)
        return client

    return browser


def url_of(name: str, things: dict[str, Any]) -> str:
    if name.startswith("openid_connect"):
        return reverse(name, args=["eid"])
    if ":" not in name and "_" not in name:
        return f"/{name}"
    return reverse(name, args=[things[thing] for thing in TABLE[name].things])


def outcome(response: Any) -> Any:
    """The status, or the sign-in page one is sent to with the way back."""
    location = response.headers.get("Location", "")
    for page in (TO_DESK, TO_CITIZENS):
        if location.startswith(f"{page}?next="):
            return page
    return response.status_code


@pytest.mark.parametrize(("name", "person"), list(product(TABLE, PERSONS)))
def test_an_address_opens_for_those_it_is_for_and_nobody_else(name, person, things, enter):
    row, client, url = TABLE[name], enter(person), url_of(name, things)
    response = client.get(url, row.query) if row.post is None else client.post(url, row.post)
    assert outcome(response) == row.gets[person]


POSTED = [name for name, row in TABLE.items() if row.post is not None]


@pytest.mark.parametrize("name", POSTED)
def test_what_changes_something_is_not_done_by_following_a_link(name, things, enter):
    desk = ("desk:", "console:", "access:", "delegations:")
    person = "officer" if name.startswith(desk) else "owner"
    assert enter(person).get(url_of(name, things)).status_code in {404, 405}


# A machine has no page that carries a token: its signature is asked for instead.
FROM_PAGES = [name for name in POSTED if name != "notifications:sms-report"]


@pytest.mark.parametrize("name", FROM_PAGES)
def test_what_changes_something_is_not_done_for_another_site(name, things, enter):
    desk = ("desk:", "console:", "access:", "delegations:")
    person = "officer" if name.startswith(desk) else "owner"
    client = enter(person, enforce_csrf_checks=True)
    assert client.post(url_of(name, things), TABLE[name].post).status_code == 403


@pytest.mark.parametrize("kind", ["draft_document", "receipt", "result"])
def test_the_applicant_gets_receipt_and_returned_result_and_no_draft(kind, things, enter):
    url = reverse("dossiers:document", args=[things["dossier"], things[kind]])
    assert enter("owner").get(url).status_code == (404 if kind == "draft_document" else 200)


def test_a_paper_of_another_dossier_is_not_found(things, enter):
    for name, person in (("dossiers:paper", "owner"), ("desk:paper", "officer")):
        url = reverse(name, args=[things["new_dossier"], things["paper"]])
        assert enter(person).get(url).status_code == 404


def test_a_document_of_another_dossier_is_not_found(things, enter):
    for name, person in (
        ("dossiers:document", "owner"),
        ("desk:document", "officer"),
        ("desk:page", "officer"),
    ):
        url = reverse(name, args=[things["new_dossier"], things["receipt"]])
        assert enter(person).get(url).status_code == 404


def test_search_shows_officers_only_what_is_theirs(things, enter):
    url, words = reverse("console:search"), {"q": "tran minh khoi"}
    dossier = str(things["dossier"])
    assert dossier in enter("officer").post(url, words, follow=True).content.decode()
    for person in ("elsewhere", *OVERSEERS):
        assert dossier not in enter(person).post(url, words, follow=True).content.decode()


def test_the_words_of_a_search_stay_out_of_addresses(enter):
    browser = enter("officer")
    answers = [browser.post(reverse("console:search"), {"q": "Trần Minh Khôi"}) for _ in range(2)]
    assert [reverse("console:found", args=[key]) for key in browser.session["searches"]] == [answers[0].url]
    assert answers[0].url == answers[1].url


def test_the_public_status_says_nothing_personal(things, enter, world):
    dossier = Dossier.objects.get(pk=things["dossier"])
    for person in ("stranger", "neighbour", "elsewhere"):
        page = enter(person).get(reverse("dossiers:status"), {"code": dossier.code}).content.decode()
        assert dossier.code in page
        for personal in ("Hồng Nhung", "Minh Khôi", "025197004187", "0912345678", "Khu 4"):
            assert personal not in page
