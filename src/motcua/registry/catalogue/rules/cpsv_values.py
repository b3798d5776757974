"""What descriptions of public services are made of. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from motcua.foundation.kernel.text import fold
from motcua.registry.catalogue.rules.rdf import Node, address

LANGUAGES = ("vi", "en", "de")


@dataclass(frozen=True, slots=True)
class Event:
    """A life event."""

    code: str
    names: Mapping[str, str]
    descriptions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Service:
    """A procedure as it stands on a day. `says`: the procedure.yaml of the version in force, empty where it is only
    listed; texts by language; `sector` its code, `levels` at least one."""

    code: str
    names: Mapping[str, str]
    sector: str
    sector_names: Mapping[str, str]
    levels: Sequence[str]
    fee: Mapping[str, str] = field(default_factory=dict)
    limit: Mapping[str, str] = field(default_factory=dict)
    agency: str = ""
    channels: Sequence[str] = ()
    says: Mapping[str, Any] = field(default_factory=dict)
    events: Sequence[Event] = ()
    changed_on: date | None = None
    removed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Whose catalogue it is: `base`, the address of the portal without a slash at its end, and who publishes it."""

    base: str
    publisher: str

    @property
    def iri(self) -> str:
        return f"{self.base}/data/procedures"

    def page(self, code: str) -> str:
        return f"{self.base}/procedures/{code}/"

    def shared(self, kind: str, name: str) -> str:
        """The address of what several procedures share; names that differ in accents only have two."""
        plain = re.sub(r"[^a-z0-9_]+", "-", fold(name)).strip("-")[:60]
        mark = "" if plain == name else f"-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
        return f"{self.iri}#{kind}-{plain}{mark}"


def named(*values: Mapping[str, str] | str) -> Mapping[str, str] | str:
    """The first that says anything; "" for none."""
    return next((it for it in values if texts(it)), "")


def texts(value: Mapping[str, str] | str) -> list[dict[str, str]]:
    """A text as values, one for each language it is there in."""
    by_language = {"vi": value} if isinstance(value, str) else value
    return [
        {"@value": " ".join(by_language[it].split()), "@language": it}
        for it in LANGUAGES
        if (by_language.get(it) or "").strip()
    ]


def refs(*iris: str) -> list[dict[str, str]]:
    return [{"@id": address(it)} for it in dict.fromkeys(iris)]


def node(iri: str, *types: str, **said: Sequence[Any]) -> Node:
    """`said`: names with an underscore for the colon; what is empty is left out."""
    values = {name.replace("_", ":", 1): list(value) for name, value in said.items() if value}
    return {"@id": address(iri), "@type": list(types), **values}


def concept(iri: str, names: Mapping[str, str] | str) -> Node:
    return node(iri, "skos:Concept", skos_prefLabel=texts(names))


def joined(*parts: Mapping[str, str] | str) -> dict[str, str]:
    """Sentences one after the other, in each language by itself."""
    each = [{"vi": it} if isinstance(it, str) else it for it in parts]
    found = {}
    for language in LANGUAGES:
        sentences = [str(it[language]).strip().rstrip(".:") for it in each if it.get(language)]
        found[language] = ". ".join(filter(None, sentences))
    return {language: f"{text}." for language, text in found.items() if text}
