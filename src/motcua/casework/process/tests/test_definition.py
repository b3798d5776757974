import pytest

from motcua.casework.process.rules.definition import END, BadProcess, parse_process, with_called
from motcua.casework.process.tests.processes import choice, node, process, task, timer


def test_an_outcome_leads_to_the_next_step_or_the_end():
    definition = parse_process(process(task("check", submit="sign"), task("sign", sign=END, back="check")))
    to = {(step.code, it.name): it.to for step in definition.steps.values() for it in step.outcomes.values()}
    assert to == {("check", "submit"): "sign", ("sign", "sign"): END, ("sign", "back"): "check"}


def test_a_step_keeps_all_that_its_task_needs():
    row = task("a", submit="end") | {
        "public": {"vi": "Đang xử lý"},
        "act": "complete-task",
        "limit": "5wd",
        "person": {"did": "a"},
        "checks": [{"vi": "Đúng"}],
        "timers": [timer("late", "end", interrupts=False, after="3wd")],
    }
    row["outcomes"][0] |= {"label": {"vi": "Trình"}, "back": True}
    del row["limit_hours"]
    step = parse_process(process(row)).step("a")
    assert (step.role, step.lane, step.act, step.limit, step.did) == (
        "specialist", "office", "complete-task", "5wd", "a",
    )  # fmt: skip
    assert (step.outcomes["submit"].label, step.outcomes["submit"].back) == ({"vi": "Trình"}, True)
    assert (step.timers[0].after, step.timers[0].interrupts) == ("3wd", False)
    assert (step.public, step.checks) == ({"vi": "Đang xử lý"}, ({"vi": "Đúng"},))


def test_a_lane_names_a_unit_another_agency_or_only_texts():
    lanes = {
        "chair": {"vi": "Chủ tịch"},
        "builder": {"title": {"vi": "Xây dựng"}, "unit": "economy"},
        "fire": {"title": {"vi": "PCCC"}, "agency": {"unit_of_province": "construction"}},
    }
    definition = parse_process(process(task("a") | {"lane": "fire"}, lanes=lanes))
    assert definition.lanes["chair"].names == {"vi": "Chủ tịch"}
    assert definition.lanes["builder"].unit == "economy"
    assert definition.lanes["fire"].agency == {"unit_of_province": "construction"}


