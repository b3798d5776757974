"""Fees as pages list them."""

from __future__ import annotations

from motcua.casework.dossiers.web.fee_words import fee_rows
from motcua.casework.fees.rules.lines import FeeLine

NAME = {"vi": "Lệ phí", "en": "Charge", "de": "Gebühr"}
WHY = {"vi": "Sau 60 ngày", "en": "The registration is late", "de": "Zu spät."}
LAW = {"vi": "Theo nghị quyết.", "en": "Set by the province.", "de": "Von der Provinz festgesetzt."}


def test_who_pays_reads_why_and_what_makes_the_amount():
    line = FeeLine("late", NAME, 1, None, LAW, because=WHY)
    assert fee_rows([line], "en")[0]["note"] == "The registration is late. Set by the province"
    assert fee_rows([line], "de")[0]["note"] == "Zu spät. Von der Provinz festgesetzt"
    assert fee_rows([FeeLine("copies", NAME, 1, 8_000, because={})], "en")[0]["note"] == ""
