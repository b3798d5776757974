"""The rules in force: the pack's, as this installation changed them."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import yaml
from django.conf import settings

from motcua.oversight.operations.models import RuleChange
from motcua.oversight.operations.rules.alerts import Bounds, Rule, parse_rules


@lru_cache(maxsize=1)
def pack_rules() -> tuple[Rule, ...]:
    """In the pack's order. Raises BadRule."""
    path = settings.PACKS / "vn" / "alerts.yaml"
    return parse_rules(yaml.safe_load(path.read_text(encoding="utf-8")))


def rules_in_force() -> dict[str, Rule]:
    """By code, switched off ones too, in the pack's order. One query."""
    latest = RuleChange.objects.order_by("rule", "-version").distinct("rule")
    changes = {it.rule: it for it in latest}
    return {it.code: _changed(it, changes.get(it.code)) for it in pack_rules()}


def _changed(rule: Rule, change: RuleChange | None) -> Rule:
    if not change:
        return rule
    bounds = Bounds(**change.bounds)
    return replace(rule, bounds=bounds, is_enabled=change.is_enabled, version=change.version)