FAULTS = {
    "an outcome to nowhere": (process(task("a", go="b")), "a.go: there is no step 'b'"),
    "a start that is not there": ({"start": "x", "steps": [task("a")]}, "start: there is no step 'x'"),
    "no start": ({"steps": [task("a")]}, "start: is missing"),
    "a step that is never reached": (process(task("a"), task("lost")), "never reached: lost"),
    "no way to the end": (process(task("a", "b"), task("b", "a")), "no outcome leads to the end"),
    "a dead end": (
        process(task("a", go="end", wait="b"), task("b", "c"), task("c", "b")),
        "b: no way leads from here to an end",
    ),
    "a task without outcomes": ({"start": "a", "steps": [{"name": "a"}]}, "a: title is missing; a: outcomes are missing"),
    "no table": ([], "must be a table"),
    "steps that are no list": ({"start": "a", "steps": {}}, "steps: must be a list"),
    "a name given twice": (process(task("a"), task("a")), "a: this name is given twice"),
    "a name with a slash": (process(task("a/b")), "step 1: needs a name"),
    "an unknown kind": (process(node("a", "script")), "'script' is no kind of step"),
    "a key nobody reads": (process(task("a") | {"limits": 4}), "a: nobody reads limits here"),
    "a key on top nobody reads": (process(task("a"), lane={}), "nobody reads lane here"),
    "a task called end": (process(task("end")), "end: only an end can have this name"),
    "a bad limit": (process(task("a") | {"limit_hours": "soon"}), "a.limit_hours: 'soonwh' is no time limit"),
    "two limits": (process(task("a") | {"limit": "2wd"}), "has limit and limit_hours"),
    "a timer of a bad length": (process(node("a", "timer", "end", after="2 days")), "a.after: '2 days' is no time limit"),
    "a boundary timer to nowhere": (
        process(task("a", timers=[timer("late", "x", interrupts=True)])), "a.late: there is no step 'x'",
    ),
    "a boundary timer that does not say whether it interrupts": (
        process(task("a", timers=[{"name": "late", "after": "2wd", "to": "end"}])), "a.late: needs interrupts",
    ),
    "a gateway without default": (
        process(node("a", "exclusive", choices=[{"if": {"field": "x", "equals": 1}, "to": "end"}])),
        "a: needs otherwise",
    ),
    "a condition that cannot be read": (
        process(node("a", "exclusive", choices=[{"if": {"field": "x", "is": 1}, "to": "end"}], otherwise="end")),
        "a.choices[0]: needs exactly one of",
    ),
    "a condition on the outcome of no step": (
        process(node("a", "exclusive", choices=[{"if": {"field": "outcome.z", "equals": 1}, "to": "end"}], otherwise="end")),
        "a: there is no task 'z'",
    ),
    "a lane that is not there": (process(task("a"), lanes={"desk": {"vi": "x"}}), "a.lane: there is no lane 'office'"),
    "a person of no step": (process(task("a") | {"person": {"did": "z"}}), "a.person: there is no task 'z'"),
    "a service without a name": (process(node("a", "service", "end")), "a: service is missing"),
    "a circle of gateways": (
        process(choice("a", "exclusive", "b", x_1="end"), node("b", "exclusive", "a")),
        "a: goes round in a circle of gateways",
    ),
    "a join of what was never split": (
        process(choice("a", "exclusive", "l", x_1="r"), task("l", "j"), task("r", "j"), node("j", "parallel", "end")),
        "j: can wait for ever for a token from",
    ),
    "a way out of one branch of a join": (
        process(
            node("a", "parallel", ["l", "r"]), task("l", go="j", back="end"), task("r", "j"), node("j", "parallel", "end"),
        ),
        "j: can wait for ever for a token from l",
    ),
    "a join inside a call": (
        process(
            node("sub", "call", "end", process="inner"),
            called={"inner": process(choice("a", "exclusive", "j", x_1="b"), task("b", "j"), node("j", "parallel", "end"))},
        ),
        "sub/j: can wait for ever",
    ),
    "a call of what is not there": (process(node("a", "call", "end", process="q")), "a: calls q, which is not there"),
    "a call of itself": (
        process(node("a", "call", "end", process="q"), called={"q": process(node("b", "call", "end", process="p"))}, code="p"),
        "a/b: calls p",
    ),
    "checks that are no list": (process(task("a") | {"checks": 3}), "a.checks: must be a list"),
    "a code that is no code": (process(task("a"), code="a b"), "code: must be of letters"),
    "a message with spaces": (process(node("a", "message", "end", message="so what")), "a.message: must be of letters"),
    "calls that multiply": (
        process(
            *[node(f"c{at}", "call", f"c{at + 1}" if at < 29 else "end", process="q") for at in range(30)],
            called={"q": process(*[task(f"t{at}", f"t{at + 1}" if at < 29 else "end") for at in range(30)], code="q")},
        ),
        "makes it more than 500 steps",
    ),
    "an inclusive gateway with too many choices": (
        process(choice("a", "inclusive", "end", **{f"x_{at}": "end" for at in range(11)})), "a: has more than 10 choices",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_refuses_a_definition_that_cannot_run_and_names_the_place(fault):
    content, words = FAULTS[fault]
    with pytest.raises(BadProcess) as refused:
        parse_process(content)
    assert words in str(refused.value)


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(BadProcess) as refused:
        parse_process(process(task("a", go="x", back="y"), node("b", "timer", "end", after="1")))
    assert [it.place for it in refused.value.findings] == ["b.after", "a.go", "a.back"]


def test_a_process_is_published_with_those_it_calls_through_others():
    library = {
        "middle": process(node("x", "call", "end", process="inner")),
        "inner": process(task("visit")),
    }
    data = with_called(process(node("sub", "call", "end", process="middle")), library.get)
    assert set(data["called"]) == {"middle", "inner"}
    assert list(parse_process(data).steps) == ["sub/x/visit"]


def test_many_branches_at_once_can_still_be_checked():
    branches = [task(f"t{at}", go=f"u{at}", wait=f"t{at}") for at in range(12)]
    more = [task(f"u{at}", "j", timers=[timer("late", f"t{at}", interrupts=True)]) for at in range(12)]
    rows = [
        node("s", "parallel", [f"t{at}" for at in range(12)]),
        *branches,
        *more,
        node("j", "parallel", "end"),
    ]
    assert len(parse_process(process(*rows)).steps) == 24


@pytest.mark.parametrize(
    "data",
    [None, "text", [], {"steps": 3}, {"steps": [{"process": []}]}, {"start": [], "steps": [], "called": 1}],
)
def test_what_is_no_process_at_all_is_refused_not_a_crash(data):
    with pytest.raises(BadProcess):
        parse_process(with_called(data, lambda code: None))
