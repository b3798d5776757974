"""The description of the API satisfies Spectral's rules for OpenAPI."""

from __future__ import annotations

import json
import subprocess

import pytest
from django.test import Client

from tests.conformance.node import node

pytestmark = pytest.mark.django_db


def test_the_description_has_no_finding() -> None:
    command = node("spectral.mjs", "@stoplight/spectral-core")
    description = Client().get("/api/v1/openapi.json").json()
    done = subprocess.run(
        command, input=json.dumps(description), capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)
