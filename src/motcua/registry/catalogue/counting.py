"""What is counted for finding: how much procedures are used, and what people look for in vain. No person is kept."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Case, F, When

from motcua.foundation.kernel.text import fold
from motcua.registry.catalogue.models import Procedure, SoughtInVain

YEAR = timedelta(days=365)
# An application soon after another one of the same person belongs to the same matter.
SOON = "60 days"
# Fewer people than this are no habit, and might be recognised.
LEAST_PEOPLE = 5
MOST_NEXT = 3
# Words once sought are kept this long, and no more different ones than this.
MOST_WORDS = 5_000
LONGEST = 80
# What was typed on one day may be one person naming somebody; what comes again is a thing people look for.
LEAST_DAYS = 2

_FILED = (
    "kind IN ('dossier.submitted', 'dossier.taken_in') AND at > %s AND facts->>'test' IS DISTINCT FROM 'true'"
)
_USES = f"SELECT facts->>'procedure', count(*) FROM foundation_journal_entry WHERE {_FILED} GROUP BY 1"  # noqa: S608
_NEXT = f"""
WITH filed AS (
  SELECT concerns_id AS who, facts->>'procedure' AS code, at,
         lead(facts->>'procedure') OVER mine AS following, lead(at) OVER mine AS then_at
    FROM foundation_journal_entry WHERE {_FILED} AND concerns_id IS NOT NULL
  WINDOW mine AS (PARTITION BY concerns_id ORDER BY at, sequence))
SELECT code, following FROM filed
 WHERE following <> code AND then_at - at < interval '{SOON}'
 GROUP BY 1, 2 HAVING count(DISTINCT who) >= {LEAST_PEOPLE} ORDER BY code, count(DISTINCT who) DESC, following
"""  # noqa: S608


@transaction.atomic
def count_uses(*, at: datetime) -> int:
    """Count from the journal what was applied for in the year before, and what next.

    Returns how many procedures changed. Applications of trials do not count.
    """
    following: dict[str, list[str]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_USES, [at - YEAR])
        uses = dict(cursor.fetchall())
        cursor.execute(_NEXT, [at - YEAR])
        for code, then in cursor.fetchall():
            following[code].append(then)
    changed = []
    for procedure in Procedure.objects.only("code", "uses", "next_codes"):
        count, then = uses.get(procedure.code, 0), following[procedure.code][:MOST_NEXT]
        if (procedure.uses, procedure.next_codes) != (count, then):
            procedure.uses, procedure.next_codes = count, then
            changed.append(procedure)
    Procedure.objects.bulk_update(changed, ["uses", "next_codes"], batch_size=500)
    return len(changed)


def note_sought_in_vain(*, words: str, on: date) -> None:
    """Count words that found nothing. Words with a figure in them are left out: it may be somebody's number."""
    folded = fold(words)
    if not folded or len(folded) > LONGEST or any(sign.isdigit() for sign in words):
        return
    days = Case(When(last_on=on, then=F("days")), default=F("days") + 1)
    known = SoughtInVain.objects.filter(pk=folded).update(count=F("count") + 1, days=days, last_on=on)
    if not known and SoughtInVain.objects.count() < MOST_WORDS:
        SoughtInVain.objects.bulk_create([SoughtInVain(words=folded, last_on=on)], ignore_conflicts=True)


def list_sought_in_vain(*, limit: int = 200) -> list[SoughtInVain]:
    """What was sought on two days or more and not found, most often first. For the keeper of the catalogue."""
    return list(SoughtInVain.objects.filter(days__gte=LEAST_DAYS).order_by("-count", "words")[:limit])


def forget_sought(*, on: date) -> int:
    """Forget words nobody sought for a year. Returns how many."""
    return SoughtInVain.objects.filter(last_on__lt=on - YEAR).delete()[0]
