"""Finding places. Public: names of places are nobody's secret."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db.models import Case, F, FloatField, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Concat, Greatest, StrIndex
from django.utils.translation import gettext as _

from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.text import clean_line
from motcua.foundation.ui.choosing import Choice, Offer
from motcua.registry.places.models import Place, PlaceSuccession
from motcua.registry.places.rules.words import bare, has_accents, in_sentence, query_key

MOST_FOUND = 50
_MOST_OFFERED = 12
_LONGEST = 100
_PRESENT_FIRST = F("valid_to").desc(nulls_first=True)
_BY_NAME = ("sort_key", "code", "pk")


@dataclass(frozen=True, slots=True)
class Found:
    """A place that fits the words. `now`: what it is today: itself, or what became of it, by name.

    A former place with several in `now` was divided (a ward) or dissolved (a district): ask which one.
    """

    place: Place
    now: tuple[Place, ...]
    is_former: bool

    @property
    def must_choose(self) -> bool:
        return len(self.now) > 1


def search_places(
    words: str, *, at: date, limit: int = 20, only: Collection[str] | None = None, similar: bool = True
) -> list[Found]:
    """Communes of that day, and the wards and districts before them, that fit what somebody typed.

    Accents, case, short forms ("P.1 Q.3", "TT"), the wrong kind ("xã" for "phường"), "i" for "y", left-out blanks
    and small typing errors are forgiven; the beginning of the last word is enough. Best first: the very name,
    then names that begin so, then any place whose name and those above it hold all words; present before former.
    only: codes of present communes, to be found by their own names or former ones. At most `limit` (1 to 50).
    similar: typing errors are forgiven when no place fits as typed.
    Two queries, three when no place fits as typed.
    """
    key = query_key(clean_line(words)[:_LONGEST])
    if not key:
        return []
    limit = max(1, min(limit, MOST_FOUND))
    among = Q() if only is None else _leading_to(only, at)
    places = list(_fitting(key, clean_line(words), at).filter(among)[:limit])
    if similar and not places:
        places = list(_similar(key, at).filter(among)[:limit])
    became = _successors({place.pk for place in places if not place.exists_at(at)}, at=at)
    found = []
    for place in places:
        is_former = not place.exists_at(at)
        found.append(Found(place, tuple(became.get(place.pk, ())) if is_former else (place,), is_former))
    return [it for it in found if it.now]


def _findable(at: date) -> QuerySet[Place]:
    """Communes, and what existed until then; districts only as names people remember."""
    began = Place.objects.filter(Q(valid_from=None) | Q(valid_from__lte=at))
    return began.exclude(level=Place.Level.PROVINCE).select_related("parent__parent")


def _leading_to(codes: Collection[str], at: date) -> Q:
    """Present communes by code, and the wards and districts that went into them."""
    rows = PlaceSuccession.objects.filter(new__code__in=codes)
    return (
        Q(_exists("", at), code__in=codes)
        | Q(pk__in=rows.values("old_id"))
        | Q(pk__in=rows.values("old__parent_id"))
    )


def _fitting(key: str, words: str, at: date) -> QuerySet[Place]:
    """Places in which every word of the name begins a word of theirs or of those above; best first."""
    name = bare(key)
    fits, spelled = Q(), Q(name__icontains=words) if has_accents(words) else Q(pk=None)
    for word in name.split():
        fits &= Q(search_text__contains=f" {word}")
    ranked = _findable(at).annotate(
        # The words go on after the name: "lam thao phu tho".
        leads=StrIndex(Value(f"{name} "), Concat("bare_key", Value(" "))),
        rank=Case(
            When(name_key=key, then=4),
            When(Q(bare_key=name) | Q(search_text__startswith=f" {key} "), then=3),
            When(Q(bare_key__startswith=name) | Q(leads=1), then=2),
            default=1,
            output_field=IntegerField(),
        ),
        spelled=Case(When(spelled, then=1), default=0, output_field=IntegerField()),
        likeness=TrigramWordSimilarity(key, "search_text"),
    )
    return ranked.filter(fits).order_by("-rank", "-spelled", _PRESENT_FIRST, "-likeness", *_BY_NAME)


def _similar(key: str, at: date) -> QuerySet[Place]:
    """Places whose names are like the words by their trigrams: typing errors, blanks left out; most alike first."""
    joined = bare(key).replace(" ", "")
    likeness = Greatest(
        TrigramSimilarity("joined_key", joined),
        TrigramWordSimilarity(bare(key), "search_text") * 0.8,
        output_field=FloatField(),
    )
    alike = Q(joined_key__trigram_similar=joined) | Q(search_text__trigram_word_similar=bare(key))
    found = _findable(at).filter(alike).annotate(likeness=likeness)
    return found.order_by("-likeness", _PRESENT_FIRST, *_BY_NAME)


def _successors(former: Collection[int], *, at: date) -> dict[int | None, list[Place]]:
    """Former place -> the communes it became, by name; a district's wards speak for it. One query, or none."""
    if not former:
        return {}
    # Asked of the places first: "or" across the join would read all successions.
    theirs = Place.objects.filter(Q(pk__in=former) | Q(parent__in=former)).values("pk")
    rows = PlaceSuccession.objects.filter(_exists("new__", at), old__in=theirs)
    rows = rows.select_related("old", "new__parent")
    found: dict[int | None, list[Place]] = {}
    for row in rows.order_by("new__sort_key", "new__code"):
        for pk in (row.old_id, row.old.parent_id):
            if pk in former and row.new not in found.setdefault(pk, []):
                found[pk].append(row.new)
    return found


