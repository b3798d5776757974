"""The API's description (OpenAPI 3.1), and what all answers have in common: an ETag, the address of the next page."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from motcua.doors.api import parts
from motcua.registry.access.clients.rest import Token, etag, has_seen, unchanged

_KEYED = re.compile(r"/acts/|/bulk$|/files$|/dossiers$|/shares$|/revoke$")


class DescribedApi(NinjaAPI):
    """Answers to GET have an ETag, lists the address of the next page as a Link header (RFC 8288)."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        prefix = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        return Description(self, prefix)

    def create_response(
        self,
        request: HttpRequest,
        data: Any,
        *,
        status: int | None = None,
        temporal_response: HttpResponse | None = None,
    ) -> HttpResponse:
        answer = super().create_response(request, data, status=status, temporal_response=temporal_response)
        if request.method != "GET" or answer.status_code != 200:
            return answer
        if isinstance(data, dict) and data.get("next"):
            query = request.GET.dict() | {"after": str(data["next"])}
            answer["Link"] = f'<{request.path}?{urlencode(query)}>; rel="next"'
        if "ETag" not in answer:
            answer["ETag"] = tag = etag(answer.content.decode())
            if has_seen(request, tag):
                return unchanged(tag)
        return answer


class Description(OpenAPISchema):
    """What ninja knows of the operations, and what all of them answer besides."""

    def __init__(self, api: NinjaAPI, path_prefix: str) -> None:
        super().__init__(api, path_prefix)
        self["info"] |= parts.INFO
        self["tags"] = parts.TAGS
        self["servers"] = [{"url": "/", "description": "This installation"}]
        self["components"]["schemas"] |= parts.SCHEMAS
        _drop_unused(self)
        self["components"] |= {
            "securitySchemes": parts.security_schemes(),
            "responses": parts.problem_responses(),
            "headers": parts.HEADERS,
            "parameters": parts.PARAMETERS,
        }

    def operation_details(self, operation: Operation) -> dict[str, Any]:
        found = super().operation_details(operation)
        token = next(auth for auth in operation.auth_callbacks if isinstance(auth, Token))
        found["security"] = parts.security_of(token.asked)
        method = operation.methods[0]
        path = self.path_of(operation)
        keyed = method == "POST" and bool(_KEYED.search(path))
        is_act = "/acts/" in path
        common = [name for name, wanted in (("IdempotencyKey", keyed), ("IfMatch", is_act)) if wanted]
        if token.asked.people:
            common.append("ActingAs")
        if method == "GET" and not path.endswith("/content"):
            common.append("IfNoneMatch")
        found["parameters"] += [{"$ref": f"#/components/parameters/{name}"} for name in common]
        if method == "GET" and not path.endswith("/content"):
            found["responses"][304] = {"description": "The caller has this answer (If-None-Match)."}
        _describe_answers(found, keyed=keyed)
        for status in parts.problems_of(found, is_act=is_act):
            found["responses"][status] = {"$ref": f"#/components/responses/Problem{status}"}
        return found

    def path_of(self, operation: Operation) -> str:
        """The operation's path below the root."""
        for bound in self.api._get_bound_routers():
            for path, view in bound.path_operations.items():
                if operation in view.operations:
                    return f"{bound.prefix}{path}".rstrip("/")
        raise LookupError(operation.operation_id)


def _drop_unused(description: dict[str, Any]) -> None:
    """Schemas nobody names: of what became single parameters."""
    schemas, text = description["components"]["schemas"], json.dumps(description, default=str)
    for name in [name for name in schemas if f'"#/components/schemas/{name}"' not in text]:
        if name not in parts.SCHEMAS:
            del schemas[name]


def _describe_answers(found: dict[str, Any], *, keyed: bool) -> None:
    """Headers and an example of each answer that is no problem."""
    for status, answer in found["responses"].items():
        names = list(parts.COMMON_HEADERS)
        if status in {200, 304}:
            names.append("ETag")
        if keyed:
            names.append("Idempotency-Replayed")
        answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
        body = answer.get("content", {}).get("application/json")
        if body and found["operationId"] in parts.EXAMPLES:
            body["example"] = parts.EXAMPLES[found["operationId"]]
