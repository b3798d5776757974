"""What officers and applicants see of a process, in the picture and in the list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree.ElementTree import fromstring

import yaml
from django.conf import settings
from django.template import Context, Template
from django.utils import translation

from motcua.casework.process.rules.course import Course, Visit, node_states
from motcua.casework.process.rules.definition import parse_process
from motcua.casework.process.rules.picture import draw_course, draw_stages
from motcua.casework.process.tests.processes import process, task

PERMIT = parse_process(yaml.safe_load(Path(__file__).with_name("permit.yaml").read_text(encoding="utf-8")))
BIRTH = parse_process(
    yaml.safe_load((settings.PACKS / "vn/procedures/1.001193/process.yaml").read_text(encoding="utf-8"))
)
NINE = datetime(2026, 3, 10, 2, tzinfo=UTC)


def visit(node, begun, ended=None, outcome="", by=""):
    """A stay from one hour to another, from nine o'clock in Hanoi."""
    done = None if ended is None else NINE + timedelta(hours=ended)
    return Visit(node, NINE + timedelta(hours=begun), done, outcome, by)


ASKED = [
    visit("reception", 0, 1, "accept", "Nguyễn Thị Lan"),
    visit("fire", 1),
    visit("neighbours", 1, 3, "done"),
]


def shown(course, audience="officer", language="en"):
    with translation.override(language):
        template = Template("{% load process %}{% process_picture course audience %}")
        return template.render(Context({"course": course, "audience": audience}))


def states(picture):
    return {it.names["en"]: str(it.state) for it in picture.stands}


def test_the_picture_marks_what_was_done_where_it_stands_and_what_comes():
    found = node_states(Course(PERMIT, ASKED))
    assert (found["reception"], found["fire"], found["neighbours"], found["check"]) == (
        "done",
        "now",
        "done",
        "next",
    )
    assert (found["which"], found["ask"], found["asked"]) == ("done", "done", "next")


def test_the_line_that_was_taken_is_drawn_as_such():
    visits = [visit("reception", 0, 1, "accept"), visit("verification", 1)]
    taken = [line.is_taken for line in draw_course(Course(BIRTH, visits), "en").lines]
    assert taken.count(True) == 2  # from the start to the desk, and on to the officer


def test_what_a_return_led_behind_is_still_to_come_and_what_lies_before_stays_done():
    visits = [
        visit("reception", 0, 1, "accept"),
        visit("verification", 1, 2, "submit"),
        visit("signing", 2, 3, "return"),
        visit("verification", 3),
    ]
    found = node_states(Course(BIRTH, visits))
    assert [found[code] for code in ("reception", "verification", "signing", "returning")] == [
        "done", "now", "next", "next",
    ]  # fmt: skip


def test_work_inside_a_call_stands_at_the_call():
    visits = [*ASKED[:1], visit("check", 1, 2, "submit"), visit("handing/returning", 3)]
    assert node_states(Course(PERMIT, visits))["handing"] == "now"


def test_an_ended_process_shows_the_end_it_reached():
    visits = [visit("reception", 0, 1, "accept"), visit("check", 1, 2, "refuse")]
    found = node_states(Course(PERMIT, visits, is_ended=True))
    assert (found["refused"], found["stopped"], found["end"]) == ("done", "next", "next")


def test_the_applicant_sees_several_reviews_as_one_stage():
    assert states(draw_stages(Course(PERMIT, ASKED), "en")) == {
        "Received": "done",
        "Opinions are asked for": "now",
        "Being examined": "next",
        "The result is there": "next",
    }


def test_a_process_without_public_words_shows_its_titles_to_the_applicant():
    visits = [visit("reception", 0, 1, "accept"), visit("verification", 1)]
    assert list(states(draw_stages(Course(BIRTH, visits), "en")).values()) == ["done", "now", "next", "next"]


def test_an_ended_process_shows_the_applicant_only_the_stages_it_had():
    visits = [visit("reception", 0, 1, "accept"), visit("check", 1, 2, "refuse")]
    assert list(states(draw_stages(Course(PERMIT, visits, is_ended=True), "en"))) == [
        "Received",
        "Being examined",
    ]


def test_the_list_says_by_whom_and_when_to_the_officer():
    page = shown(Course(PERMIT, ASKED))
    assert " · Nguyễn Thị Lan" in page
    assert "Fire safety opinion" in page


def test_the_applicant_reads_no_officers_name_and_no_inner_step():
    page = shown(Course(PERMIT, ASKED), "applicant")
    assert "Nguyễn Thị Lan" not in page
    assert "Fire safety opinion" not in page
    assert "Opinions are asked for" in page


def test_the_drawing_is_well_formed_named_and_in_the_language_of_the_page():
    for language, word in (("vi", "Thẩm định hồ sơ"), ("de", "Prüfen")):
        page = shown(Course(PERMIT, ASKED), language=language)
        drawing = fromstring(page[page.index("<svg") : page.index("</svg>") + 6])
        assert drawing.get("aria-labelledby") == "process-title process-desc"
        assert word in "".join(drawing.itertext())
        assert "," not in drawing.get("width")  # a number for the browser, not for people
        assert "style=" not in page


def test_titles_are_escaped():
    definition = parse_process(process(task("a") | {"title": {"en": "<script>x</script>"}}))
    assert "<script>" not in shown(Course(definition))
