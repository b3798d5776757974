"""What the head of a procedure's page tells search engines and other programs."""

from __future__ import annotations

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from motcua.registry.catalogue.describing import FORMS, catalogue, service_of
from motcua.registry.catalogue.models import Procedure, ProcedureVersion
from motcua.registry.catalogue.rules.schema_org import government_service

# What could end the element early or begin another one.
_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def head_of(procedure: Procedure, version: ProcedureVersion | None, language: str) -> dict[str, Any]:
    """For catalogue/_head.html: the stable address, the data's addresses, schema.org's data block. No query."""
    ours = catalogue()
    page = ours.page(procedure.code)
    forms = [(form.media_type, f"{page[:-1]}.{form.name}") for form in FORMS.values()]
    service = government_service(service_of(procedure, version), ours, language)
    return {"page": page, "forms": forms, "service": data_block(service)}


def data_block(content: Any) -> SafeString:
    """JSON that can stand inside a script element, whatever its texts hold."""
    return mark_safe(json.dumps(content, ensure_ascii=False).translate(_ESCAPES))  # noqa: S308  escaped here
