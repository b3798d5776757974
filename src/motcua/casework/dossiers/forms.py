"""Between a procedure version's form and a draft or dossier: parsed forms, claims, names of places and papers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.casework.dossiers.models import Dossier, Draft, DraftPaper
from motcua.casework.dossiers.offering import deciding_agency as deciding_agency
from motcua.casework.dossiers.offering import terms_at, under_terms
from motcua.casework.dossiers.rules.cases import case_of, find_case, under_case
from motcua.casework.forms.rules import checks
from motcua.casework.forms.rules.answers import compute, leaves, visible_answers
from motcua.casework.forms.rules.definition import TODAY, FormDefinition, in_language
from motcua.casework.forms.rules.one_page import on_one_page
from motcua.casework.forms.rules.parsing import parse_form
from motcua.casework.forms.rules.summary import Section, summary, title
from motcua.casework.process.rules.definition import Definition, parse_process
from motcua.foundation.kernel.text import fold
from motcua.foundation.ui.choosing import Offer
from motcua.registry.catalogue.models import ProcedureVersion
from motcua.registry.catalogue.offers.errors import OfferError
from motcua.registry.catalogue.selectors import find_version
from motcua.registry.organisations.models import Agency
from motcua.registry.people.models import Organisation, Person
from motcua.registry.places.selectors import offer_places, place_names

_parsed: dict[str, FormDefinition] = {}


def form_of(version: ProcedureVersion) -> FormDefinition:
    """The version's form; parsed once a process, as a version never changes."""
    if version.digest not in _parsed:
        _parsed[version.digest] = parse_form(version.definition["form"])
    return _parsed[version.digest]


_whole: dict[str, FormDefinition] = {}


def whole_form(version: ProcedureVersion) -> FormDefinition:
    """`form_of` on one page, as a counter fills it in."""
    if version.digest not in _whole:
        _whole[version.digest] = on_one_page(form_of(version))
    return _whole[version.digest]


_steps: dict[str, Definition] = {}


def steps_of(version: ProcedureVersion) -> Definition:
    """The version's process; parsed once a process, as a version never changes."""
    if version.digest not in _steps:
        _steps[version.digest] = parse_process(version.definition["process"])
    return _steps[version.digest]


def claims_of(draft: Draft) -> dict[str, str]:
    """What the form may take from the eID and, for an organisation, from its entry; under the names forms use."""
    return _claims_of_person(draft.applicant) | _claims_of_organisation(draft.owner_organisation)


def _claims_of_organisation(organisation: Organisation | None) -> dict[str, str]:
    if not organisation:
        return {}
    return {
        "owner.name": organisation.legal_name,
        "owner.code": organisation.tax_code or organisation.code or "",
        "owner.address": organisation.address,
        "owner.place": organisation.place_code,
        "owner.phone": organisation.telephone,
        "owner.email": organisation.email,
    }


def _claims_of_person(person: Person) -> dict[str, str]:
    return {
        "eid.name": person.full_name,
        "eid.personal_number": person.personal_number or "",
        "eid.birth_date": person.birth_date.isoformat(),
        "eid.sex": person.sex,
        "eid.ethnicity": person.ethnicity,
        "eid.nationality": person.nationality,
        "eid.phone": person.telephone,
        "eid.email": person.email,
        "eid.residence": person.residence,
        "eid.residence_commune": person.residence_place_code,
    }


def owner_facts(draft: Draft) -> dict[str, str] | None:
    """In whose name the applicant comes, as a dossier keeps it; None for their own.

    `code`: an organisation's tax code or other code; empty for a person, whose number is no word to search by.
    """
    if organisation := draft.owner_organisation:
        return {
            "kind": organisation.kind,
            "full_name": organisation.legal_name,
            "code": organisation.tax_code or organisation.code or "",
            "residence": organisation.address,
            "telephone": organisation.telephone,
            "email": organisation.email,
        }
    if draft.owner_person and draft.owner_person_id != draft.applicant_id:
        facts = applicant_facts(draft.owner_person)
        return facts | {"kind": "person", "code": ""}
    return None


