"""The story's second half: what follows the acts by itself, and what anybody can check without asking us."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

import httpx
import lxml.html

from motcua.config.demo.browser import Browser, StoryStopped, Teller, sign_in_at_desk, wait_for

MOTCUA = Path(sys.executable).parent / "motcua"
SMS = 3  # submitted, accepted, result returned


@dataclass(frozen=True, slots=True)
class Written:
    """One act of the dossier as its proof file tells it."""

    position: int
    batch: int
    file: Path


def choose_sms(mother: Browser, teller: Teller) -> None:
    """At any hour, so that the story can be told at night."""
    before = mother.url
    mother.get("/messages/settings/")
    ticks = mother.page.xpath("//input[@name='group_dossiers']")
    form = mother.form()
    mother.post(
        form,
        {
            "group_dossiers": [tick.get("value") for tick in ticks],
            "quiet_from": "00:00",
            "quiet_to": "00:00",
        },
    )
    labels = [" ".join(tick.getparent().text_content().split()) for tick in ticks]
    teller.step("She wants to be told at any hour", ", ".join(labels), mother.url)
    mother.get(before)


def read_telephone(sms: str, code: str, teller: Teller) -> None:
    """What her telephone got: one SMS for each step, without a name or number of hers."""

    def messages() -> list[str] | None:
        page = lxml.html.fromstring(httpx.get(sms, timeout=5).text)
        told = [" ".join(text.text_content().split()) for text in page.xpath("//p[@class='bubble']")]
        return told if any(code in text for text in told) and len(told) >= SMS else None

    told = wait_for(messages, "the SMS")
    teller.step("Her telephone got an SMS for each step", f"{len(told)} SMS, the last: “{told[0]}”", sms)


def see_signature_last(stranger: Browser, code: str, teller: Teller) -> None:
    """A job adds time stamps and revocation data to the signed file; the public page shows the level reached."""

    def level() -> str | None:
        stranger.get(f"/verify/?code={code}")
        found = re.search(r"PAdES B-LTA", stranger.page.text_content())
        return found[0] if found else None

    reached = wait_for(level, "the archive time stamp")
    stamp = stranger.words("//section[@class='result']//dt[starts-with(., 'Proven')]/following-sibling::dd")
    teller.step(
        "A job makes the signatures outlive their certificates", f"{reached}, proven {stamp}", stranger.url
    )


def take_proofs(mother: Browser, dossier: str, folder: Path, teller: Teller) -> None:
    """Every act has its place in the sealed journal; she takes the proof of the last one and checks it herself."""
    written = wait_for(lambda: _proofs(mother, dossier, folder), "the seal of every act")
    batches = {act.batch for act in written}
    teller.step(
        f"Her {len(written)} acts stand in the sealed journal",
        f"positions {written[0].position} to {written[-1].position} in {len(batches)} batches, time-stamped",
        dossier,
    )
    said = motcua("verify", str(written[-1].file))
    teller.step(
        "She checks a proof without asking us: motcua verify", " ".join(said.split()), str(written[-1].file)
    )


def _proofs(mother: Browser, dossier: str, folder: Path) -> list[Written] | None:
    """The proofs of all acts on her page, in the journal's order; None until all are sealed and stamped."""
    mother.get(dossier)
    # The first list are the stages of the process, the last one what was done.
    acts = mother.page.xpath("(//ol[@class='timeline'])[last()]/li")
    links = mother.page.xpath("//a[contains(@href, '/proof')]/@href")
    if not links or len(links) < len(acts):
        return None
    written = [_written(mother.download(link), folder) for link in links]
    return sorted((act for act in written if act), key=attrgetter("position")) if all(written) else None


def _written(content: bytes, folder: Path) -> Written | None:
    """None while no time stamp covers it."""
    proof = json.loads(content)
    if proof["token"] is None:
        return None
    file = folder / f"proof-{proof['position']}.json"
    file.write_bytes(content)
    return Written(proof["position"], proof["batches"][0]["number"], file)


def audit(base: str, code: str, folder: Path, teller: Teller) -> None:
    """An auditor of the province finds the acts by the dossier's code and takes a signed extract."""
    auditor = sign_in_at_desk(base, "demo.auditor")
    auditor.get("/desk/audit/")
    auditor.post(auditor.form("/audit/find/"), {"q": code})
    rows = auditor.page.xpath("//table//tr[@data-row]")
    kinds = {row.xpath("string(td[3])").strip() for row in rows}
    teller.step(
        f"An auditor finds what was done by the code {code}",
        f"{len(rows)} entries of {len(kinds)} kinds; the look-up is an entry, too",
        auditor.url,
    )
    extract = folder / "journal-extract.pdf"
    form = auditor.form("/audit/extract/")
    answer = auditor.client.post(
        form.action,
        data=dict(form.form_values()) | {"reason": "The story"},
        headers={"Referer": auditor.url},
    )
    if not answer.content.startswith(b"%PDF-"):
        raise StoryStopped(f"No extract: {answer.status_code}")
    extract.write_bytes(answer.content)
    said = motcua("verify", str(extract)).splitlines()[0]
    teller.step("… and takes a signed extract of it", said, str(extract))
    whole = motcua("journal", "verify").splitlines()
    teller.step("The whole journal is computed again: motcua journal verify", " ".join(whole))


def motcua(*arguments: str) -> str:
    """What a command says; it must succeed."""
    done = subprocess.run(  # noqa: S603
        [MOTCUA, *arguments],
        env=os.environ | {"MOTCUA_LANGUAGE": "en"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise StoryStopped(f"motcua {' '.join(arguments)} → {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout.strip()
