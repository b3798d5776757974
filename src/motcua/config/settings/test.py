"""Tests: the embedded server's owner role creates the test database; connections then step down to the app role."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("MOTCUA_SECRET_KEY", "tests only, never a secret")
os.environ.setdefault("MOTCUA_JOURNAL_KEY", "tests only, never a key")
os.environ.setdefault("MOTCUA_DATABASE_ROLE", "owner")
os.environ.setdefault("MOTCUA_EID_ISSUER", "http://127.0.0.1:1")

from .base import *  # noqa: F403

_scratch = Path(tempfile.mkdtemp(prefix="motcua-test-"))
# No pool: the test database is dropped while connections linger.
DATABASES["default"]["OPTIONS"].pop("pool")  # noqa: F405
FILES_DIR = _scratch / "files"
CATALOGUE_DIR = _scratch / "catalogue"
SIGNATURES_DIR = _scratch / "signatures"
JOURNAL_HEADS_FILE = _scratch / "journal" / "heads.jsonl"
STATIC_ROOT = _scratch / "collected"  # what `motcua demo` collects may change while tests run
STATIC_ROOT.mkdir()
STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The source language: tests that are about words choose one themselves.
LANGUAGE_CODE = "en"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
# Tests that are about second factors and idle sessions say so; the others travel in time.
SECOND_FACTOR = "optional"
OFFICER_IDLE_SECONDS = OFFICER_SESSION_SECONDS = 366 * 24 * 3600
# Tests choose settings as an administrator does; what the environment of the test run says is not in their way.
OPERATOR_VARIABLES = frozenset()
ACCOUNT_RATE_LIMITS = False
