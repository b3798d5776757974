"""Every gateway, timer and call, by example."""

import pytest

from motcua.casework.process.rules import engine
from motcua.casework.process.rules.engine import CannotStep, RunawayProcess
from motcua.casework.process.tests.processes import Play, choice, node, process, task, timer

SPLIT = (
    node("ask", "parallel", ["fire", "neighbours"]),
    task("fire", "asked"),
    task("neighbours", "asked"),
    node("asked", "parallel", "decide"),
    task("decide"),
)


def test_a_line_goes_from_task_to_task_and_ends():
    play = Play(task("a", "b"), task("b"))
    assert (play.at, play.ended) == (["a"], False)
    assert play.done("a").at == ["b"]
    assert play.done("b").ended


def test_a_step_says_which_tokens_opened_and_closed():
    play = Play(task("a", "b"), task("b"))
    step = play.done("a").step
    assert [(it.id, it.node, it.arrived) for it in step.opened] == [(2, "b", "a>done")]
    assert [(it.id, it.node, it.arrived) for it in step.closed] == [(1, "a", "")]


def test_an_outcome_can_lead_back_and_the_step_is_opened_anew():
    play = Play(task("a", "b"), task("b", back="a", go="end")).done("a").done("b", "back")
    assert (play.at, play.token("a")) == (["a"], 3)


def test_a_parallel_gateway_opens_all_and_waits_for_all():
    play = Play(*SPLIT)
    assert play.at == ["fire", "neighbours"]
    assert play.done("neighbours").at == ["asked", "fire"]
    assert play.done("fire").at == ["decide"]
    assert play.done("decide").ended


def test_the_token_that_completes_a_join_neither_opens_nor_closes():
    step = Play(*SPLIT).done("fire").done("neighbours").step
    assert [it.node for it in step.opened] == ["decide"]
    assert sorted(it.node for it in step.closed) == ["asked", "neighbours"]


@pytest.mark.parametrize(("work", "at"), [("new", "a"), ("repair", "b"), ("other", "c"), (None, "c")])
def test_an_exclusive_gateway_takes_the_first_way_that_holds_or_the_default(work, at):
    rows = (choice("which", "exclusive", "c", work_new="a", work_repair="b"), task("a"), task("b"), task("c"))
    assert Play(*rows, facts={"work": work}).at == [at]


def test_an_exclusive_gateway_takes_one_way_even_if_two_hold():
    rows = (choice("which", "exclusive", "c", x_1="a", y_1="b"), task("a"), task("b"), task("c"))
    assert Play(*rows, facts={"x": "1", "y": "1"}).at == ["a"]


def test_conditions_see_the_outcome_of_an_earlier_step():
    rows = (
        task("check", good="next", poor="next"),
        task("next", "which"),
        {
            "name": "which", "kind": "exclusive", "otherwise": "end",
            "choices": [{"if": {"field": "outcome.check", "equals": "poor"}, "to": "again"}],
        },
        task("again"),
    )  # fmt: skip
    assert Play(*rows).done("check", "poor").done("next").at == ["again"]
    assert Play(*rows).done("check", "good").done("next").ended


def test_the_outcome_just_given_counts_before_the_caller_stored_it():
    rows = (
        task("check", good="which", poor="which"),
        {
            "name": "which", "kind": "exclusive", "otherwise": "end",
            "choices": [{"if": {"field": "outcome.check", "equals": "poor"}, "to": "again"}],
        },
        task("again"),
    )  # fmt: skip
    play = Play(*rows)
    step = engine.leave(play.definition, play.step.marking, 1, "poor", {})
    assert [it.node for it in step.opened] == ["again"]


SOME = (
    choice("some", "inclusive", "c", x_1="a", y_1="b"),
    task("a", "met"),
    task("b", "met"),
    task("c", "met"),
    node("met", "inclusive", "decide"),
    task("decide"),
)


def test_an_inclusive_gateway_takes_every_way_that_holds():
    assert Play(*SOME, facts={"x": "1", "y": "1"}).at == ["a", "b"]
    assert Play(*SOME, facts={"x": "1"}).at == ["a"]
    assert Play(*SOME).at == ["c"]


def test_an_inclusive_join_waits_for_those_that_were_sent_and_for_no_others():
    assert Play(*SOME, facts={"x": "1"}).done("a").at == ["decide"]
    play = Play(*SOME, facts={"x": "1", "y": "1"}).done("b")
    assert play.at == ["a", "met"]
    assert play.done("a").at == ["decide"]


def test_an_inclusive_join_goes_on_when_the_last_one_upstream_turns_away():
    rows = (
        node("both", "parallel", ["a", "b"]),
        task("a", "met"),
        task("b", go="met", away="end"),
        node("met", "inclusive", "decide"),
        task("decide"),
    )
    assert Play(*rows).done("a").at == ["b", "met"]
    assert Play(*rows).done("a").done("b", "away").at == ["decide"]


