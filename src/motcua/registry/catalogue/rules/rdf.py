"""Statements about things, written as JSON-LD 1.1 or Turtle. Pure.

A node is one thing in JSON-LD's flat form: {"@id": address, "@type": [names], name: [values]}; a value is {"@id"},
{"@value", "@language"}, {"@value", "@type"} or a plain string. Names are `prefix:local` of `PREFIXES`. Both forms are
written from the same nodes one by one, so that a catalogue of any length needs no more memory than one of its services.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

PREFIXES: Mapping[str, str] = {
    "adms": "http://www.w3.org/ns/adms#",
    "cpsv": "http://purl.org/vocab/cpsv#",
    "cv": "http://data.europa.eu/m8g/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
JSON_BEGIN = json.dumps({"@context": PREFIXES})[:-1] + ', "@graph": [\n'
JSON_BETWEEN, JSON_END = ",\n", "\n]}\n"
TURTLE_BEGIN = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())

Node = Mapping[str, Any]
# What an address may hold as it is (RFC 3987, and Turtle's IRIREF); the rest is percent-encoded.
_PLAIN = "/:?#[]@!$&'()*+,;=%~"
_NAME = re.compile(r"[a-z]+:[A-Za-z_]+", re.ASCII)


def address(text: str) -> str:
    """An address in which nothing can end it early or start another statement."""
    return quote(text, safe=_PLAIN)


def to_json(node: Node) -> str:
    """A node as a member of JSON-LD's @graph, on one line."""
    return json.dumps(node, ensure_ascii=False)


def to_turtle(node: Node) -> str:
    """A node as Turtle, which needs the prefixes before it."""
    types = ", ".join(_name(it) for it in node["@type"])
    lines = [f"<{node['@id']}> a {types}"]
    for name, values in node.items():
        if not name.startswith("@"):
            lines.append(f"  {_name(name)} {', '.join(_value(it) for it in values)}")
    return " ;\n".join(lines) + " .\n"


def _name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name of a vocabulary")
    return name


def _value(value: Mapping[str, str] | str) -> str:
    """JSON's escapes of a string are a part of Turtle's (RDF 1.1 Turtle, 6.4)."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if "@id" in value:
        return f"<{value['@id']}>"
    literal = json.dumps(value["@value"], ensure_ascii=False)
    return (
        f"{literal}@{value['@language']}" if "@language" in value else f"{literal}^^{_name(value['@type'])}"
    )
