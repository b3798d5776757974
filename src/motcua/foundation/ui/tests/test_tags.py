import pytest
from django.template import Context, Template

from motcua.foundation.ui.icons import ICONS
from motcua.foundation.ui.templatetags.ui import STATES


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


@pytest.mark.parametrize("state", STATES)
def test_every_state_has_shape_word_and_colour(state):
    html = render("{% tag state 'Quá 1 ngày' %}", state=state)
    assert "<svg" in html
    assert "Quá 1 ngày" in html
    assert "data-color=" in html


def test_no_two_states_share_a_shape():
    shapes = [shape for shape, _colour in STATES.values()]
    assert len(set(shapes)) == len(shapes)


def test_a_state_text_is_escaped():
    assert "<b>" not in render("{% tag 'open' text %}", text="<b>")


@pytest.mark.parametrize("name", ICONS)
def test_an_icon_beside_a_word_is_hidden_from_screen_readers(name):
    assert 'aria-hidden="true"' in render("{% icon name %}", name=name)


def test_an_icon_alone_is_named_and_its_name_escaped():
    html = render("{% icon 'print' label %}", label='In "A4"')
    assert 'role="img" aria-label="In &quot;A4&quot;"' in html
