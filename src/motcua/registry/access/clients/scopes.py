"""What clients may be allowed. Each room names its own scopes in its `apps.py`."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Scope:
    """A right of clients. `name` as in OAuth (RFC 6749, 3.3); `description`: what whoever has it can do.

    `sign_in`: asked for by who signs people in; every other one is for the API. `by_two`: two administrators let a
    client have it.
    """

    name: str
    description: str | Promise
    sign_in: bool = False
    by_two: bool = False


# With these a person acts through a service as on the pages; each is good for one kind of account.
DESK, CITIZEN = "desk", "citizen"
ACTING = {"officer": DESK, "citizen": CITIZEN}

_scopes: dict[str, Scope] = {}


def register_scope(
    name: str, description: str | Promise, *, sign_in: bool = False, by_two: bool = False
) -> None:
    """Adds a scope; the same name again replaces it."""
    _scopes[name] = Scope(name, description, sign_in, by_two)


def list_scopes(*, sign_in: bool) -> list[Scope]:
    """By name; "openid", which sign-in cannot go without, first."""
    chosen = [scope for scope in _scopes.values() if scope.sign_in == sign_in]
    return sorted(chosen, key=lambda scope: (scope.name != "openid", scope.name))


def find_scope(name: str) -> Scope | None:
    return _scopes.get(name)
