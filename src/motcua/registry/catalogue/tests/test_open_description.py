"""Procedures for programs: CPSV-AP in both forms, stable addresses, the whole catalogue as a file."""

from __future__ import annotations

import gzip
import json
import os
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from motcua.registry.catalogue import describing
from motcua.registry.catalogue.models import LifeEvent, Procedure
from motcua.registry.catalogue.rules import cpsv, rdf
from motcua.registry.catalogue.rules.cpsv_values import Catalogue, Service

CODE = "1.001193"
HERE = "http://127.0.0.1:8000"
SHAPES = (
    Path(os.environ.get("MOTCUA_DATA", settings.PACKS.parent.parent / "shared" / "data"))
    / "cpsv-ap-3.2.0-SHACL.ttl"
)
HOSTILE = 'x" ; <> \\ \n\t\x01 @en . </script><b>&'
pytestmark = pytest.mark.usefixtures("world", "db")


@pytest.fixture(scope="module")
def rdflib():
    return pytest.importorskip("rdflib", reason="rdflib comes with pyshacl, of the extra `dev`")


def graph(rdflib, text, form):
    return rdflib.Graph().parse(data=text, format={"ttl": "turtle", "jsonld": "json-ld"}[form])


def problems(data):
    """What the profile's shapes find wrong."""
    pyshacl = pytest.importorskip("pyshacl", reason="pyshacl is of the extra `dev`")
    if not SHAPES.exists():
        pytest.skip(f"{SHAPES} is not there: set MOTCUA_DATA to the folder of the data sets.")
    conforms, _, said = pyshacl.validate(data, shacl_graph=str(SHAPES), shacl_graph_format="turtle")
    return "" if conforms else said


def test_every_procedure_meets_the_shapes_of_cpsv_ap(rdflib):
    text = "".join(describing.FORMS["ttl"].pieces(describing.describe_all(at=timezone.localdate())))
    found = graph(rdflib, text, "ttl")
    services = set(found.subjects(rdflib.RDF.type, rdflib.URIRef(rdf.PREFIXES["cpsv"] + "PublicService")))
    assert len(services) == Procedure.objects.count() > 50
    assert problems(found) == ""


def test_both_forms_say_the_same(rdflib, client):
    compare = pytest.importorskip("rdflib.compare")
    one, other = (
        graph(rdflib, client.get(f"/procedures/{CODE}.{form}").content, form) for form in ("ttl", "jsonld")
    )
    assert len(one) > 100
    assert compare.isomorphic(one, other)


def test_a_birth_registration_is_told_as_it_is(rdflib, client):
    found = graph(rdflib, client.get(f"/procedures/{CODE}.ttl").content, "ttl")
    page = rdflib.URIRef(f"{HERE}/procedures/{CODE}/")
    named = {name: rdflib.Namespace(iri) for name, iri in rdf.PREFIXES.items()}
    dct, cv, cpsv_ = named["dct"], named["cv"], named["cpsv"]
    titles = {(str(it), it.language) for it in found.objects(page, dct.title)}
    assert {
        ("Đăng ký khai sinh", "vi"),
        ("Birth registration", "en"),
        ("Anmeldung einer Geburt", "de"),
    } == titles
    assert len(set(found.objects(page, cpsv_.hasInput))) == 4
    assert len(set(found.objects(page, cv.hasLegalResource))) == 7
    # "The same day" is no duration that xsd:duration knows.
    assert not set(found.objects(page, cv.processingTime))
    limits = {str(it) for it in found.objects(rdflib.URIRef(f"{page}#rule-limit"), dct.description)}
    assert len(limits) == 3
    assert any("15 giờ" in it for it in limits)
    birth = rdflib.URIRef(f"{HERE}/life-events/birth/")
    assert (page, cv.isGroupedBy, birth) in found
    values = {float(it) for it in found.objects(None, cv.hasValue)}
    assert values == {0.0, 8000.0}


