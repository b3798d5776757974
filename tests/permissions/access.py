"""Officers' own accounts, and other systems by their protocols."""

from __future__ import annotations

from tests.permissions.rows import (
    POST,
    PUBLIC,
    Row,
    everybody,
    own,
)

ROWS = {
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
    # Programs, by their token; a person who is signed in is nobody there.
    "api:openapi-json": PUBLIC,
    "api:list_procedures": Row(everybody(401)),
    "api:get_procedure": Row(everybody(401), ("code",)),
    "api:list_offers": Row(everybody(401), ("code",)),
    "api:list_dossiers": Row(everybody(401)),
    "api:file_dossier": Row(everybody(401)),
    "api:get_dossier": Row(everybody(401), ("dossier",)),
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
}
