"""`/api/v1/dossiers`, `/files`, `/tasks`: file, follow and handle."""

from motcua.casework.dossiers.rest import acts, bulk, bulk_acts, filing, reading, supplement, tasks
from motcua.casework.dossiers.rest.routers import acts_on_many, dossiers, files, many, work

__all__ = [
    "acts",
    "acts_on_many",
    "bulk",
    "bulk_acts",
    "dossiers",
    "files",
    "filing",
    "many",
    "reading",
    "supplement",
    "tasks",
    "work",
]