@pytest.mark.parametrize(
    ("limits", "said"),
    [(["20d"], "P20D"), (["1m"], "P1M"), (["3wd"], None), (["sameday"], None), (["20d", "15d"], None)],
)
def test_a_limit_is_a_duration_only_where_that_is_exact(limits, said):
    says = {"limit": {"value": limits[0]}, "cases": [{"limit": {"value": it}} for it in limits]}
    assert [it["@value"] for it in cpsv.duration(says)] == ([said] if said else [])


def test_no_text_of_a_procedure_becomes_a_statement_of_its_own(rdflib):
    hostile = {"vi": HOSTILE, "en": HOSTILE, "xx> <a": HOSTILE}
    service = Service(
        code=CODE,
        names=hostile,
        sector=HOSTILE,
        sector_names={},
        levels=[HOSTILE],
        agency=HOSTILE,
        says={
            "components": [{"code": "a> <b", "name": hostile}],
            "legal_basis": [{"number": HOSTILE, "name": HOSTILE}],
            "fees": [{"name": hostile, "amount_vnd": 1, "channels": ["q> <r"]}],
        },
    )
    ours = Catalogue(HERE, HOSTILE)
    nodes = [*cpsv.describe(service, ours), *cpsv.describe_catalogue(ours)]
    turtle = graph(rdflib, rdf.TURTLE_BEGIN + "".join(map(rdf.to_turtle, nodes)), "ttl")
    compare = pytest.importorskip("rdflib.compare")
    assert compare.isomorphic(
        turtle, graph(rdflib, "".join(describing.FORMS["jsonld"].pieces(nodes)), "jsonld")
    )
    assert all(
        str(it).startswith(("http://127.0.0.1:8000/", "http://publications", "http://purl"))
        for it in turtle.subjects()
    )


def test_what_an_import_left_empty_is_not_said(rdflib):
    """As met in the national data: no agency, a paper and a result without a name."""
    empty = {"vi": " "}
    says = {
        "agency": empty,
        "lead": empty,
        "components": [{"code": "p", "name": empty}],
        "results": [{"name": empty}],
    }
    service = Service("1.000001", {"vi": "Cấp phép"}, "customs", {}, ["province"], says=says)
    ours = Catalogue(HERE, "Tỉnh")
    nodes = [*cpsv.describe(service, ours), *cpsv.describe_catalogue(ours)]
    assert not {"cpsv:hasInput", "cpsv:produces"} & nodes[0].keys()
    assert problems(graph(rdflib, rdf.TURTLE_BEGIN + "".join(map(rdf.to_turtle, nodes)), "ttl")) == ""


def test_what_is_there_in_vietnamese_only_is_never_called_english():
    service = Service("1.000001", {"vi": "Cấp phép"}, "Hải quan", {"vi": "Hải quan"}, ["ministry"])
    (main, *_) = cpsv.describe(service, Catalogue(HERE, "Tỉnh"))
    assert [it["@language"] for it in main["dct:title"]] == ["vi"]


@pytest.mark.parametrize(
    "written",
    ["1.001193.000.00.00.H62", "1.001193.H19", "1.001193.h19", "1.001193.000.00.00.h62"],
)
@pytest.mark.parametrize("slash", ["/", ""])
def test_every_form_of_a_code_leads_to_the_stable_address(client, written, slash):
    answer = client.get(f"/procedures/{written}{slash}")
    assert (answer.status_code, answer["Location"]) == (301, f"/procedures/{CODE}/")


def test_a_code_without_its_slash_leads_there_in_one_step(client):
    answer = client.get(f"/procedures/{CODE}")
    assert (answer.status_code, answer["Location"]) == (301, f"/procedures/{CODE}/")


@pytest.mark.parametrize(
    "written",
    [
        "9.999999",
        "1.00119",
        "1.001193.",
        "x",
        "1.001193.evil",
        "..",
        "%2e%2e",
        "<script>alert(1)<",
        "１.００１１９３",
        "'--",
        "1" * 500,
    ],
)
def test_an_unknown_code_offers_a_search(client, written):
    answer = client.get(f"/procedures/{written}/")
    assert answer.status_code == 404
    assert b'name="q"' in answer.content
    assert b"<script>alert" not in answer.content


