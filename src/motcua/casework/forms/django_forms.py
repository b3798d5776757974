"""One page of a form as a Django form, for the project's field template. Works without JavaScript."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.conditions import Condition, all_hold
from motcua.foundation.ui.choosing import Choice, Offer, Search, SearchChoiceWidget, read_search
from motcua.foundation.ui.pieces import Piece, Pieces, Same, Shown

from .asking import ACCEPTED_FILES, Asking, Leaf, Places, QuestionField, control, is_searched, multi_value
from .messages import problem_message
from .rules.answers import (
    apply_page,
    claimed,
    compute,
    deciding,
    known_answers,
    known_keys,
    leaves,
    visible_answers,
    visible_options,
    with_known,
)
from .rules.blocks import CLAIMS
from .rules.checks import check_page
from .rules.cleaning import DATES, Raw, answer_at, clean_fields, date_parts, item_count, key_of, one
from .rules.definition import Answers, Field, FormDefinition, Page, Text, fill, in_language
from .rules.rows import people_named, with_item, with_person, without_empty, without_item
from .rules.summary import Row, summary, value_words

__all__ = ["ACCEPTED_FILES", "Asking", "PageForm", "Places", "page_form"]

_CHOOSE = _("Choose one of the places found.")
_NOT_FOUND = _("Enter the name of a commune, ward or former ward; no place fits these words.")
_NOT_HERE = _("Enter another commune; none that takes applications here fits these words.")
_MOST_SAME = 5
# What stands between the keys of two people in the value of a button.
_TO = ":"


class PageForm(forms.Form):
    """One page. `answers` is the whole draft once a bound form was judged, right or wrong: save it anyway.

    A bound form that was sent by "Find", "Add", "Remove" or "Same as" is shown again and not judged (`is_working`).
    So is one whose answers lead to more questions of the same page (`asks_more`).
    For templates: page, title, lead, known (rows from the State), groups (of pieces), preview.
    """

    use_required_attribute = False

    def __init__(
        self, definition: FormDefinition, page: Page, asking: Asking, raw: Raw | None = None
    ) -> None:
        self.definition, self.page, self.asking = definition, page, asking
        self.language = (get_language() or "vi").split("-")[0]
        shown = visible_answers(definition, asking.answers)
        known = known_answers(definition, shown, asking.claims)
        self.answers: dict[str, Any] = with_known(shown, known)
        self._known = known_keys(known)
        self.is_working = self.asks_more = False
        self.raw = self._after_buttons(raw) if raw is not None else {}
        self._counts = {
            it.name: self._count(it, raw is not None) for it in page.fields if it.kind == "repeated"
        }
        self._leaves = {leaf.key: leaf for leaf in self._asked()}
        self._names = self._place_names()
        self.searches: dict[str, Search] = {}
        if raw is not None:
            self._read_searches()
        super().__init__(data=multi_value(self.raw) if raw is not None else None)
        for leaf in self._leaves.values():
            self.fields[leaf.key] = self._field(leaf)

    @property
    def title(self) -> str:
        return in_language(self.page.title, self.language)

    @property
    def lead(self) -> str:
        return self._words(self.page.lead)

    @property
    def groups(self) -> list[Pieces]:
        """Title, hint and pieces of each group that asks or shows something."""
        found = []
        facts = deciding(self.definition, visible_answers(self.definition, self.answers))
        for group in self.page.groups:
            pieces = [it for item in group.fields for it in self._piece(item, item.name, facts)]
            if pieces:
                words = self._words(group.title), self._words(group.hint)
                found.append(Pieces(*words, pieces, self._foreign(group.lang)))
        return found

    @property
    def known(self) -> list[Row]:
        """What the State already says about this page: shown with its source, not asked."""
        names = dict(self.asking.communes) | dict(self.asking.file_names) | self._names
        sections = summary(self.definition, self.answers, self.language, names, self.asking.claims)
        return [
            row for section in sections if section.page == self.page.name for row in section.rows if row.known
        ]

    @property
    def preview(self) -> tuple[str, str] | None:
        """Label and value of how it will stand on the paper; None without one, or before it is answered."""
        sections = summary(self.definition, self.answers, self.language)
        found = [row for it in sections if it.page == self.page.name for row in it.rows if not row.field]
        return (found[0].label, found[0].value) if found else None

    def clean(self) -> dict[str, Any]:
        asking = self.asking
        self.answers = apply_page(self.definition, self.page, self.answers, self.raw, asking.claims)
        for name in self._communes_not_offered():
            del self.answers[name]
        if self.is_working:
            return self.answers
        problems = check_page(self.definition, self.page, self.answers, asking.today, asking.claims)
        hidden = {it.key for it in self._conditional() if it.is_hidden}
        for key, search in self.searches.items():
            if search.is_open and key not in hidden:
                missing = _NOT_FOUND if self._leaves[key].question.kind == "place" else _NOT_HERE
                self.add_error(key, _CHOOSE if search.offer.choices else missing)
                problems.pop(key, None)
        anew = self._asked_anew(hidden)
        for key, problem in problems.items():
            if any(key == it or key.startswith(f"{it}-") for it in anew):
                continue
            leaf = self._leaves.get(key)
            self.add_error(
                key if leaf else None,
                problem_message(leaf.question if leaf else None, problem, self.language),
            )
        self.asks_more = bool(anew)
        self.is_working = self.asks_more and not self.errors
        return self.answers

    def _asked_anew(self, hidden: set[str]) -> set[str]:
        """Questions that were hidden on the page as it was sent, and are asked by what was answered on it."""
        sent = self.raw.get("unasked", [])
        before = set(sent if isinstance(sent, list) else [sent])
        return {it.key for it in self._conditional() if it.key in before - hidden}

    def _conditional(self) -> Iterator[Shown]:
        """Every question of the page that is not always asked."""
        waiting = [it for group in self.groups for it in group.pieces]
        while waiting:
            piece = waiting.pop()
            waiting += piece.pieces
            if piece.shown:
                yield piece.shown

    @property
    def error_items(self) -> list[dict[str, str]]:
        """All that is to be corrected, for components/error_summary: in a list with the item it is about."""
        whole = [{"href": "#page-form", "text": str(error)} for error in self.non_field_errors()]
        return whole + [
            {
                "href": f"#{bound.id_for_label or bound.auto_id}",
                "text": f"{self._item_of(bound.name)}{error}",
            }
            for bound in self
            for error in bound.errors
        ]

    def _item_of(self, key: str) -> str:
        """ "Child 2: " for what stands in an item."""
        name, _dash, rest = key.partition("-")
        item, position = self.definition.fields[name], rest.partition("-")[0]
        if item.kind != "repeated" or not position:
            return ""
        return f"{in_language(item.item_label or item.label, self.language)} {int(position) + 1}: "

    def _after_buttons(self, raw: Raw) -> Raw:
        """What was sent, after the one button that was pressed did its part; empty items go when none was."""
        lists = {it.name: it for it in self.page.fields if it.kind == "repeated"}
        added, (removed, _dash, position) = one(raw, "add"), one(raw, "remove").rpartition("-")
        self.is_working = bool(one(raw, "find") or added or removed or one(raw, "same"))
        if added in lists:
            return with_item(lists[added], raw, _least(lists[added]))
        if removed in lists and position.isdecimal():
            return without_item(lists[removed], raw, int(position[:4]))
        if same := one(raw, "same"):
            return self._with_same(raw, *same.partition(_TO)[::2])
        if not self.is_working:
            for item in lists.values():
                raw = without_empty(item, raw)
        return raw

    def _with_same(self, raw: Raw, key: str, source: str) -> Raw:
        """A person filled in with one named before; what this page says of that one counts as it was sent."""
        before = apply_page(self.definition, self.page, self.answers, raw, self.asking.claims)
        who, parts = self._people(before).get(source), self._person_at(key)
        if not who or not parts:
            return raw
        return with_person(raw, key, {name: value for name, value in who.items() if name in parts})

    def _person_at(self, key: str) -> set[str]:
        """The parts of the person at this key of the page; none when there is no such person."""
        name, _dash, rest = key.partition("-")
        item = self.definition.fields.get(name)
        if item and item.kind == "repeated":
            part = rest.partition("-")[2]
            item = next((it for it in item.fields if it.name == part), None)
        on_page = name in {it.name for it in self.page.fields}
        offers = item and item.kind == "person" and item.offers_same and on_page
        return {it.name for it in item.fields} if item and offers else set()

    def _people(self, answers: Answers) -> dict[str, Mapping[str, Any]]:
        """Everybody who can be named again: the people in the answers, then who is signed in."""
        you = {part: self.asking.claims.get(claim, "") for part, claim in CLAIMS.items()}
        you = {part: value for part, value in you.items() if value}
        return people_named(self.definition.fields, answers) | ({"eid": you} if "full_name" in you else {})

    def _count(self, item: Field, is_bound: bool) -> int:
        """How many items the page shows, those not begun yet included."""
        items = self.answers.get(item.name)
        stored = len(items) if isinstance(items, list) else 0
        count = item_count(item.name, self.raw) if is_bound else stored
        return min(max(count, _least(item)), item.maximum or count)

    def _asked(self) -> Iterator[Leaf]:
        """Questions that are not known and may be asked on this page: conditions within it are left open."""
        local = {item.name for item in self.page.fields}
        facts = self.answers | compute(self.definition, self.answers)
        for item in self.page.fields:
            others = tuple(it for it in item.show_if if not self._hangs_on(it.field, local))
            if item.kind != "calculated" and all_hold(others, facts):
                yield from self._leaves_of(item, item.name, self.answers.get(item.name), facts)

    def _hangs_on(self, name: str, local: set[str]) -> bool:
        return name in local or name in self.definition.computed_names

    def _leaves_of(self, item: Field, key: str, value: Any, facts: Answers) -> Iterator[Leaf]:
        if item.kind == "repeated":
            yield Leaf(key, item, None, facts)
            items = value if isinstance(value, list) else []
            for position in range(self._counts[item.name]):
                block = items[position] if position < len(items) else {}
                yield from self._parts(item, key_of(key, position), block, facts)
        elif item.fields:
            yield from self._parts(item, key, value, facts)
        elif key not in self._known:
            yield Leaf(key, item, value, facts)

    def _parts(self, item: Field, key: str, value: Any, facts: Answers) -> Iterator[Leaf]:
        block = value if isinstance(value, Mapping) else {}
        local = {part.name for part in item.fields}
        for part in item.fields:
            if all_hold(tuple(it for it in part.show_if if it.field not in local), facts):
                yield from self._leaves_of(
                    part, key_of(key, part.name), block.get(part.name), {**facts, **block}
                )

    def _piece(self, item: Field, key: str, facts: Answers) -> Iterator[Piece]:
        """What asks for or shows one question. facts: what its conditions look at."""
        shown = self._shown(item, key, facts) if self._conditions(item) else None
        yield from (replace(it, shown=shown) if shown else it for it in self._pieces_of(item, key, facts))

    def _conditions(self, item: Field) -> tuple[Condition, ...]:
        """When it is asked: as the form says, and not where an answer of this page makes it known."""
        known = item.known_if[0] if item.known_if and len(item.known_if) == 1 else None
        on_page = known and known.test == "equals" and known.field in {it.name for it in self.page.fields}
        if not known or not on_page or item.fields or not claimed(item, self.asking.claims):
            return item.show_if
        return (*item.show_if, Condition(known.field, "not", known.value))

    def _shown(self, item: Field, key: str, facts: Answers) -> Shown | None:
        """None where nothing on this page decides it."""
        scope, conditions = key.removesuffix(item.name), self._conditions(item)
        watched = [it for it in conditions if self._is_watched(f"{scope}{it.field}", it.test)]
        settled = tuple(it for it in conditions if it not in watched)
        tests = [[f"{scope}{it.field}", it.test, it.value] for it in watched]
        can_change = bool(tests) and all_hold(settled, facts)
        return Shown(key, not all_hold(conditions, facts), json.dumps(tests) if can_change else "")

    def _is_watched(self, key: str, test: str) -> bool:
        """Whether a script can read the answer from the page as the server would."""
        if leaf := self._leaves.get(key):
            return leaf.question.kind not in {"file", "repeated"} and not is_searched(
                leaf.question, self.asking
            )
        inner = f"{key}-"
        is_asked = any(it.startswith(inner) for it in self._leaves)
        return test == "filled" and is_asked and not any(it.startswith(inner) for it in self._known)

    def _inner_facts(self, item: Field, key: str, facts: Answers) -> Answers:
        """What conditions within a person, an address or an item look at."""
        if self.is_bound and key not in self.definition.fields:
            # Items that were left empty are not among the answers, but on the page.
            block: Any = clean_fields(item.fields, self.raw, f"{key}-")
        else:
            block = answer_at(self.answers, key)
        parts = dict.fromkeys(part.name for part in item.fields)
        return {**facts, **parts, **(block if isinstance(block, Mapping) else {})}

    def _parts_of(self, item: Field, key: str, facts: Answers) -> tuple[Piece, ...]:
        inner = self._inner_facts(item, key, facts) if any(it.show_if for it in item.fields) else facts
        return tuple(it for part in item.fields for it in self._piece(part, key_of(key, part.name), inner))

    def _pieces_of(self, item: Field, key: str, facts: Answers) -> Iterator[Piece]:
        if item.kind == "calculated":
            yield from self._value(item)
        elif item.kind == "repeated" and key in self.fields:
            yield self._list(item, key, facts)
        elif item.fields:
            if pieces := self._parts_of(item, key, facts):
                yield self._block(item, key, pieces)
        elif key in self.fields:
            yield Piece("field", self[key])

    def _value(self, item: Field) -> Iterator[Piece]:
        values = self.answers | compute(self.definition, self.answers, self.asking.today)
        known = values.get(item.name) not in (None, "")
        words = value_words(item, values, self.language, {}) if known else ""
        yield Piece("value", key=item.name, label=in_language(item.label, self.language), text=words)

    @property
    def values(self) -> dict[str, str]:
        """The calculated values of the page in words, by name; "" for what nothing can be made of yet."""
        if not any(it.kind == "calculated" for it in self.page.fields):
            return {}
        pieces = [it for group in self.groups for it in group.pieces]
        return {it.key: it.text for it in pieces if it.kind == "value"}

    def _block(self, item: Field, key: str, pieces: tuple[Piece, ...]) -> Piece:
        return Piece(
            "block",
            id=f"id_{key}",
            key=key,
            label=in_language(item.label, self.language),
            hint=self._words(item.hint),
            is_optional=item.required is None,
            pieces=pieces,
            same=tuple(self._same(key)) if item.kind == "person" and item.offers_same else (),
        )

    def _same(self, key: str) -> Iterator[Same]:
        """Everybody else who was named, once each; nobody where the eID says who it is."""
        if any(known.startswith(f"{key}-") for known in self._known):
            return
        offered: dict[tuple[Any, Any], str] = {}
        for source, who in self._people(self.answers).items():
            if source != key:
                offered.setdefault((who["full_name"], who.get("birth_date")), source)
        for (name, _born), source in list(offered.items())[:_MOST_SAME]:
            yield Same(f"{key}{_TO}{source}", str(name))

    def _framed_once(self, parts: tuple[Piece, ...]) -> dict[str, Any]:
        """What an item shows: one that is a person and nothing else stands in the item's own frame."""
        only = parts[0] if len(parts) == 1 else None
        if not only or only.kind != "block" or only.shown:
            return {"pieces": parts}
        return {"pieces": only.pieces, "hint": only.hint, "same": only.same}

    def _list(self, item: Field, key: str, facts: Answers) -> Piece:
        name, count = in_language(item.item_label or item.label, self.language), self._counts[item.name]
        items = tuple(
            Piece(
                "block",
                id=f"id_{key_of(key, position)}",
                key=key_of(key, position),
                label=f"{name} {position + 1}",
                **self._framed_once(self._parts_of(item, key_of(key, position), facts)),
                can_change=count > _least(item),
            )
            for position in range(count)
        )
        return Piece(
            "list",
            field=self[key],
            id=f"id_{key}",
            key=key,
            label=in_language(item.label, self.language),
            hint=self._words(item.hint),
            text=str(count),
            is_optional=not _least(item),
            pieces=items,
            item_label=name,
            can_change=count < (item.maximum or count + 1),
            next_id=f"id_{key_of(key, count)}",
        )

    def _read_searches(self) -> None:
        """What was chosen or typed in the searched questions; the raw answers then hold the choice alone."""
        chosen: dict[str, str] = {}
        for leaf in self._leaves.values():
            if is_searched(leaf.question, self.asking):
                search = read_search(leaf.key, self.raw, self._finder(leaf), known=self._chosen(leaf))
                self.searches[leaf.key] = search
                chosen[leaf.key] = search.value
        self.raw = {**self.raw, **chosen}

    def _finder(self, leaf: Leaf) -> Callable[[str], Offer]:
        places = self.asking.places
        only = {code for code, _name in self.asking.communes} if leaf.question.kind == "commune" else None
        return lambda words: places.offer(words, only) if places else Offer()

    def _chosen(self, leaf: Leaf) -> Choice | None:
        """What was chosen before or is suggested, None when no such place exists.

        What a page sends back counts too: an item may have moved up to where another stood.
        """
        code = self._code(leaf)
        names = dict(self.asking.communes) if leaf.question.kind == "commune" else self._names
        return Choice(code, names[code]) if code in names else None

    def _code(self, leaf: Leaf) -> str:
        return one(self.raw, leaf.key) or str(leaf.start(self.asking, self.answers) or "")

    def _place_names(self) -> dict[str, str]:
        """Names of all places in the answers and on the page, by code. One question to the places."""
        stored = leaves(self.definition.fields, self.answers)
        codes = {str(value) for _key, item, value in stored if item.kind == "place"}
        codes |= {self._code(leaf) for leaf in self._leaves.values() if leaf.question.kind == "place"}
        codes -= {""}
        return dict(self.asking.places.names(codes)) if codes and self.asking.places else {}

    def _communes_not_offered(self) -> list[str]:
        offered = {code for code, _name in self.asking.communes}
        asked = [leaf.key for leaf in self._leaves.values() if leaf.question.kind == "commune"]
        return [name for name in asked if name in self.answers and self.answers[name] not in offered]

    def _foreign(self, lang: str) -> str:
        """The language of words, "" where it is the reader's."""
        return "" if self.language.startswith(lang) else lang

    def _words(self, text: Text | None) -> str:
        return in_language(text, self.language) if text else ""

    def _field(self, leaf: Leaf) -> QuestionField:
        question, value = leaf.question, leaf.start(self.asking, self.answers)
        if isinstance(value, float) and self.language != "en":
            value = str(value).replace(".", ",")
        made = QuestionField(
            question,
            label=in_language(question.label, self.language),
            help_text=escape(self._words(question.hint)),
            widget=self._widget(leaf),
            initial=list(reversed(list(date_parts(value).values()))) if question.kind in DATES else value,
        )
        made.explanation = self._words(question.help)
        made.lang = self._foreign(question.lang)
        made.stored = self.asking.file_names.get(str(value), "") if question.kind == "file" else ""
        return made

    def _widget(self, leaf: Leaf) -> forms.Widget:
        if is_searched(leaf.question, self.asking):
            return self._search_widget(leaf)
        values = leaf.facts
        choices = [
            (value, fill(label, self.language, values))
            for value, label in visible_options(leaf.question, values)
        ]
        return control(leaf.question, self.asking.communes if leaf.question.kind == "commune" else choices)

    def _search_widget(self, leaf: Leaf) -> SearchChoiceWidget:
        search, before = self.searches.get(leaf.key), self._chosen(leaf)
        search = search or (Search(before.value, "", Offer((before,))) if before else Search())
        places = self.asking.places
        query = urlencode({"for": leaf.key} | ({"desk": "1"} if leaf.question.kind == "commune" else {}))
        return SearchChoiceWidget(search, f"{places.suggest_url}?{query}" if places else "")


def _least(item: Field) -> int:
    """How many items a page shows at least."""
    return max(item.minimum or 0, 1 if item.required else 0)


def page_form(definition: FormDefinition, page: Page, asking: Asking, raw: Raw | None = None) -> PageForm:
    """The form of one page in the active language: unbound, or bound with `raw`; nothing typed is lost.

    raw: `dict(request.POST.lists())`; for a file, the id under which the caller stored what was uploaded.
    """
    return PageForm(definition, page, asking, raw)
