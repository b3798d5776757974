"""What setting up does. Each act says in sentences what it changed, and does nothing where nothing differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from motcua.casework.packs.services import load_pack
from motcua.config.setup.answers import Answers, AuthorityFile, BadAnswers, KeyFile, OwnKey, Person, Province
from motcua.foundation.installation.models import Installation
from motcua.foundation.installation.services import Change, become, change_settings
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.signatures.keeping import KeyFile as BroughtKey
from motcua.foundation.signatures.keeping import (
    Trusting,
    import_key,
    list_authorities,
    list_keys,
    trust_authority,
)
from motcua.foundation.signatures.keys import issue_signing_key, make_authority
from motcua.registry.access.models import Account
from motcua.registry.access.services.accounts import invite
from motcua.registry.catalogue.models import LifeEvent, Procedure, ProcedureVersion
from motcua.registry.organisations.models import Agency, Officer, valid_on
from motcua.registry.organisations.selectors import find_agency_of_place
from motcua.registry.organisations.services import NewOfficer, enter_officer, load_province

_OWN_KEY_DAYS = 365


@dataclass(slots=True)
class Done:
    """What a run changed, or would change. invitations: code by user name; each works once."""

    changes: list[str] = field(default_factory=list)
    invitations: dict[str, str] = field(default_factory=dict)


def set_up(answers: Answers, *, at: datetime, dry_run: bool) -> Done:
    """Make it so. A dry run does the same and takes it back; files of keys it leaves alone.

    Raises BadAnswers, and any DomainError of the acts, among them OtherKind for a demonstration's database.
    """
    done = Done()
    if dry_run:
        with transaction.atomic():
            _all_of_it(answers, done, at, dry_run=True)
            transaction.set_rollback(True)
        done.invitations.clear()
    else:
        _all_of_it(answers, done, at, dry_run=False)
    return done


def _all_of_it(answers: Answers, done: Done, at: datetime, *, dry_run: bool) -> None:
    done.changes += begin(at)
    if answers.province:
        done.changes += enter_province(answers.province, at)
    for group, values in answers.settings.items():
        done.changes += enter_settings(group, values, answers.reason, at)
    for path in answers.procedures:
        done.changes += publish(path, at)
    done.changes += list(keep_certificates(answers, at, dry_run=dry_run))
    for person in (*answers.administrators, *answers.officers):
        officer = first_officer(person, at)
        if officer:
            done.changes.append(f"Officer {person.username} is entered ({person.role}).")
            done.invitations[person.username] = invitation(officer.account, at)


def begin(at: datetime) -> list[str]:
    """Say that this is a real installation. Raises OtherKind on a demonstration's database."""
    return ["This is a real installation."] if become(Installation.Kind.REAL, at=at) else []


def enter_province(province: Province, at: datetime) -> list[str]:
    before = Agency.objects.count()
    load_province(code=province.code, name=province.name, place_code=province.place_code, at=at)
    added = Agency.objects.count() - before
    return [f"{added} agencies of {province.name} are entered."] if added else []


def enter_settings(group: str, values: Mapping[str, Any], reason: str, at: datetime) -> list[str]:
    changed = change_settings(actor=SYSTEM, change=Change(group, values, reason=reason), at=at)
    return [f"{key} is set." for key in changed]


def publish(path: Path, at: datetime) -> list[str]:
    """The procedures of a pack that are new or differ."""
    before = _published()
    load_pack(actor=SYSTEM, path=path, at=at)
    added = [now - then for now, then in zip(_published(), before, strict=True)]
    names = ("procedures are entered", "editions of procedures are published", "life events are entered")
    return [f"{count} {name}." for count, name in zip(added, names, strict=True) if count]


def _published() -> tuple[int, int, int]:
    return Procedure.objects.count(), ProcedureVersion.objects.count(), LifeEvent.objects.count()


def keep_certificates(answers: Answers, at: datetime, *, dry_run: bool) -> Iterator[str]:
    """Authorities first: keys are tried against them."""
    known = {it.certificate.fingerprint(SHA256()) for it in list_authorities()}
    for authority in answers.authorities:
        yield from _believe(authority, known, at, dry_run=dry_run)
    keys = {it.key_ref for it in list_keys()}
    for key in answers.keys:
        if key.ref not in keys:
            yield _bring(key, at, dry_run=dry_run)
    for own in answers.own_keys:
        if own.ref not in keys:
            yield _issue(own, answers.own_authority, at, dry_run=dry_run)


def _believe(authority: AuthorityFile, known: set[bytes], at: datetime, *, dry_run: bool) -> Iterator[str]:
    content = _read(authority.file)
    try:
        found = x509.load_pem_x509_certificates(content)
    except ValueError:
        found = []
    if found and all(it.fingerprint(SHA256()) in known for it in found):
        return
    if not dry_run:
        purpose = cast("Any", authority.purpose)
        trusting = Trusting(purpose, authority.valid_from, authority.valid_to, authority.source)
        trust_authority(actor=SYSTEM, content=content, trusting=trusting, at=at)
    yield f"{authority.file.name} is on the trust list."


def _bring(key: KeyFile, at: datetime, *, dry_run: bool) -> str:
    if not dry_run:
        import_key(actor=SYSTEM, file=BroughtKey(key.ref, _read(key.file), key.password), at=at)
    return f"The key {key.ref} is kept."


def _issue(own: OwnKey, authority: str, at: datetime, *, dry_run: bool) -> str:
    if not authority:
        raise BadAnswers(
            "certificates: own_keys need own_authority, the name of the authority that certifies them."
        )
    if not dry_run:
        make_authority(settings.SIGNATURES_DIR, name=authority, at=at)
        issue_signing_key(
            settings.SIGNATURES_DIR,
            key_ref=own.ref,
            person=own.person,
            organisation=own.organisation,
            title=own.title,
            at=at,
            days=_OWN_KEY_DAYS,
        )
    return f"The key {own.ref} is made, certified by this installation itself: for trials only."


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadAnswers(f"{path}: {error.strerror}") from error


def first_officer(person: Person, at: datetime) -> Officer | None:
    """Enter an officer without a password; None: the account is there already. Raises BadAnswers."""
    if Account.objects.filter(username=person.username).exists():
        return None
    new = NewOfficer(
        username=person.username,
        full_name=person.full_name,
        unit_code=person.unit_code,
        unit_name=person.unit,
        title=person.title,
        role=person.role,
        signing_key=person.signing_key,
        scope="/" if person.role in _EVERYWHERE and not person.agency else "",
    )
    return enter_officer(agency=_agency(person.agency, at), new=new, at=at)


_EVERYWHERE = {"administrator", "auditor", "operator", "support", "data_protection", "catalogue"}


def first_administrator(*, username: str, full_name: str, title: str, at: datetime) -> str | None:
    """Enter an administrator of everything; gives the code of their invitation, None if they exist."""
    officer = first_officer(Person(username, full_name, title), at)
    return invitation(officer.account, at) if officer else None


def _agency(name: str, at: datetime) -> Agency:
    day = timezone.localdate(at)
    if not name:
        found = Agency.objects.filter(valid_on(day), parent=None).order_by("valid_from").first()
    else:
        found = find_agency_of_place(name, at=day) or Agency.objects.filter(valid_on(day), code=name).first()
    if not found:
        raise BadAnswers(f"There is no agency {name}." if name else "Enter the province before its officers.")
    return found


def invitation(account: Account, at: datetime) -> str:
    """A code with which somebody chooses their first password, at /desk/join/."""
    return invite(actor=SYSTEM, account_id=account.pk, at=at)
