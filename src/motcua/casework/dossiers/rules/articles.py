"""Articles of law that acts on a dossier rest on. Pure. Texts, numbers and what is in force when: vietnam.md 0, 1."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Article:
    """`text`: number of a decree (NĐ-CP) or circular (TT-VPCP); article and clause from 1, 0: the whole of it.

    `is_checked`: False for what the reference does not say ([M]).
    """

    text: str
    article: int = 0
    clause: int = 0
    is_checked: bool = True


ONE_STOP = Article("118/2025/NĐ-CP")
RECEPTION = Article("03/2025/TT-VPCP", 5)
# Requests to stop, and the notice of stopping.
STOPPING = Article("03/2025/TT-VPCP", 7)
# The ten statuses and what leads from one to another are the portal's (vietnam.md 1.1, 1.2).
STATUSES = Article("04/2025/TT-VPCP", is_checked=False)
# T1: everything that is missing, once.
COMPLETE_ONCE = Article("61/2018/NĐ-CP", 15, 3)
# T3: the same working day.
HAND_OVER = Article("61/2018/NĐ-CP", 18, 2)
EXAMINATION = Article("61/2018/NĐ-CP", 19)
# T5: the limit counts from the beginning once the dossier is complete.
COUNTED_ANEW = Article("61/2018/NĐ-CP", 19, 4)
# T7: a refusal is notified within the limit.
REFUSAL_IN_TIME = Article("61/2018/NĐ-CP", 19, 8)
# T8: apology, one day before, once.
APOLOGY = Article("61/2018/NĐ-CP", 19, 9)
RETURNING = Article("61/2018/NĐ-CP", 20, is_checked=False)
# Who signs a document, and in whose name.
SIGNING = Article("30/2020/NĐ-CP", 13)
