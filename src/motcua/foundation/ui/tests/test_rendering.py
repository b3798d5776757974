"""Inputs written without a template are those of Django's template."""

from __future__ import annotations

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from motcua.foundation.ui.rendering import Renderer

ATTRS = {"class": "ds-input", "required": True, "disabled": False, "data-x": 'a"b<', "maxlength": 20}


@pytest.mark.parametrize(
    "value", [None, "", 0, 'Trần "Mẫu" <b>', mark_safe("&amp;"), gettext_lazy("Counter")]
)
@pytest.mark.parametrize(
    "widget",
    [
        forms.TextInput, forms.NumberInput, forms.HiddenInput, forms.EmailInput, forms.PasswordInput, forms.FileInput,
        forms.CheckboxInput, forms.DateInput,
    ],
)  # fmt: skip
def test_writes_an_input_as_the_template_does(widget, value):
    context = widget(attrs=ATTRS).get_context("a<b", value, {"id": "id_a"})
    name = widget.template_name
    assert Renderer().render(name, context) == TemplatesSetting().render(name, context).strip()


def test_leaves_everything_else_to_its_template():
    context = forms.Textarea().get_context("words", "a\n<b>", {})
    name = forms.Textarea.template_name
    assert Renderer().render(name, context) == TemplatesSetting().render(name, context)


@pytest.mark.parametrize("widget", [forms.RadioSelect, forms.CheckboxSelectMultiple])
def test_writes_an_option_without_its_label_as_the_template_does(widget):
    group = widget(attrs=ATTRS, choices=[("a<", "A"), ("b", "B")]).get_context("n", ["b"], {})["widget"]
    for option in (it for _name, rows, _index in group["optgroups"] for it in rows):
        context = {"widget": {**option, "wrap_label": False}}
        name = widget.option_template_name
        assert Renderer().render(name, context) == TemplatesSetting().render(name, context).strip()
        labelled = {"widget": {**option, "wrap_label": True}}
        assert Renderer().render(name, labelled) == TemplatesSetting().render(name, labelled)
