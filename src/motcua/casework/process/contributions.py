"""Where higher rooms register the work of service steps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

# Called with the subject and the time, in the transaction that moves the process on; may run again after a failure.
Service = Callable[[UUID, datetime], None]

_services: dict[str, Service] = {}


def register_service(name: str, service: Service) -> None:
    """`name`: as `service` of a step says it. Called from `apps.py`."""
    _services[name] = service


def service_named(name: str) -> Service:
    """Raises LookupError for a name that nobody registered."""
    return _services[name]