def _exists(prefix: str, at: date) -> Q:
    return (Q(**{f"{prefix}valid_from": None}) | Q(**{f"{prefix}valid_from__lte": at})) & (
        Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gt": at})
    )


def get_place(code: str, *, at: date) -> Place:
    """The place that bore the code on that day (2, 3 or 5 digits), with those above it. Raises NotFound."""
    if not (code.isascii() and code.isdigit()):
        raise NotFound
    place = Place.objects.filter(_exists("", at), code=code).select_related("parent__parent").first()
    if not place:
        raise NotFound
    return place


def find_predecessors(place: Place) -> list[Place]:
    """The former places that went into one whole or in part, with those above them, by name. One query."""
    former = Place.objects.filter(successions__new=place).select_related("parent__parent")
    return list(former.order_by("sort_key", "code", "pk"))


def former_provinces(codes: Collection[str], *, at: date) -> dict[str, str]:
    """In which province each commune of that day lay before the merger of 2025, by code: the name without its kind,
    of several that of the first former commune. Communes without a predecessor are left out. One query."""
    rows = PlaceSuccession.objects.filter(_exists("new__", at), new__code__in=codes)
    named = rows.order_by("new__code", "-old__code").values_list("new__code", "old__parent__parent__name")
    return {
        code: name.partition(" ")[2] if name.startswith("Tỉnh ") else name for code, name in named if name
    }


def place_names(codes: Collection[str], *, at: date) -> dict[str, str]:
    """Full names ("Xã Lâm Thao, tỉnh Phú Thọ") by code as of that day; unknown codes are left out. One query."""
    if not codes:
        return {}
    places = Place.objects.filter(_exists("", at), code__in=codes)
    names = places.values_list("code", "name", "parent__name", "parent__parent__name")
    return {code: ", ".join([name, *(in_sentence(it) for it in above if it)]) for code, name, *above in names}


def list_provinces(*, at: date) -> list[Place]:
    """The provinces of that day, by name."""
    provinces = Place.objects.filter(_exists("", at), level=Place.Level.PROVINCE)
    return list(provinces.order_by("sort_key", "code"))


def list_communes(province_code: str, *, at: date) -> list[Place]:
    """The communes of a province (two digits) on that day, by code; [] for an unknown one."""
    communes = Place.objects.filter(_exists("", at), level=Place.Level.COMMUNE, parent__code=province_code)
    return list(communes.select_related("parent").order_by("code"))


def offer_places(words: str, *, at: date, only: Collection[str] | None = None) -> Offer:
    """Present communes to choose from for what somebody typed, also by the names of wards and districts before.

    Each once, with the former name that led to it; a divided ward offers all its successors and asks.
    only: codes on offer, None for all.
    """
    found = search_places(words, at=at, limit=_MOST_OFFERED, only=only)
    choices: dict[str, Choice] = {}
    for it in found:
        note = _("formerly %(name)s") % {"name": it.place.full_name} if it.is_former else ""
        for place in it.now:
            if only is None or place.code in only:
                choices.setdefault(place.code, Choice(place.code, place.full_name, note))
    offered = tuple(choices.values())[:_MOST_OFFERED]
    first = found[0] if found else None
    if first and first.must_choose:
        asked = _("%(name)s was divided. Choose where the address lies today.")
        return Offer(offered, asked % {"name": first.place.name})
    return Offer(offered)
