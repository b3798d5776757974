"""The pack content under test, read once."""

import copy
import json
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from motcua.casework.forms.rules.parsing import parse_form

REPOSITORY = Path(__file__).resolve().parents[5]
PACK = REPOSITORY / "packs" / "vn"
BIRTH = PACK / "procedures" / "1.001193"
TODAY = date(2026, 3, 10)


@cache
def _form_text():
    return (BIRTH / "form.json").read_text(encoding="utf-8")


def form_data():
    """A fresh copy, to be broken by a test."""
    return json.loads(_form_text())


@cache
def form():
    return parse_form(form_data())


@cache
def _example():
    return json.loads((BIRTH / "example.json").read_text(encoding="utf-8"))


def example():
    return copy.deepcopy(_example())


def read_yaml(path):
    return yaml.safe_load((PACK / path).read_text(encoding="utf-8"))
