"""Setting up by questions. Every answer is checked and kept at once, so one may stop at any of them and go on later."""

from __future__ import annotations

import base64
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from rich.console import Console
from rich.prompt import Confirm, Prompt

from motcua.config.setup import acts
from motcua.config.setup.answers import BadAnswers, Province
from motcua.foundation.installation import contributions
from motcua.foundation.installation.contributions import Declaration, Group
from motcua.foundation.installation.errors import BadSettings, TrialFailed
from motcua.foundation.installation.selectors import get, is_chosen, is_fixed
from motcua.foundation.installation.services import clean_settings, run_trial
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.kernel.errors import DomainError
from motcua.registry.access.selectors import list_holders
from motcua.registry.catalogue.models import ProcedureVersion
from motcua.registry.organisations.models import Agency


def ask_everything(console: Console, at: datetime) -> acts.Done:
    """From the first question that has no answer yet. Raises OtherKind, EOFError and KeyboardInterrupt."""
    done = acts.Done(changes=acts.begin(at))
    console.print(
        "Answers are kept at once. Stop with Ctrl-C, and run [bold]motcua setup[/bold] again to go on.\n"
    )
    _ask_province(console, done, at)
    for group in contributions.groups():
        if not group.needs_reason:
            done.changes += _ask_group(console, group, at)
    _ask_procedures(done, at)
    _ask_administrators(console, done, at)
    return done


def _ask_province(console: Console, done: acts.Done, at: datetime) -> None:
    while not Agency.objects.filter(parent=None, valid_to=None).exists():
        name = Prompt.ask("Name of the province", default="Tỉnh Phú Thọ", console=console)
        place = Prompt.ask("Its two digits (General Statistics Office)", default="25", console=console)
        code = Prompt.ask("Its agency code (Decision 20/2020/QĐ-TTg)", default="H44", console=console)
        try:
            done.changes += acts.enter_province(Province(code, name, place), at)
        except (DomainError, ValueError, RuntimeError) as error:
            console.print(f"[red]{error or type(error).__name__}[/red]")
        else:
            console.print(f"{done.changes[-1]}\n" if done.changes else "")


def _ask_group(console: Console, group: Group, at: datetime) -> list[str]:
    declared = [it for it in contributions.declarations(group.code) if not is_fixed(it)]
    is_new = not any(is_chosen(it.key) for it in declared)
    if not declared or not Confirm.ask(f"{group.title}: set up now?", default=is_new, console=console):
        return []
    values = {it.key: value for it in declared if (value := _ask_setting(console, it)) is not _KEEP}
    changed = acts.enter_settings(group.code, values, "", at)
    for trial in contributions.trials(group.code):
        if Confirm.ask(f"{trial.label}?", default=True, console=console):
            _try(console, trial, at)
    return changed


_KEEP = object()


def _ask_setting(console: Console, declared: Declaration) -> Any:
    """The value, checked; `_KEEP` when what is there stays."""
    shown = _shown(declared)
    while True:
        typed = Prompt.ask(
            f"  {declared.label}", default=shown, password=declared.kind == "secret", console=console
        )
        if typed == shown:
            return _KEEP
        try:
            value = _read(declared, typed)
            clean_settings({declared.key: value})
        except BadSettings as error:
            console.print(f"  [red]{next(iter(error.problems.values()))}[/red]")
        except OSError as error:
            console.print(f"  [red]{error.strerror}[/red]")
        else:
            return value


def _shown(declared: Declaration) -> str:
    value = get(declared.key)
    if declared.kind in {"secret", "file"} or value is None:
        return ""
    return ", ".join(value) if isinstance(value, list) else str(value)


def _read(declared: Declaration, typed: str) -> Any:
    if declared.kind != "file" or not typed:
        return typed
    path = Path(typed).expanduser()
    return {"name": path.name, "content": base64.b64encode(path.read_bytes()).decode()}


def _try(console: Console, trial: contributions.Trial, at: datetime) -> None:
    asked = Prompt.ask(f"  {trial.asks}", console=console) if trial.asks else ""
    try:
        console.print(f"  {run_trial(actor=SYSTEM, key=trial.key, asked=asked, at=at)}")
    except TrialFailed as error:
        console.print(f"  [red]{error}[/red] It can be tried again on the page of settings.")


def _ask_procedures(done: acts.Done, at: datetime) -> None:
    if not ProcedureVersion.objects.filter(valid_to=None).exists():
        done.changes += acts.publish(settings.PACKS / "vn", at)


def _ask_administrators(console: Console, done: acts.Done, at: datetime) -> None:
    while not any(path == "/" for _account, _right, path in list_holders("administrator")):
        username = Prompt.ask("User name of the first administrator", default="admin", console=console)
        full_name = Prompt.ask("Full name", console=console)
        title = Prompt.ask("Title", default="Quản trị hệ thống", console=console)
        try:
            code = acts.first_administrator(username=username, full_name=full_name, title=title, at=at)
        except (BadAnswers, DomainError) as error:
            console.print(f"[red]{error}[/red]")
            continue
        if code:
            done.changes.append(f"Officer {username} is entered (administrator).")
            done.invitations[username] = code