def test_an_unknown_code_is_a_problem_for_programs(client):
    answer = client.get("/procedures/9.999999.ttl", headers={"accept": "application/json"})
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize(
    ("accept", "leads_to"),
    [
        ("text/turtle", ".ttl"),
        ("application/ld+json", ".jsonld"),
        ("text/turtle;q=0.5,application/ld+json", ".jsonld"),
    ],
)
def test_a_program_that_asks_for_data_is_led_to_it(client, accept, leads_to):
    answer = client.get(f"/procedures/{CODE}/", headers={"accept": accept})
    assert (answer.status_code, answer["Location"]) == (303, f"/procedures/{CODE}{leads_to}")
    assert "Accept" in answer["Vary"]


@pytest.mark.parametrize("accept", ["*/*", "text/html,application/xhtml+xml,*/*;q=0.8", "image/png", ""])
def test_everybody_else_gets_the_page(client, accept):
    assert client.get(f"/procedures/{CODE}/", headers={"accept": accept}).status_code == 200


def test_a_removed_procedure_keeps_its_address_and_says_so(client):
    Procedure.objects.filter(pk=CODE).update(removed_on=date(2026, 7, 1))
    answer = client.get(f"/procedures/{CODE}/")
    assert answer.status_code == 200
    assert "no longer exists" in answer.content.decode()
    assert "http://purl.org/adms/status/Withdrawn" in client.get(f"/procedures/{CODE}.ttl").content.decode()


def test_the_page_tells_search_engines_what_service_it_is(client):
    Procedure.objects.filter(pk=CODE).update(names={"vi": HOSTILE})
    html = client.get(f"/procedures/{CODE}/").content.decode()
    block = html.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    told = json.loads(block)
    assert (told["@type"], told["identifier"], told["name"]) == ("GovernmentService", CODE, HOSTILE)
    assert f'<link rel="canonical" href="{HERE}/procedures/{CODE}/">' in html


def test_the_whole_is_sent_once(client):
    first = client.get("/data/procedures.ttl", headers={"accept-encoding": "gzip"})
    whole = gzip.decompress(b"".join(first.streaming_content))
    again = client.get("/data/procedures.ttl", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    plain = client.get("/data/procedures.ttl")
    assert b"".join(plain.streaming_content) == whole
    assert f"<{HERE}/procedures/{CODE}/> a cpsv:PublicService".encode() in whole


def test_the_whole_changes_with_what_it_tells(client):
    before = client.get("/data/procedures.jsonld")["ETag"]
    LifeEvent.objects.filter(pk="birth").update(names={"vi": "Có em bé"})
    after = client.get("/data/procedures.jsonld")
    assert after["ETag"] != before
    told = json.loads(b"".join(after.streaming_content))
    assert any(
        it["@id"].endswith("/life-events/birth/") and it["dct:title"][0]["@value"] == "Có em bé"
        for it in told["@graph"]
    )


def test_former_files_do_not_pile_up(client, settings):
    for name in ("Có em bé", "Em bé"):
        LifeEvent.objects.filter(pk="birth").update(names={"vi": name})
        client.get("/data/procedures.ttl")
    assert len(list(Path(settings.CATALOGUE_DIR).glob("*.ttl.gz"))) == 1
    assert not list(Path(settings.CATALOGUE_DIR).glob("new-*"))


def test_the_catalogues_address_leads_to_a_form(client):
    assert client.get("/data/procedures")["Location"] == "/data/procedures.ttl"
    asked = client.get("/data/procedures", headers={"accept": "application/ld+json"})
    assert asked["Location"] == "/data/procedures.jsonld"


def test_describing_one_procedure_takes_few_queries(client, django_assert_max_num_queries):
    client.get(f"/procedures/{CODE}.ttl")
    with django_assert_max_num_queries(4):
        client.get(f"/procedures/{CODE}.ttl")
