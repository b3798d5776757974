"""The words under which a procedure is found, and how much each weighs. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator

from motcua.registry.catalogue.rules.index import Text

EVERYDAY, NAME, HEAD, SECTOR, AGENCY = 1.0, 1.0, 0.97, 0.45, 0.2
# Where the head of a legal name ends: what follows lists cases and conditions.
_HEAD = re.compile(r"\s*[(;:/]|,\s|\s(?:đối với|trong trường hợp|thuộc thẩm quyền)\s")


def texts_of(
    names: Iterable[str], everyday: Iterable[str], sectors: Iterable[str], agencies: Iterable[str]
) -> list[Text]:
    """names: Vietnamese first."""
    texts = [Text(name, NAME) for name in dict.fromkeys(names)]
    texts += [Text(head, HEAD) for name in list(texts) for head in _heads(name.words)]
    texts += [Text(words, EVERYDAY) for words in dict.fromkeys(everyday)]
    texts += [Text(words, SECTOR) for words in dict.fromkeys(sectors)]
    return texts + [Text(words, AGENCY) for words in dict.fromkeys(agencies)]


def _heads(name: str) -> Iterator[str]:
    end = _HEAD.search(name)
    if end and len(name[: end.start()].split()) > 2:
        yield name[: end.start()]


def prior_of(levels: Iterable[str], uses: int) -> float:
    """Between equals, what many use, then what is done near people's homes. 0 to 0.1."""
    near = {"commune": 0.03, "province": 0.02}
    return min(0.06, 0.015 * math.log10(1 + uses)) + max((near.get(it, 0.0) for it in levels), default=0.0)
