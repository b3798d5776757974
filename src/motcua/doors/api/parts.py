"""Parts of the API's description that all operations share."""

from __future__ import annotations

from typing import Any

from motcua.doors.api.problems import BROKEN, CODES, HEADER
from motcua.registry.access.clients.scopes import ACTING, list_scopes
from motcua.registry.access.clients.selectors import Asked

INFO: dict[str, Any] = {
    "description": (
        "Procedures, dossiers, tasks and documents for other systems. Errors are problem details (RFC 9457) with a "
        "stable code. Everything that changes something takes an Idempotency-Key; acts on a dossier also If-Match."
    ),
    "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
    "contact": {
        "name": "Who runs this installation",
        "url": "https://interoperable-europe.ec.europa.eu/collection/eupl",
    },
}
TAGS = [
    {"name": name, "description": words}
    for name, words in (
        ("me", "Whom the token stands for."),
        ("procedures", "What can be applied for, and the forms to fill in."),
        ("dossiers", "Applications: filed, followed, listed."),
        ("acts", "What officers do with a dossier."),
        ("files", "Papers that are sent ahead."),
        ("tasks", "The inbox of an officer."),
        ("documents", "Issued documents: a person's own, and whether a paper is what it says."),
    )
]
# As problems.CODES, and those that have codes of their own.
_PROBLEMS = {
    400: "The request cannot be read, or a header is missing.",
    401: "There is no token, or it is not valid.",
    403: "The token does not allow this.",
    404: "There is nothing here, or the caller may not know of it.",
    405: "The address does not take this method.",
    406: "The answer is JSON, and the header Accept leaves no room for it.",
    409: "This cannot be done where the dossier stands now.",
    410: "The file was erased when the time for keeping it was over.",
    412: "The dossier was changed since the caller read it, or If-Match is no ETag of a dossier.",
    413: "The request is too large.",
    415: "The body is of a kind that is not taken here.",
    422: "Values are missing or wrong; `errors` says which.",
    428: "If-Match is missing.",
    429: "Too many calls; Retry-After says how long to wait.",
    500: "Something broke here; it is logged under the correlation id.",
    503: "Something that is needed does not answer at the moment.",
}
_EVERYWHERE = (400, 401, 403, 404, 405, 406, 413, 422, 429, 500, 503)
SCHEMAS: dict[str, Any] = {
    "ProblemError": {
        "type": "object",
        "title": "ProblemError",
        "description": "What is wrong with one value. Never the value itself.",
        "required": ["path", "code", "detail"],
        "properties": {
            "path": {
                "type": "string",
                "description": "JSON Pointer (RFC 6901) into the body, or the parameter.",
            },
            "code": {"type": "string"},
            "detail": {"type": "string"},
        },
    },
    "Problem": {
        "type": "object",
        "title": "Problem",
        "description": "Problem details (RFC 9457).",
        "required": ["type", "title", "status", "detail", "code", "correlation_id"],
        "properties": {
            "type": {"type": "string", "format": "uri"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string", "description": "For people, in the language that was asked for."},
            "code": {"type": "string", "description": "Stable, for programs."},
            "correlation_id": {"type": "string"},
            "errors": {"type": "array", "items": {"$ref": "#/components/schemas/ProblemError"}},
            "source": {
                "type": "string",
                "description": "Of an act the law does not allow: the articles that say so.",
            },
            "instead": {"type": "string", "description": "What can be done instead."},
        },
    },
}


def _header(description: str, **schema: Any) -> dict[str, Any]:
    return {"description": description, "schema": schema or {"type": "string"}}


HEADERS = {
    HEADER: _header("The correlation id: the caller's own, or one that was made."),
    "RateLimit-Limit": _header("Calls the caller may make in a minute.", type="integer"),
    "RateLimit-Remaining": _header("Calls that are left in this minute.", type="integer"),
    "RateLimit-Reset": _header("Seconds until the next minute begins.", type="integer"),
    "Retry-After": _header("Seconds to wait.", type="integer"),
    "ETag": _header("Of this very answer. Of a dossier: for If-Match."),
    "Idempotency-Replayed": _header("`true`: the same call was answered before; nothing was done again."),
    "WWW-Authenticate": _header("What is wrong with the token (RFC 6750)."),
}
COMMON_HEADERS = (HEADER, "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
PARAMETERS = {
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "required": True,
        "description": "Of the caller's own making. The same call again with the same key is done once.",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{8,100}$"},
        "example": "my-own-number-0001",
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "required": True,
        "description": "The ETag of the dossier as the caller read it.",
        "schema": {"type": "string", "pattern": '^(W/)?"[0-9]{1,9}(-[0-9a-f]+)?"$'},
        "example": '"3-5f0c9a1b2d3e4f50"',
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "required": False,
        "description": "ETags of answers the caller has.",
        "schema": {"type": "string"},
        "example": '"5f0c9a1b2d3e4f50"',
    },
    "ActingAs": {
        "name": "Acting-As",
        "in": "header",
        "required": False,
        "description": "In whose name a citizen acts: a value of GET /me. Without it in their own.",
        "schema": {"type": "string", "maxLength": 60, "pattern": "^(office|mandate):[0-9a-f-]{36}$"},
        "example": "office:01890a5d-ac96-774b-bcce-b302099a8057",
    },
}


def security_schemes() -> dict[str, Any]:
    """As documented at OAuth 2; scopes with their words in the language of the request."""
    flow = {"tokenUrl": "/identity/o/api/token"}
    people = {scope.name: str(scope.description) for scope in list_scopes(sign_in=True)}
    return {
        "Client": {
            "type": "oauth2",
            "description": "A program in its own name.",
            "flows": {
                "clientCredentials": flow
                | {"scopes": {scope.name: str(scope.description) for scope in list_scopes(sign_in=False)}}
            },
        },
        "Person": {
            "type": "oauth2",
            "description": "A person who signed in through a program, with PKCE.",
            "flows": {
                "authorizationCode": flow
                | {
                    "authorizationUrl": "/identity/o/authorize",
                    "scopes": {name: people[name] for name in sorted(ACTING.values())},
                }
            },
        },
    }


def security_of(asked: Asked) -> list[dict[str, list[str]]]:
    """Whose tokens an operation takes; one of these is enough."""
    client = [{"Client": [asked.scope]}] if asked.scope else []
    return client + [{"Person": [ACTING[kind]]} for kind in sorted(asked.people)]


def problem_responses() -> dict[str, Any]:
    """A response for each status that is a problem."""
    return {f"Problem{status}": _problem_response(status, words) for status, words in _PROBLEMS.items()}


def _problem_response(status: int, words: str) -> dict[str, Any]:
    names = [HEADER]
    if status == 401:
        names.append("WWW-Authenticate")
    if status == 429:
        names += [*COMMON_HEADERS[1:], "Retry-After"]
    code = {
        401: "token_missing",
        409: "act_not_allowed",
        410: "file_disposed",
        412: "dossier_moved",
        422: "invalid",
        428: "if_match_missing",
    }
    example = {
        "type": f"urn:motcua:problem:{code.get(status) or CODES.get(status, BROKEN)[0]}",
        "title": words,
        "status": status,
        "detail": words,
        "code": code.get(status) or CODES.get(status, BROKEN)[0],
        "correlation_id": "0190d3c5a1b24f6e9a7c",
    }
    if status == 422:
        example["errors"] = [
            {"path": "/answers/sex", "code": "not_offered", "detail": "Choose one of the answers."}
        ]
    return {
        "description": words,
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in names},
        "content": {
            "application/problem+json": {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "example": example,
            }
        },
    }


