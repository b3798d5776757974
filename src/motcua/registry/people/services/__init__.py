"""Writing people, organisations and who may act for whom. One function an act, one transaction, one entry."""

from motcua.registry.people.contacts import LostContact, confirm_at_desk, start_at_desk
from motcua.registry.people.services.applicants import Applicant, find_or_enter_applicant
from motcua.registry.people.services.mandates import (
    Offer,
    Purpose,
    accept_mandate,
    end_mandate,
    enter_paper_mandate,
    give_mandate,
)
from motcua.registry.people.services.organisations import (
    NewOrganisation,
    NewRepresentation,
    end_representation,
    enter_organisation,
    enter_representation,
)
from motcua.registry.people.services.people import (
    NewPaper,
    NewPerson,
    enter_citizens,
    enter_person,
    give_number,
    merge_people,
    record_claims,
)

__all__ = [
    "Applicant",
    "LostContact",
    "NewOrganisation",
    "NewPaper",
    "NewPerson",
    "NewRepresentation",
    "Offer",
    "Purpose",
    "accept_mandate",
    "confirm_at_desk",
    "end_mandate",
    "end_representation",
    "enter_citizens",
    "enter_organisation",
    "enter_paper_mandate",
    "enter_person",
    "enter_representation",
    "find_or_enter_applicant",
    "give_mandate",
    "give_number",
    "merge_people",
    "record_claims",
    "start_at_desk",
]