def applicant_facts(person: Person) -> dict[str, str]:
    """The applicant as a dossier keeps them."""
    return {
        "full_name": person.full_name,
        "personal_number": person.personal_number or "",
        "birth_date": person.birth_date.isoformat(),
        "sex": person.sex,
        "residence": person.residence,
        "ethnicity": person.ethnicity,
        "telephone": person.telephone,
        "email": person.email,
    }


def file_fields(form: FormDefinition) -> dict[str, Mapping[str, str]]:
    """Fields that ask for papers: name -> label by language. Their names are the component codes."""
    return {field.name: field.label for field in form.fields.values() if field.kind == "file"}


def component_names(version: ProcedureVersion) -> dict[str, str]:
    """Field that asks for a paper -> the component's legal (Vietnamese) name; without a component, the field's."""
    names = {name: label["vi"] for name, label in file_fields(form_of(version)).items()}
    components = version.definition["procedure"]["components"]
    return names | {it["field"]: it["name"]["vi"] for it in components if "field" in it}


def case_facts(version: ProcedureVersion, answers: Mapping[str, Any], *, on: date) -> dict[str, Any]:
    """What cases are decided by: answers to questions that are asked, and values computed on that day."""
    form = form_of(version)
    return visible_answers(form, answers) | compute(form, answers, on)


def procedure_of(dossier: Dossier) -> Mapping[str, Any]:
    """The procedure as published with the dossier's version, with limit, papers and fees of the dossier's case, and
    what the agency offered otherwise when it was filed."""
    return under_terms(under_case(dossier.version.definition["procedure"], dossier.case), dossier.terms)


def procedure_for(
    version: ProcedureVersion, answers: Mapping[str, Any], *, on: date
) -> tuple[Mapping[str, Any], str]:
    """The procedure as it would apply to these answers, and the code of the case that makes it so ("": none)."""
    procedure = version.definition["procedure"]
    case = case_of(procedure, case_facts(version, answers, on=on))
    return under_case(procedure, case), case


def offered_at(
    version: ProcedureVersion, procedure: Mapping[str, Any], agency: Agency | None, *, on: date
) -> tuple[Mapping[str, Any], str]:
    """The procedure (in its case) as the agency offers it on a day, and why it cannot be filed there ("": it can)."""
    if agency is None:
        return procedure, ""
    try:
        return under_terms(procedure, terms_at(version.procedure, procedure, agency, on=on)), ""
    except OfferError as problem:
        return procedure, str(problem)


def case_name(procedure: Mapping[str, Any], code: str, language: str) -> str:
    """What the case is called, "" without one."""
    case = find_case(procedure, code)
    return in_language(case.name, language) if case else ""


Papers = Mapping[str, str | list[str]]


def paper_answers(form: FormDefinition, papers: Iterable[tuple[str, Any]]) -> dict[str, str | list[str]]:
    """What file questions hold: the id of the first paper, of one that takes several all. papers: (component, id)."""
    found: dict[str, str | list[str]] = {}
    for component, file_id in papers:
        asked = form.fields.get(component)
        if asked and asked.several:
            held = found.setdefault(component, [])
            if isinstance(held, list):
                held.append(str(file_id))
        else:
            found.setdefault(component, str(file_id))
    return found


# What a file question holds where the paper was handed in at a counter and no file was made of it.
ON_PAPER = "paper"


def draft_papers(draft: Draft, papers: Iterable[DraftPaper]) -> dict[str, str | list[str]]:
    """`paper_answers` of a draft; ON_PAPER for what an officer ticked as handed in."""
    form = form_of(draft.version)
    found = paper_answers(form, ((it.component, it.file_id) for it in papers))
    return paper_answers(form, ((code, ON_PAPER) for code in draft.ticked)) | found