def problems_of(found: dict[str, Any], *, is_act: bool) -> list[int]:
    """Statuses of problems that an operation can answer with."""
    statuses = set(_EVERYWHERE)
    if is_act or found["operationId"].endswith(("_content", "paper", "document")):
        statuses |= {409, 410}
    if is_act:
        statuses |= {412, 428}
    if "requestBody" in found:
        statuses.add(415)
    return sorted(statuses)


_DOSSIER = {
    "id": "01890a5d-ac96-774b-bcce-b302099a8057",
    "reference": "T-7K3M-Q9RW",
    "code": "H44.25-260310-0042",
    "procedure": "1.001193",
    "version": 1,
    "agency": "H44.25",
    "status": 2,
    "test": False,
    "submitted_at": "2026-03-10T09:00:00+07:00",
    "accepted_at": "2026-03-10T09:20:00+07:00",
    "due_at": "2026-03-10T17:00:00+07:00",
    "basis_at": "2026-03-10T17:00:00+07:00",
    "answer_by": "2026-03-11T09:00:00+07:00",
    "answered_at": "2026-03-10T09:20:00+07:00",
    "finished_at": None,
    "returned_at": None,
    "updated_at": "2026-03-10T09:20:00+07:00",
    "timing": "in_process",
    "declined": False,
}
_DETAIL = _DOSSIER | {
    "answers": None,
    "papers": None,
    "documents": None,
    "acts": [],
    "tasks": [],
    "supplement": None,
    "rounds": 0,
    "ending": None,
    "extension": None,
    "payment": None,
    "likely_late": False,
}
_BULK = {
    "id": "01890a5d-ac96-774b-bcce-b302099a8058",
    "made_at": "2026-03-10T09:00:00+07:00",
    "finished_at": None,
    "waiting": 2,
    "filed": 0,
    "refused": 0,
}
_BULK_ACT = {
    "id": "01890a5d-ac96-774b-bcce-b302099a8059",
    "act": "accept",
    "made_at": "2026-03-10T09:00:00+07:00",
    "finished_at": None,
    "waiting": 2,
    "done": 0,
    "refused": 0,
}
EXAMPLES: dict[str, Any] = {
    "file_dossier": _DOSSIER
    | dict.fromkeys(("code", "accepted_at", "due_at", "basis_at", "answered_at"))
    | {"status": 1, "timing": ""},
    "list_dossiers": {"items": [_DOSSIER], "next": ""},
    "get_dossier": _DETAIL,
    "handle_many": _BULK_ACT,
    "get_bulk_act": _BULK_ACT | {"waiting": 1, "done": 1},
    "file_many": _BULK,
    "get_bulk_filing": _BULK | {"waiting": 1, "filed": 1},
}
