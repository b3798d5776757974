"""The whole story in its order: a birth, a building permit, documents in use, a deputy, a business with a program."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from motcua.config.demo.acting import suspend_business
from motcua.config.demo.browser import Browser, Teller
from motcua.config.demo.connecting import file_in_bulk
from motcua.config.demo.permit import build
from motcua.config.demo.proofs import audit, read_telephone, take_proofs
from motcua.config.demo.story import apply, handle, receive, say_satisfied, see_figures, see_readers
from motcua.config.demo.using import share, use_again


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
    say_satisfied(mother, dossier, teller)
    take_proofs(mother, dossier, folder, teller)
    see_readers(mother, teller)
    share(build(base, teller, folder), teller)
    use_again(base, teller)
    suspend_business(base, teller)
    file_in_bulk(base, teller)
    audit(base, code, folder, teller)
    see_figures(mother, teller)
