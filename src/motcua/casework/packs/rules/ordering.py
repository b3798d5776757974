"""In which order keys of a pack's files stand, whoever wrote or stored them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

# As the schema has them; keys that are not named here (names of an author's own) follow in the order of their letters.
_TEXT = """
$schema $id $comment code name number value vi en de official_name title declaration lead everyday_words
sector level levels agency agency_note audience applicants life_events valid_from publication decision
who_may_apply text legal_basis limit cut_off working_hours counting send_back supplement warn suspension law
silence fee words fees kind amount_vnd set_by channels if when condition days_since per exemptions field
grounds table hit inputs rows then because applies exempt cases case_table case channel components needed
register show_if equals not in not_in at_least at_most filled hint kinds accepts form originals copies
results about valid months steps minutes_to_apply process example result template language signature page
box_mm handed_over start lanes unit unit_of_province kind label public lane role person did act limit_hours
checks timers after interrupts choices otherwise outcomes to back terminates message service parts tables
computed first_word_of choose of join lookup by sum difference product count age_on from pages part short
groups fields help item_label format required options prefill known autocomplete birth_date sex
differs_from same youngest earliest latest preview upper schema type additionalProperties properties allOf
else enum const minimum maximum $defs source
"""
_KEYS = _TEXT.split()
_RANK = {key: at for at, key in reversed(list(enumerate(_KEYS)))}


def in_order(keys: Iterable[str]) -> list[str]:
    """Keys as files have them: the known ones in the schema's order, then the others by their letters."""
    return sorted(keys, key=lambda key: (_RANK.get(key, len(_KEYS)), key))


def ordered(data: object) -> object:
    """A copy of parsed data in which every table's keys stand in order; lists keep theirs."""
    if isinstance(data, Mapping):
        return {key: ordered(data[key]) for key in in_order(data)}
    if isinstance(data, list | tuple):
        return [ordered(it) for it in data]
    return data
