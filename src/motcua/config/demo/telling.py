"""The whole story in its order: a birth, a deputy who signs for the chair, and who read the mother's record."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from motcua.config.demo.acting import suspend_business
from motcua.config.demo.browser import Browser, Teller
from motcua.config.demo.proofs import audit, read_telephone, take_proofs
from motcua.config.demo.story import apply, handle, receive, see_figures, see_readers


def play(base: str, sms: str, folder: Path, console: Console) -> None:
    """Play the story once. sms: the address of the telephone that gets SMS. Files land in `folder`.

    Raises StoryStopped.
    """
    folder.mkdir(parents=True, exist_ok=True)
    teller = Teller(console)
    mother = Browser(base)
    dossier = apply(mother, teller)
    code = handle(base, dossier, teller, folder, mother)
    read_telephone(sms, code, teller)
    receive(mother, dossier, teller, folder)
    take_proofs(mother, dossier, folder, teller)
    see_readers(mother, teller)
    suspend_business(base, teller)
    audit(base, code, folder, teller)
    see_figures(mother, teller)