def with_papers(answers: Mapping[str, Any], papers: Papers) -> dict[str, Any]:
    """Answers in which every file question holds its papers, as of `paper_answers`."""
    return {**answers, **papers}


def find_newer(version: ProcedureVersion, *, at: datetime) -> ProcedureVersion | None:
    """The version that is valid now, when this one is not any more."""
    today = timezone.localdate(at)
    if version.valid_to is None or version.valid_to > today:
        return None
    newer = find_version(version.procedure_id, at=today)
    return newer if newer and newer.pk != version.pk else None


def stored_answers(form: FormDefinition, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What a dossier keeps: answers to questions that were asked."""
    return visible_answers(form, answers)


def open_pages(draft: Draft, papers: Papers, *, at: datetime) -> list[str]:
    """Pages on which something is missing or wrong, in order; empty when the draft can be submitted."""
    form, claims = form_of(draft.version), claims_of(draft)
    answers = with_papers(draft.answers, papers)
    return checks.open_pages(form, answers, timezone.localdate(at), claims)


def names_for(
    form: FormDefinition, answers: Mapping[str, Any], papers: Mapping[str, str], *, on: date
) -> dict[str, str]:
    """Words for values a form does not know: places by code as of that day, papers by id."""
    found = leaves(form.fields, answers)
    codes = {str(value) for _key, item, value in found if item.kind in {"commune", "place"}}
    return place_names(codes, at=on) | {ON_PAPER: _("On paper")} | dict(papers)


@dataclass(frozen=True, slots=True)
class PlacesOn:
    """The places of a day, as forms ask for them."""

    day: date
    suggest_url: str = "/places/suggest/"

    def offer(self, words: str, only: Collection[str] | None) -> Offer:
        return offer_places(words, at=self.day, only=only)

    def names(self, codes: Collection[str]) -> dict[str, str]:
        return place_names(codes, at=self.day)


def heading(dossier: Dossier, language: str) -> str:
    """What the dossier is called: "Đăng ký khai sinh cho Trần Minh Khôi"; a test says so before it."""
    today = timezone.localdate(dossier.submitted_at)
    words = title(form_of(dossier.version), dossier.answers, language, today)
    return f"{_('Test')} · {words}" if dossier.is_test else words


def search_words(*texts: str) -> str:
    """What officers find a dossier by, folded; at most 500 letters, as an index has it."""
    return fold(" ".join(texts))[:500]


def draft_sections(draft: Draft, papers: Papers, names: Mapping[str, str], language: str) -> list[Section]:
    answers = with_papers(draft.answers, papers)
    form, today = form_of(draft.version), timezone.localdate()
    words = names_for(form, answers, names, on=today)
    return summary(form, answers, language, words, claims_of(draft) | {TODAY: today.isoformat()})


def answer_sections(dossier: Dossier, language: str, paper_names: Mapping[str, str]) -> list[Section]:
    """A dossier's answers in words; what the eID gave on the day of submission counts as known."""
    facts = dossier.applicant_facts
    claims = {
        "eid.name": facts["full_name"],
        "eid.personal_number": facts["personal_number"],
        "eid.birth_date": facts["birth_date"],
        "eid.residence": facts["residence"],
        "eid.ethnicity": facts.get("ethnicity", ""),
        "eid.sex": facts.get("sex", ""),
        TODAY: timezone.localdate(dossier.submitted_at).isoformat(),
    }
    if dossier.owner_organisation_id and dossier.owner_facts:
        claims |= {
            "owner.name": dossier.owner_facts["full_name"],
            "owner.code": dossier.owner_facts["code"],
            "owner.address": dossier.owner_facts["residence"],
        }
    form = form_of(dossier.version)
    names = names_for(form, dossier.answers, paper_names, on=timezone.localdate(dossier.submitted_at))
    return summary(form, dossier.answers, language, names, claims)
