"""What holds for every process and every run of it."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.casework.process.rules.course import Course, Visit, node_states
from motcua.casework.process.rules.definition import parse_process
from motcua.casework.process.rules.engine import begin, fire_boundary, leave
from motcua.casework.process.rules.model import GATEWAYS, Kind
from motcua.casework.process.rules.picture import draw_course
from motcua.casework.process.tests.generated import FACTS, processes

QUIET = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def runs(definition, facts, data, most=20):
    """Moves drawn at random: (what was done, the step it made)."""
    step = begin(definition, facts)
    yield None, step
    for _ in range(most):
        free = [it for it in step.marking.tokens if definition.nodes[it.node].kind is not Kind.CALL]
        free = [it for it in free if not definition.joins(it.node)]
        if not free:
            return
        token = data.draw(st.sampled_from(free))
        node = definition.nodes[token.node]
        way = data.draw(st.sampled_from([*(it.name for it in node.flows), *node.timers]))
        if way in node.timers:
            move = (fire_boundary, token.id, way.name)
        else:
            move = (leave, token.id, way if node.kind is Kind.TASK else "")
        step = move[0](definition, step.marking, *move[1:], facts)
        yield move, step


@QUIET
@given(processes(), FACTS, st.data())
def test_tokens_are_neither_lost_nor_doubled_and_it_ends_when_none_is_left(content, facts, data):
    definition = parse_process(content)
    before = ()
    for _move, step in runs(definition, facts, data):
        now = step.marking.tokens
        assert set(now) == (set(before) - set(step.closed)) | set(step.opened)
        assert not set(step.opened) & set(before)
        assert len({it.id for it in now}) == len(now)
        assert all(it.id < step.marking.next_id for it in now)
        assert step.ended == (not now)
        before = now


@QUIET
@given(processes(), FACTS, st.data())
def test_in_a_sound_process_somebody_can_always_go_on(content, facts, data):
    definition = parse_process(content)
    for _move, step in runs(definition, facts, data):
        can = [it for it in step.marking.tokens if not definition.joins(it.node)]
        assert step.ended or any(definition.nodes[it.node].kind is not Kind.CALL for it in can)


@QUIET
@given(processes(), FACTS, st.data())
def test_the_same_moves_lead_to_the_same_tokens(content, facts, data):
    definition = parse_process(content)
    (_, first), *rest = runs(definition, facts, data)
    step = begin(definition, facts)
    assert step == first
    for (act, *inputs), made in rest:
        step = act(definition, step.marking, *inputs, facts)
        assert step == made


@QUIET
@given(processes())
def test_the_picture_of_any_process_shows_every_part_once_and_nothing_overlaps(content):
    definition = parse_process(content)
    picture = draw_course(Course(definition), "vi")
    boxes = [shape.box for shape in picture.shapes]
    for at, one in enumerate(boxes):
        assert one.x >= 0 and one.x + one.width <= picture.width
        assert one.y >= 0 and one.y + one.height <= picture.height
        for other in boxes[at + 1 :]:
            apart_x = one.x + one.width <= other.x or other.x + other.width <= one.x
            apart_y = one.y + one.height <= other.y or other.y + other.height <= one.y
            assert apart_x or apart_y
    steps = [it for it in definition.nodes.values() if it.kind not in GATEWAYS | {Kind.END} and not it.scope]
    assert sorted(it.nodes[0] for it in picture.stands) == sorted(it.code for it in steps)


@QUIET
@given(processes(), FACTS, st.data())
def test_the_course_says_where_every_token_stands(content, facts, data):
    definition = parse_process(content)
    visits = {}
    for at, (_move, step) in enumerate(runs(definition, facts, data, most=8)):
        for token in step.opened:
            visits[token.id] = Visit(token.node, at)
        for token in step.closed:
            visits[token.id] = Visit(token.node, visits[token.id].opened_at, at)
        stays = [it for it in visits.values() if not definition.joins(it.node)]
        found = node_states(Course(definition, stays, step.ended))
        standing = {it.node.partition("/")[0] for it in step.marking.tokens if not definition.joins(it.node)}
        assert {code for code, state in found.items() if state == "now"} == standing
