"""`/api/v1/dossiers`, `/files`, `/tasks`: file, follow and handle."""

from motcua.casework.dossiers.rest import acts, bulk, filing, reading, supplement, tasks
from motcua.casework.dossiers.rest.routers import dossiers, files, many, work

__all__ = ["acts", "bulk", "dossiers", "files", "filing", "many", "reading", "supplement", "tasks", "work"]
