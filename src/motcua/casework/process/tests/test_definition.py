import pytest

from motcua.casework.process.rules.definition import END, BadProcess, next_step, parse_process


def step(code, **outcomes):
    return {
        "name": code,
        "title": {"vi": code},
        "lane": "l",
        "role": "r",
        "limit_hours": 1,
        "outcomes": [{"name": name, "to": target} for name, target in outcomes.items()],
    }


def process(*steps):
    return {"start": steps[0]["name"], "steps": list(steps)}


def test_an_outcome_leads_to_the_next_step_or_the_end():
    definition = parse_process(process(step("check", submit="sign"), step("sign", sign=END, back="check")))
    assert next_step(definition, "check", "submit") == "sign"
    assert next_step(definition, "sign", "back") == "check"
    assert next_step(definition, "sign", "sign") == END


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (process(step("a", go="b")), "no step 'b'"),
        ({"start": "x", "steps": [step("a", go=END)]}, "no step 'x'"),
        (process(step("a", go=END), step("lost", go=END)), "never reached: lost"),
        (process(step("a", go="b"), step("b", back="a")), "no outcome leads to the end"),
        ({"start": "a", "steps": [{"name": "a"}]}, "missing"),
    ],
)
def test_a_definition_that_cannot_run_is_refused_with_the_place(content, words):
    with pytest.raises(BadProcess, match=words):
        parse_process(content)
