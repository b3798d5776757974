"""Pack texts in templates."""

from collections.abc import Mapping

from django import template
from django.utils.translation import get_language

from motcua.registry.catalogue.rules.texts import in_language

register = template.Library()


@register.filter
def in_active_language(texts: Mapping[str, str]) -> str:
    """`{{ procedure.names|in_active_language }}`."""
    return in_language(texts, (get_language() or "vi").split("-")[0])
