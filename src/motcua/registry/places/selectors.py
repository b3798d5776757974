"""Finding places. Public: names of places are nobody's secret."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Concat, Replace, StrIndex

from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.text import clean_line
from motcua.registry.places.models import Place, PlaceSuccession
from motcua.registry.places.rules.words import bare, query_key

MOST_FOUND = 50
_LONGEST = 100


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


def search_places(words: str, *, at: date, limit: int = 20) -> list[Found]:
    """Communes of that day, and the wards and districts before them, that fit what somebody typed.

    Accents, case, short forms ("P.1 Q.3", "TT"), the wrong kind ("xã" for "phường"), "i" for "y", left-out blanks
    and small typing errors are forgiven; the beginning of the last word is enough. Best first: the very name,
    then names that begin so, then any place whose name and those above it hold all words; present before former.
    At most `limit` (1 to 50). Two queries, three when no place fits as typed.
    """
    key = query_key(clean_line(words)[:_LONGEST])
    if not key:
        return []
    limit = max(1, min(limit, MOST_FOUND))
    places = list(_ranked(_fitting(key), key, clean_line(words), at)[:limit])
    places = places or list(_ranked(_similar(key), key, clean_line(words), at)[:limit])
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


def _fitting(key: str) -> Q:
    """Every word of the name begins a word of the place or of those above it."""
    fits = Q()
    for word in bare(key).split():
        fits &= Q(search_text__contains=f" {word}")
    return fits


def _similar(key: str) -> Q:
    """Typing errors, by trigrams; and names written without blanks."""
    return Q(search_text__trigram_word_similar=bare(key)) | Q(joined=bare(key).replace(" ", ""))


def _ranked(fits: Q, key: str, words: str, at: date) -> QuerySet[Place]:
    name = bare(key)
    places = _findable(at).annotate(
        joined=Replace("bare_key", Value(" "), Value("")),
        # The query goes on after the name: "lam thao phu tho".
        leads=StrIndex(Value(f"{name} "), Concat("bare_key", Value(" "))),
    )
    return (
        places.filter(fits)
        .annotate(
            rank=Case(
                When(name_key=key, then=4),
                When(Q(bare_key=name) | Q(search_text__startswith=f" {key} "), then=3),
                When(Q(bare_key__startswith=name) | Q(leads=1), then=2),
                default=1,
                output_field=IntegerField(),
            ),
            spelled=Case(When(name__icontains=words, then=1), default=0, output_field=IntegerField()),
            similarity=TrigramWordSimilarity(key, "search_text"),
        )
        .order_by(
            "-rank", "-spelled", F("valid_to").desc(nulls_first=True), "-similarity", "sort_key", "code", "pk"
        )
    )


def _successors(former: Collection[int], *, at: date) -> dict[int, list[Place]]:
    """Former place -> the communes it became, by name; a district's wards speak for it. One query, or none."""
    if not former:
        return {}
    rows = PlaceSuccession.objects.filter(Q(old__in=former) | Q(old__parent__in=former))
    rows = rows.filter(_exists("new__", at)).select_related("old", "new__parent")
    found: dict[int, list[Place]] = {}
    for row in rows.order_by("new__sort_key", "new__code"):
        for pk in {row.old_id, row.old.parent_id} & set(former):
            known = found.setdefault(pk, [])
            if row.new not in known:
                known.append(row.new)
    return found


def _exists(prefix: str, at: date) -> Q:
    return (Q(**{f"{prefix}valid_from": None}) | Q(**{f"{prefix}valid_from__lte": at})) & (
        Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gt": at})
    )


def get_place(code: str, *, at: date) -> Place:
    """The place that bore the code on that day (2, 3 or 5 digits), with those above it. Raises NotFound."""
    places = Place.objects.filter(_exists("", at), code=code).select_related("parent__parent")
    place = places.first()
    if not place:
        raise NotFound
    return place


def successors_of_old(code: str, *, at: date) -> list[Place]:
    """What the place that last bore this code before `at` has become by then, by name; [] for one that never ended.

    A code that a new unit took over names both: the one that ended is meant here. Two queries.
    """
    ended = Place.objects.filter(code=code, valid_to__lte=at).order_by("-valid_to").first()
    return _successors({ended.pk}, at=at).get(ended.pk, []) if ended else []


def place_names(codes: Collection[str], *, at: date) -> dict[str, str]:
    """Full names ("Xã Lâm Thao, tỉnh Phú Thọ") by code as of that day; unknown codes are left out. One query."""
    if not codes:
        return {}
    places = Place.objects.filter(_exists("", at), code__in=codes).select_related("parent__parent")
    return {place.code: place.full_name for place in places}


def list_provinces(*, at: date) -> list[Place]:
    """The provinces of that day, by name."""
    provinces = Place.objects.filter(_exists("", at), level=Place.Level.PROVINCE)
    return list(provinces.order_by("sort_key", "code"))


def list_communes(province_code: str, *, at: date) -> list[Place]:
    """The communes of a province (two digits) on that day, by code; [] for an unknown one."""
    communes = Place.objects.filter(_exists("", at), level=Place.Level.COMMUNE, parent__code=province_code)
    return list(communes.select_related("parent").order_by("code"))
