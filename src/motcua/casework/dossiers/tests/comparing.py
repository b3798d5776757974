"""Everything that the database says of a dossier, held against the model."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from django.db.models import Max

from motcua.casework.dossiers.models import Component, Dossier, Opinion
from motcua.casework.dossiers.tests.model import Model
from motcua.casework.dossiers.tests.players import Players
from motcua.casework.dossiers.tests.ways import MIXED, Way
from motcua.casework.process.models import Timer, Token
from motcua.casework.process.selectors import find_public_words
from motcua.casework.warehouse.models import Document as IssuedDocument
from motcua.foundation.journal.models import Entry


class Compared:
    """Of `test_stateful`. `entries`: the journal at the last comparison; `tokens`: by the model's numbers."""

    players: Players
    notes: Counter[str]
    way: Way
    model: Model
    dossier: Dossier
    entries: list[Any]
    tokens: dict[int, UUID]

    def compare(self) -> None:
        """Everything the database says of the dossier against the model."""
        model, dossier = self.model, Dossier.objects.get(pk=self.dossier.pk)
        assert (dossier.status, dossier.revision) == (model.status, model.revision)
        assert (dossier.accepted_at, dossier.due_at) == (model.accepted_at, model.due_at)
        assert (dossier.basis_at, dossier.silent_at, dossier.stopped_at is not None) == (
            model.basis_at,
            model.silent_at,
            bool(model.clock) and model.clock[-1].kind == "stopped",
        )
        assert [(row["kind"], row["at"], row.get("until")) for row in dossier.clock] == [
            (str(it.kind), it.at.isoformat(), it.until.isoformat() if it.until else None)
            for it in model.clock
        ]
        request = dossier.supplements.filter(answered_at=None).first() if model.status == 5 else None
        assert (request and (request.due_at, request.warn_at)) == (model.bring if model.status == 5 else None)
        assert dossier.supplements.count() == model.rounds
        self._compare_tokens()
        self._compare_papers()
        entries = list(
            Entry.objects.filter(object_id=dossier.id).order_by("sequence").values_list("pk", "kind")
        )
        assert [kind for _, kind in entries] == model.journal
        # The journal only grows.
        assert entries[: len(self.entries)] == self.entries
        self.entries = entries

    def _compare_tokens(self) -> None:
        model, names = self.model, {person: name for name, person in self.players.people.items()}
        tokens = list(Token.objects.filter(subject=self.dossier.id, completed_at=None).order_by("number"))
        joins = sorted(it.step for it in tokens if it.kind == "join")
        assert joins == sorted(model.arrived)
        rows = [it for it in tokens if it.kind != "join"]
        assert sorted((it.step, it.kind) for it in rows) == sorted((it.step, it.kind) for it in model.open)
        timers = Timer.objects.filter(token__in=tokens, fired_at=None)
        by_token: dict[UUID, dict[str, Any]] = {it.pk: {} for it in tokens}
        for timer in timers:
            by_token[timer.token_id][timer.name] = timer.due_at
        # Of several at the same step the older one is the first in both.
        for step in {it.step for it in rows}:
            real = [it for it in rows if it.step == step]
            ours = [it for it in model.open if it.step == step]
            for token, stand in zip(real, ours, strict=True):
                self.tokens[stand.number] = token.pk
                who = names.get(token.claimed_by, token.claimed_by)
                assert (step, who, token.paused_at is not None) == (step, stand.by, stand.paused)
                assert (step, token.due_at, by_token[token.pk]) == (step, stand.due, stand.timers)
        if model.status in {3, 7, 8, 10}:
            assert not tokens
        public = find_public_words(self.dossier.id).get("en", "")
        assert self.way is MIXED or not model.public or public == model.public

    def _compare_papers(self) -> None:
        model, dossier = self.model, self.dossier
        editions = dossier.documents.values_list("kind").annotate(last=Max("edition"))
        assert dict(editions) == dict(+model.papers)
        assert dossier.documents.count() == model.papers.total()
        assert Component.objects.filter(dossier=dossier, supplement__isnull=False).count() == model.brought
        opinions = Opinion.objects.filter(dossier=dossier, question="?")
        assert (opinions.count(), opinions.exclude(answered_at=None).count()) == (
            model.opinions,
            model.answered,
        )
        assert IssuedDocument.objects.filter(subject=dossier.id).count() == model.papers["result"]
        assert self.notes[str(dossier.id)] == model.services