def test_an_inclusive_join_does_not_wait_for_who_can_only_come_where_one_waits_already():
    # 13.4.3: c reaches both ways in, one of which holds a token, so that nobody waits for c.
    rows = (
        node("all", "parallel", ["a", "b", "c"]),
        task("a", "met"),
        task("b", "end"),
        task("c", left="meeting", right="met"),
        node("meeting", "exclusive", "met"),
        node("met", "inclusive", "decide"),
        task("decide"),
    )
    assert Play(*rows).done("a").at == ["b", "c", "met"]  # "c" has an own way in, where none waits
    assert Play(*rows).done("c", "left").at == ["a", "b", "met"]


def test_a_boundary_timer_that_does_not_interrupt_opens_work_beside():
    play = Play(task("a", "end", timers=[timer("late", "warn", interrupts=False)]), task("warn"))
    assert play.fire("a", "late").at == ["a", "warn"]
    assert play.done("a").at == ["warn"]
    assert play.done("warn").ended


def test_a_boundary_timer_that_interrupts_takes_the_work_away():
    play = Play(task("a", "end", timers=[timer("late", "warn", interrupts=True)]), task("warn"))
    step = play.fire("a", "late").step
    assert (play.at, [it.node for it in step.closed]) == (["warn"], ["a"])


def test_timer_message_and_service_wait_and_are_left_without_an_outcome():
    rows = (
        node("wait", "timer", "paid", after="2wd"),
        node("paid", "message", "register", message="payment-confirmed"),
        node("register", "service", "end", service="enter_register"),
    )
    play = Play(*rows)
    assert play.at == ["wait"]
    assert play.done("wait").at == ["paid"]
    assert play.done("paid").at == ["register"]
    assert play.done("register").ended


def test_a_process_may_end_in_several_places():
    rows = (task("a", good="end", poor="refused"), node("refused", "end", title={"vi": "Từ chối"}))
    assert Play(*rows).done("a", "poor").ended
    assert Play(*rows).done("a", "good").ended


def test_one_branch_that_ends_leaves_the_others_alone():
    play = Play(node("both", "parallel", ["a", "b"]), task("a"), task("b")).done("a")
    assert (play.at, play.ended) == (["b"], False)


def test_an_end_that_terminates_ends_every_branch():
    rows = (
        node("both", "parallel", ["a", "b"]),
        task("a", go="end", refuse="stop"),
        task("b"),
        node("stop", "end", terminates=True),
    )
    assert Play(*rows).done("a", "refuse").ended


INNER = process(
    node("both", "parallel", ["visit", "look"]),
    task("visit", seen="end", again="visit"),
    task("look", go="end", stop="enough"),
    node("enough", "end", terminates=True),
    code="inner",
)


def calling(**keys):
    return Play(node("sub", "call", "after", process="inner", **keys), task("after"), called={"inner": INNER})


def test_a_call_waits_until_all_that_it_called_is_done():
    play = calling()
    assert play.at == ["sub", "sub/look", "sub/visit"]
    assert play.done("sub/look", "go").at == ["sub", "sub/visit"]
    assert play.done("sub/visit", "seen").at == ["after"]


def test_terminating_inside_a_call_ends_the_call_only():
    assert calling().done("sub/look", "stop").at == ["after"]


def test_interrupting_a_call_takes_its_tokens_along():
    play = calling(timers=[timer("late", "after", interrupts=True)])
    assert play.fire("sub", "late").at == ["after"]


def test_calls_in_calls_return_one_by_one():
    middle = process(node("deep", "call", "end", process="inner"), code="middle")
    play = Play(
        node("sub", "call", "after", process="middle"),
        task("after"),
        called={"inner": INNER, "middle": middle},
    )
    assert play.at == ["sub", "sub/deep", "sub/deep/look", "sub/deep/visit"]
    assert play.done("sub/deep/look", "go").done("sub/deep/visit", "seen").at == ["after"]


def test_a_called_process_sees_the_outcomes_of_its_own_steps():
    inner = process(
        task("visit", seen="which", missed="which"),
        {
            "name": "which", "kind": "exclusive", "otherwise": "end",
            "choices": [{"if": {"field": "outcome.visit", "equals": "missed"}, "to": "visit"}],
        },
        code="inner",
    )  # fmt: skip
    play = Play(node("sub", "call", "end", process="inner"), called={"inner": inner})
    assert play.done("sub/visit", "missed").at == ["sub", "sub/visit"]
    assert play.done("sub/visit", "seen").ended


@pytest.mark.parametrize(
    ("name", "outcome"), [("fire", "burn"), ("fire", ""), ("asked", ""), ("neighbours", "yes")]
)
def test_refuses_a_way_out_that_is_not_there(name, outcome):
    play = Play(*SPLIT)
    if name == "asked":
        play.done("fire")
    with pytest.raises(CannotStep):
        play.done(name, outcome)


def test_refuses_a_token_or_timer_that_is_not_there():
    play = Play(*SPLIT)
    with pytest.raises(CannotStep, match="no token 99"):
        engine.leave(play.definition, play.step.marking, 99, "done", {})
    with pytest.raises(CannotStep, match="no timer 'late'"):
        play.fire("fire", "late")


def test_tokens_that_only_multiply_are_an_error_not_a_hang():
    play = Play(task("a", go="end", done="both"), node("both", "parallel", ["a", "a"]))
    with pytest.raises(RunawayProcess):
        for _ in range(engine.MOST_TOKENS + 1):
            play.done("a")
