import pytest

from motcua.foundation.ui import helping
from motcua.foundation.ui.helping import HelpTopic, register_help, topic_of_page


@pytest.fixture(autouse=True)
def own_topics(monkeypatch):
    monkeypatch.setattr(helping, "_topics", {})
    register_help(
        HelpTopic(slug="tasks", area="desk", title="Tasks", steps=["One."], pages=("desk:",)),
        HelpTopic(slug="signing", area="desk", title="Sign", steps=["Two."], pages=("desk:signing",)),
    )


@pytest.mark.parametrize(
    ("page", "topic"),
    [
        ("desk:inbox", "tasks"),
        ("desk:signing", "signing"),
        ("desk:signing-several", "signing"),
        ("portal:home", None),
    ],
)
def test_the_nearest_topic_belongs_to_a_page(page, topic):
    found = topic_of_page(page)
    assert (found.slug if found else None) == topic
