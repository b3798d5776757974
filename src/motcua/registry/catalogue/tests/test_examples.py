"""Example papers: for everything people hand in, light, and nothing real in them."""

from __future__ import annotations

import io

import pytest
import yaml
from django.conf import settings
from PIL import Image

from motcua.foundation.kernel.errors import NotFound
from motcua.registry.catalogue.examples import example_of, example_picture

PROCEDURES = settings.PACKS / "vn" / "procedures"


def handed_in():
    for path in sorted(PROCEDURES.glob("*/procedure.yaml")):
        procedure = yaml.safe_load(path.read_text(encoding="utf-8"))
        for component in procedure["components"]:
            if component["needed"] != "state_has":
                yield str(procedure["code"]), component["code"]


@pytest.mark.parametrize("language", ["vi", "en", "de"])
def test_everything_people_hand_in_says_what_it_looks_like_and_where_it_is_had(language):
    found = {place: example_of(*place, language) for place in handed_in()}
    assert [place for place, example in found.items() if not example or not all(example.values())] == []


def test_a_picture_is_light_and_readable():
    papers = yaml.safe_load((settings.PACKS / "vn" / "papers" / "examples.yaml").read_text(encoding="utf-8"))
    for key in papers["papers"]:
        content = example_picture(key)
        assert len(content) < 30_000, key
        assert Image.open(io.BytesIO(content)).width >= 390


def test_a_picture_that_nobody_made_is_not_found():
    for key in ("nothing", "../helping", "1.001193/nothing"):
        with pytest.raises(NotFound):
            example_picture(key)
