"""The file of `motcua setup --file`: read whole and refused whole, before anything is changed.

A key of a group of settings ("mail", "eid", …) holds what rooms declared. The others stand in `_SECTIONS`.
docs/setup-example.yaml shows all of it.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from motcua.foundation.installation import contributions
from motcua.foundation.installation.contributions import Declaration
from motcua.foundation.installation.errors import BadSettings
from motcua.foundation.installation.selectors import is_fixed
from motcua.foundation.installation.services import clean_settings


class BadAnswers(ValueError):
    """The file cannot be used; the message names the place and what is expected there."""


@dataclass(frozen=True, slots=True)
class Province:
    code: str
    name: str
    place_code: str


@dataclass(frozen=True, slots=True)
class Person:
    """An officer and the post they hold. agency: its code, or a commune's five digits; "" for the province itself."""

    username: str
    full_name: str
    title: str
    unit: str = "Văn phòng"
    unit_code: str = "office"
    agency: str = ""
    role: str = "administrator"
    signing_key: str = ""


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A PKCS#12 file."""

    ref: str
    file: Path
    password: str = ""


@dataclass(frozen=True, slots=True)
class AuthorityFile:
    file: Path
    source: str
    purpose: str = "signer"
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class OwnKey:
    """A key that the installation's own authority certifies: for trials, not for real signatures."""

    ref: str
    person: str
    organisation: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """What is to be there afterwards; what is not named stays as it is. settings: by group, then by key."""

    province: Province | None = None
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    reason: str = ""
    procedures: tuple[Path, ...] = ()
    administrators: tuple[Person, ...] = ()
    officers: tuple[Person, ...] = ()
    authorities: tuple[AuthorityFile, ...] = ()
    keys: tuple[KeyFile, ...] = ()
    own_authority: str = ""
    own_keys: tuple[OwnKey, ...] = ()


_SECTIONS = ("province", "reason", "procedures", "administrators", "officers", "certificates")
_CERTIFICATES = ("authorities", "keys", "own_authority", "own_keys")


def read_answers(path: Path) -> Answers:
    """Raises BadAnswers, OSError."""
    try:
        plain = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadAnswers(f"{path.name} is not YAML: {error}") from error
    given, folder = _mapping(plain or {}, path.name), path.absolute().parent
    groups = [group.code for group in contributions.groups()]
    _only(given, [*_SECTIONS, *groups], path.name)
    certificates = _mapping(given.get("certificates", {}), "certificates")
    _only(certificates, _CERTIFICATES, "certificates")
    return Answers(
        province=_record(Province, given["province"], "province", folder) if "province" in given else None,
        settings={code: _settings(code, given[code], folder) for code in groups if code in given},
        reason=str(given.get("reason", "")),
        procedures=tuple(folder / str(it) for it in _list(given.get("procedures", []), "procedures")),
        administrators=_records(Person, given, "administrators", folder),
        officers=_records(Person, given, "officers", folder),
        authorities=_records(AuthorityFile, certificates, "authorities", folder),
        keys=_records(KeyFile, certificates, "keys", folder),
        own_authority=str(certificates.get("own_authority", "")),
        own_keys=_records(OwnKey, certificates, "own_keys", folder),
    )


def _settings(code: str, plain: Any, folder: Path) -> dict[str, Any]:
    """Checked now; those that the operator fixed in the environment are left out. Raises BadAnswers."""
    given = _mapping(plain, code)
    declared = {it.key.partition(".")[2]: it for it in contributions.declarations(code)}
    _only(given, declared, code)
    wanted = {name: it for name, it in declared.items() if name in given and not is_fixed(it)}
    values = {it.key: _value(it, given[name], folder) for name, it in wanted.items()}
    try:
        clean_settings(values)
    except BadSettings as error:
        key, reason = next(iter(error.problems.items()))
        raise BadAnswers(f"{key}: {reason}") from error
    return values


def _value(declared: Declaration, plain: Any, folder: Path) -> Any:
    if declared.kind == "file":
        return _file(folder / str(plain)) if plain else None
    if declared.kind == "secret":
        return _secret(plain, declared.key, folder)
    return plain


def _file(path: Path) -> dict[str, str]:
    try:
        return {"name": path.name, "content": base64.b64encode(path.read_bytes()).decode()}
    except OSError as error:
        raise BadAnswers(f"{path}: {error.strerror}") from error


def _secret(plain: Any, where: str, folder: Path) -> str:
    """`{file: path}`, `{env: NAME}`, or the secret itself."""
    if not isinstance(plain, dict):
        return str(plain or "")
    _only(plain, ("file", "env"), where)
    if "env" in plain:
        value = os.environ.get(str(plain["env"]), "")
        if not value:
            raise BadAnswers(f"{where}: the variable {plain['env']} is not set")
        return value
    try:
        return (folder / str(plain["file"])).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadAnswers(f"{where}: {plain['file']} cannot be read") from error


def _records(kind: type[Any], given: Mapping[str, Any], name: str, folder: Path) -> tuple[Any, ...]:
    return tuple(
        _record(kind, it, f"{name}[{number}]", folder)
        for number, it in enumerate(_list(given.get(name, []), name), 1)
    )


def _record(kind: type[Any], plain: Any, where: str, folder: Path) -> Any:
    given, known = _mapping(plain, where), {it.name: it for it in fields(kind)}
    _only(given, known, where)
    values = {name: _part(str(known[name].type), name, value, where, folder) for name, value in given.items()}
    try:
        return kind(**values)
    except TypeError as error:
        raise BadAnswers(f"{where}: {str(error).partition('missing ')[2] or error}") from error


def _part(kind: str, name: str, value: Any, where: str, folder: Path) -> Any:
    if name == "password":
        return _secret(value, f"{where}.password", folder)
    if kind == "Path":
        return folder / str(value)
    if kind.startswith("date"):
        if value is not None and not isinstance(value, date):
            raise BadAnswers(f"{where}.{name}: a date such as 2026-01-01 is expected")
        return value
    return str(value)


def _mapping(plain: Any, where: str) -> dict[str, Any]:
    if not isinstance(plain, dict):
        raise BadAnswers(f"{where}: names with values are expected")
    return {str(name): value for name, value in plain.items()}


def _list(plain: Any, where: str) -> list[Any]:
    if not isinstance(plain, list):
        raise BadAnswers(f"{where}: a list is expected")
    return plain


def _only(given: Mapping[str, Any], known: Iterable[str], where: str) -> None:
    names = list(known)
    for name in given:
        if name not in names:
            near = get_close_matches(name, names, n=1)
            hint = f" Did you mean “{near[0]}”?" if near else f" Known are: {', '.join(sorted(names))}."
            raise BadAnswers(f"{where}: “{name}” is not known.{hint}")
