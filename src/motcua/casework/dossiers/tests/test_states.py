from __future__ import annotations

from itertools import product

import pytest
import yaml
from django.conf import settings

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.policies import can_act
from motcua.casework.dossiers.rules.states import ACTS, Status, allowed_acts, is_allowed
from motcua.casework.dossiers.statuses import STATUSES
from motcua.casework.dossiers.web.desk import HANDLERS
from motcua.casework.process.rules.definition import parse_process
from motcua.foundation.kernel.actors import ANONYMOUS, SYSTEM, Actor

ROLES = ("reception", "specialist", "leader")
STEPS = (None, "reception", "verification", "signing", "returning")
FINAL = {Status.REFUSED, Status.WITHDRAWN, Status.STOPPED, Status.RETURNED}
# All there is: where a dossier stands, who does what, where it stands then (None: as before).
TABLE = {
    (Status.SUBMITTED, "reception", "accept", "reception"): Status.ACCEPTED,
    (Status.ACCEPTED, "reception", "hand-over", "reception"): Status.IN_PROCESS,
    (Status.IN_PROCESS, "verification", "draft-result", "specialist"): None,
    (Status.IN_PROCESS, "verification", "submit-for-signature", "specialist"): None,
    (Status.IN_PROCESS, "signing", "name-signer", "leader"): None,
    (Status.IN_PROCESS, "signing", "sign", "leader"): Status.FINISHED,
    (Status.IN_PROCESS, "signing", "return-task", "leader"): None,
    (Status.FINISHED, "returning", "return-result", "reception"): Status.RETURNED,
}
HERE, BELOW, BESIDE = "/H44/H44.04894/", "/H44/", "/H44/H44.08152/"


# Every role of the pack with its rights: what a role may do is what one of its rights may.
PACK_ROLES = {
    row["code"]: tuple(row["rights"])
    for row in yaml.safe_load((settings.PACKS / "vn" / "roles.yaml").read_text(encoding="utf-8"))["roles"]
}


def officer(role: str, path: str = HERE) -> Actor:
    return Actor(kind="officer", agency_path=path, grants=((role, path),))


@pytest.mark.parametrize("code", ACTS)
def test_an_act_is_allowed_only_as_in_the_table(code):
    act, dossier = ACTS[code], Dossier(agency_path=HERE)
    allowed = {
        (status, step, code, role): act.target
        for status, step, role in product(Status, STEPS, ROLES)
        if is_allowed(act, status=status, step=step) and can_act(officer(role), act, dossier)
    }
    assert allowed == {row: target for row, target in TABLE.items() if row[2] == code}


@pytest.mark.parametrize("role", PACK_ROLES)
def test_a_role_of_the_pack_acts_only_as_its_rights_do_in_every_state(role):
    holder = Actor(kind="officer", grants=tuple((right, HERE) for right in PACK_ROLES[role]))
    dossier = Dossier(agency_path=HERE)
    allowed = {
        (status, step, code)
        for status, step, (code, act) in product(Status, STEPS, ACTS.items())
        if is_allowed(act, status=status, step=step) and can_act(holder, act, dossier)
    }
    assert allowed == {
        (status, step, code) for status, step, code, right in TABLE if right in PACK_ROLES[role]
    }


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("status", sorted(FINAL))
def test_no_act_leads_out_of_a_final_status(status, step):
    assert allowed_acts(status=status, step=step) == []


@pytest.mark.parametrize("act", ACTS.values(), ids=lambda act: act.code)
def test_only_the_role_at_the_dossiers_own_agency_or_above_it_may_act(act):
    dossier = Dossier(agency_path=HERE)
    assert can_act(officer(act.right, BELOW), act, dossier)
    assert not can_act(officer(act.right, BESIDE), act, dossier)


@pytest.mark.parametrize("act", ACTS.values(), ids=lambda act: act.code)
@pytest.mark.parametrize("kind", ["citizen", "system", "anonymous"])
def test_nobody_but_an_officer_may_act_whatever_grants_they_carry(act, kind):
    assert not can_act(Actor(kind=kind, grants=((act.right, HERE),)), act, Dossier(agency_path=HERE))
    assert not can_act(ANONYMOUS, act, Dossier(agency_path=HERE))
    assert not can_act(SYSTEM, act, Dossier(agency_path=HERE))


def test_every_status_has_words():
    assert set(STATUSES) == set(Status)


def test_every_act_has_its_button_at_the_desk():
    assert set(HANDLERS) == set(ACTS)


@pytest.mark.parametrize("act", ACTS.values(), ids=lambda act: act.code)
def test_the_packs_process_knows_every_act_with_its_role_and_outcome(act):
    path = settings.PACKS / "vn" / "procedures" / "1.001193" / "process.yaml"
    step = parse_process(yaml.safe_load(path.read_text(encoding="utf-8"))).step(act.step)
    assert step.role == act.right
    assert not act.outcome or act.outcome in step.outcomes
