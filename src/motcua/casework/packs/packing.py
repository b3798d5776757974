"""The parsed files of a procedure as the catalogue publishes them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from motcua.casework.forms.rules.shapes import with_shared
from motcua.registry.catalogue.services import Listing, Publication


def packed(words: Mapping[str, Any], files: Mapping[str, Any]) -> Publication:
    """A publication of {"procedure", "form", "process", "template"}. words: "sectors" and "fees" of catalogue.yaml."""
    named = ("procedure", "form", "process", *(["linked"] if "linked" in files else []))
    definition = {name: _plain(files[name]) for name in named}
    # The stored schema stands alone, for programs that read it.
    definition["form"]["schema"] = with_shared(definition["form"]["schema"])
    content = json.dumps([definition, files["template"]], sort_keys=True, ensure_ascii=False)
    procedure = definition["procedure"]
    return Publication(
        listing=listing_of(words, procedure, is_online=True),
        valid_from=date.fromisoformat(procedure["valid_from"]),
        definition=definition,
        digest=hashlib.sha256(content.encode()).hexdigest(),
        result_template=files["template"],
    )


def _plain(data: Any) -> Any:
    """YAML's dates as text, so that the definition is JSON."""
    return json.loads(json.dumps(data, default=str))


def listing_of(words: Mapping[str, Any], procedure: Mapping[str, Any], *, is_online: bool) -> Listing:
    """What lists show of a procedure, modelled or only listed."""
    return Listing(
        code=procedure["code"],
        names=procedure["name"],
        everyday=[word for words in procedure.get("everyday_words", {}).values() for word in words],
        sector=procedure["sector"],
        sector_names=words["sectors"].get(procedure["sector"], {}),
        level=procedure["level"] if is_online else procedure["levels"][0],
        limit=procedure.get("limit", {}).get("value") or "",
        fee=_fee_words(words, procedure),
        is_online=is_online,
        levels=procedure.get("levels", ()),
    )


def _fee_words(words: Mapping[str, Any], procedure: Mapping[str, Any]) -> Mapping[str, str]:
    """The fee in a few words; a modelled procedure that begins without one is free of charge."""
    if "fee" in procedure:
        return dict(words["fees"].get(procedure["fee"]["words"], {}))
    first: Mapping[str, Any] = procedure["fees"][0] if procedure["fees"] else {"amount_vnd": 0}
    first = first["table"]["rows"][0]["then"] if "table" in first else first
    return dict(words["fees"]["free"]) if first.get("amount_vnd") == 0 else {}
