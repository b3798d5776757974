"""Dossiers, at both doors, and the verification of documents."""

from __future__ import annotations

from motcua.casework.dossiers.rest.acts import OFFERED
from tests.permissions.rows import (
    COUNTERS,
    OVERSEERS,
    POST,
    PUBLIC,
    TO_CITIZENS,
    Row,
    citizens,
    everybody,
    officers,
    overseers,
    own,
)
from tests.permissions.versions import VERSIONS

_AT_COUNTER = officers(colleague=403) | dict.fromkeys(OVERSEERS, 403)
# A citizen's page that does not say to others that it exists.
_ASKED = everybody(404) | {"stranger": TO_CITIZENS, "owner": 200}

ROWS = {
    # The person's own screen; nobody is shown it, so there is nothing to keep.
    "dossiers:show": Row(citizens(owner=302), ("draft",), post={"page": "mother"}),
    "dossiers:show-end": Row(citizens(owner=302), ("draft",), post={"page": "mother"}),
    "dossiers:show-state": Row(citizens(), ("draft",)),
    "dossiers:typed": Row(citizens(owner=404), ("draft", "page"), post=POST),
    # Whoever serves at a counter, wherever it is; what is shown to one helper, no other one sees.
    "desk:showing-code": Row(overseers(*COUNTERS)),
    "desk:showing": Row(overseers(*COUNTERS, gets=410), ("nothing",)),
    "desk:showing-screen": Row(overseers(*COUNTERS), ("nothing",)),
    "desk:showing-point": Row(overseers(*COUNTERS, gets=410), ("nothing",), post=POST),
    "desk:showing-leave": Row(overseers(*COUNTERS, gets=302), ("nothing",), post=POST),
    # Whoever has the number of a request to be called; the desk of its agency.
    "helpdesk:ask": PUBLIC,
    "helpdesk:call": Row(everybody(200), ("call_number",)),
    "helpdesk:cancel": Row(everybody(302), ("call_number",), post=POST),
    "help-calls:list": Row(overseers(*COUNTERS)),
    "help-calls:call": Row(overseers("officer") | {"elsewhere": 404}, ("call",)),
    "help-calls:claim": Row(overseers("officer", gets=302) | {"elsewhere": 404}, ("call",), post=POST),
    "help-calls:note": Row(overseers("officer", gets=422) | {"elsewhere": 404}, ("call",), post=POST),
    "help-calls:pass-on": Row(overseers("officer", gets=422) | {"elsewhere": 404}, ("call",), post=POST),
    # The question after a result: its applicant, or who came by the link, which the test of the pages does.
    "satisfaction:door": PUBLIC,
    "satisfaction:link": Row(everybody(302), ("survey_token",)),
    "satisfaction:survey": Row(_ASKED, ("dossier",)),
    "satisfaction:helped": Row(_ASKED | {"owner": 404}, ("dossier",), post=POST),
    "satisfaction:stop": Row(_ASKED | {"owner": 302}, ("dossier",), post=POST),
    "satisfaction:again": Row(_ASKED | {"owner": 302}, ("dossier",), post=POST),
    "satisfaction:kiosk": PUBLIC,
    "satisfaction:kiosk-open": Row(everybody(422), post={"code": "none"}),
    "satisfaction:kiosk-answer": Row(everybody(302), post={"code": "none"}),
    "satisfaction:kiosk-done": Row(everybody(302)),
    # Who leads the agency, none of these; the room's tests enter as the leader.
    "desk-satisfaction:answers": Row(officers(officer=403, colleague=403, elsewhere=403)),
    "desk-satisfaction:export": Row(officers(officer=403, colleague=403, elsewhere=403)),
    "desk-satisfaction:cases": Row(officers(officer=403, colleague=403, elsewhere=403)),
    "desk-satisfaction:case": Row(officers(officer=403, colleague=403, elsewhere=403), ("unhappy",)),
    "desk-satisfaction:claim": Row(
        officers(officer=403, colleague=403, elsewhere=403), ("unhappy",), post=POST
    ),
    "desk-satisfaction:work": Row(
        officers(officer=403, colleague=403, elsewhere=403), ("unhappy",), post=POST
    ),
    "desk-satisfaction:phone": Row(overseers(*COUNTERS)),
    "dossiers:start": Row(citizens(neighbour=200), ("code",)),
    "dossiers:page": Row(citizens(), ("draft", "page")),
    "dossiers:check": Row(citizens(), ("draft",)),
    "dossiers:submit": Row(citizens(owner=302), ("draft",), post={"declared": "1"}),
    "dossiers:discard": Row(citizens(owner=302), ("draft",), post=POST),
    "dossiers:values": Row(citizens(owner=200), ("draft", "page"), post=POST),
    "dossiers:remove-paper": Row(citizens(owner=302), ("draft", "draft_paper"), post=POST),
    "dossiers:list": Row(citizens(neighbour=200)),
    # The person's own.
    "dossiers:reminder": Row(citizens(), ("reminder",)),
    "desk:reminders": Row(officers(officer=403, colleague=403, elsewhere=403)),
    # Of who receives at the counter that took it in for another agency; that agency has the whole dossier.
    "desk:taken-in": Row(officers(colleague=403, elsewhere=200) | dict.fromkeys(OVERSEERS, 403)),
    "desk:counter-part": Row(_AT_COUNTER, ("counter_dossier",)),
    "desk:counter-document": Row(_AT_COUNTER, ("counter_dossier", "counter_receipt")),
    "desk:counter-taken": Row(_AT_COUNTER, ("counter_dossier",)),
    "desk:counter-document-page": Row(_AT_COUNTER, ("counter_dossier", "counter_receipt", "first")),
    "desk:counter-fees": Row(_AT_COUNTER, ("counter_dossier",)),
    # Noted by the agency that decides, whose receipt the counter does not correct.
    "desk:counter-fee-correct": Row(_AT_COUNTER | {"officer": 404}, ("counter_dossier", "fee_entry")),
    # Nothing is asked for; there is no result yet.
    "desk:counter-supplement": Row(_AT_COUNTER | {"officer": 404}, ("counter_dossier",)),
    "desk:counter-supplement-remove": Row(
        _AT_COUNTER | {"officer": 404}, ("counter_dossier", "draft_paper"), post=POST
    ),
    # Nothing is there to be handed out yet: the page leads back. Journey test_any_counter.py looks at it.
    "desk:counter-return": Row(_AT_COUNTER | {"officer": 302}, ("counter_dossier",)),
    "desk:transports": Row(officers(colleague=403, elsewhere=200) | dict.fromkeys(OVERSEERS, 403)),
    # Both counters see it.
    "desk:transport": Row(
        officers(colleague=403, elsewhere=200) | dict.fromkeys(OVERSEERS, 403), ("transport",)
    ),
    "dossiers:status": PUBLIC,
    "dossiers:linked": Row(citizens(), ("linked",)),
    # It is a dossier already: there is nothing to leave out.
    "dossiers:linked-leave-out": Row(citizens(owner=404), ("linked", "member"), post=POST),
    "dossiers:dossier": Row(citizens(), ("dossier",)),
    "dossiers:paper": Row(citizens(), ("dossier", "paper")),
    "dossiers:document": Row(citizens(), ("dossier", "receipt")),
    "warehouse:verify": PUBLIC,
    "desk:inbox": Row(officers(elsewhere=200) | dict.fromkeys(OVERSEERS, 302)),
    # What the officer's own desk shows them; another agency's dossier is not theirs to choose.
    "desk:filter": Row(officers(elsewhere=200)),
    "desk:warned": Row(officers(elsewhere=200)),
    "desk:filter-change": Row(officers(officer=404, colleague=404), ("nothing",), post=POST),
    # Nothing is chosen: said on the list one is sent back to.
    "desk:bulk-check": Row(officers(officer=302, colleague=302, elsewhere=302), post={"act": "accept"}),
    "desk:bulk-start": Row(officers(officer=302, colleague=302, elsewhere=302), post=POST),
    # The officer's own, nobody else's.
    "desk:bulk": Row(officers(colleague=404), ("bulk_act",)),
    # Who leads: none of these; whose tasks lie elsewhere, they see nothing of.
    "desk:reassign": Row(officers(officer=403, colleague=403, elsewhere=403)),
    "desk:reassign-officer": Row(officers(officer=403, colleague=403, elsewhere=403), ("some_officer",)),
    "desk:signing": Row(officers(elsewhere=200)),
    "desk:signing-several": Row(officers(elsewhere=200)),
    # What is not in the officer's own queue is left out; nothing is left, so they choose again.
    "desk:signing-check": Row(officers(officer=302, colleague=302, elsewhere=302), post={"all": "1"}),
    # The leader's own, nobody else's.
    "desk:signing-batch": Row(officers(officer=404, colleague=404), ("batch",)),
    "desk:signing-start": Row(officers(officer=404, colleague=404), ("batch",), post=POST),
    "desk:signing-stop": Row(officers(officer=404, colleague=404), ("batch",), post=POST),
    "desk:signing-paper": Row(officers(officer=404, colleague=404), ("batch", "place_in_batch")),
    "desk:signing-not-this": Row(
        officers(officer=404, colleague=404), ("batch", "place_in_batch"), post=POST
    ),
    # Who receives at the counter where it was begun; nobody else, the applicant neither.
    "desk:intake": Row(officers(colleague=403) | dict.fromkeys(OVERSEERS, 403), ("counter_draft",)),
    "desk:intake-check": Row(officers(colleague=403) | dict.fromkeys(OVERSEERS, 403), ("counter_draft",)),
    "desk:intake-away": Row(officers(colleague=403) | dict.fromkeys(OVERSEERS, 403), ("counter_draft",)),
    "desk:intake-discard": Row(
        officers(officer=404, colleague=403) | dict.fromkeys(OVERSEERS, 403), ("nothing",), post=POST
    ),
    "desk:intake-paper-remove": Row(
        officers(officer=302, colleague=403) | dict.fromkeys(OVERSEERS, 403),
        ("counter_draft", "draft_paper"),
        post=POST,
    ),
    "desk:taken": Row(officers(colleague=403) | dict.fromkeys(OVERSEERS, 403), ("dossier",)),
    "desk:dossier": Row(officers(), ("dossier",)),
    "desk:act": Row(officers(officer=302, colleague=403), ("new_dossier", "act"), post={"revision": "1"}),
    "desk:paper": Row(officers(), ("dossier", "paper")),
    "desk:document": Row(officers(), ("dossier", "draft_document")),
    "desk:page": Row(officers(), ("dossier", "draft_document")),
    "desk:document-page": Row(officers(), ("dossier", "draft_document", "first")),
    "desk:control": Row(officers(), ("dossier",)),
    # Who made it, or who leads the agency.
    "desk:form-sign": Row(officers(colleague=403), ("dossier", "receipt")),
    # It was returned already.
    "desk:return": Row(officers(officer=409, colleague=403), ("dossier",)),
    # Who receives there digitises and certifies; who may open a paper opens what was made of it.
    "desk:digitising": Row(officers(colleague=403), ("dossier",)),
    "desk:digitising-paper": Row(officers(colleague=403), ("dossier", "scanned")),
    "desk:digitising-values": Row(officers(officer=302, colleague=403), ("dossier", "scanned"), post=POST),
    "desk:digitising-copy": Row(officers(colleague=403), ("dossier", "scanned")),
    "desk:digitising-searchable": Row(officers(), ("dossier", "scanned")),
    # Nobody has certified one.
    "desk:digitising-copied": Row(officers(officer=404, colleague=404), ("dossier", "scanned")),
    "desk:digitising-page": Row(officers(colleague=403), ("dossier", "scanned", "first")),
    "desk:digitising-original": Row(officers(colleague=403), ("dossier", "scanned", "first")),
    # Each the books and slips of their own agency; who oversees all agencies handles no dossiers.
    "desk:register": Row(officers(elsewhere=200) | dict.fromkeys(OVERSEERS, 403)),
    "desk:register-print": Row(officers(elsewhere=200) | dict.fromkeys(OVERSEERS, 403), post=POST),
    "desk:register-export": Row(
        officers(officer=302, colleague=302, elsewhere=302) | dict.fromkeys(OVERSEERS, 403), post=POST
    ),
    # The officer's own, nobody else's.
    "desk:register-exported": Row(
        officers(colleague=404) | dict.fromkeys(OVERSEERS, 403), ("register_export",)
    ),
    "desk:register-file": Row(officers(colleague=404) | dict.fromkeys(OVERSEERS, 403), ("register_export",)),
    "desk:uncollected": Row(officers(elsewhere=200) | dict.fromkeys(OVERSEERS, 403)),
    "desk:hand-over": Row(officers(elsewhere=200) | dict.fromkeys(OVERSEERS, 403)),
    "desk:hand-over-slip": Row(officers() | dict.fromkeys(OVERSEERS, 403), ("hand_over",)),
    # Who serves at the counter, whose sheets they are.
    "desk:sheets": Row(officers(colleague=403, elsewhere=200) | dict.fromkeys(OVERSEERS, 403)),
    "desk:sheet-enter": Row(officers(colleague=403, elsewhere=200) | dict.fromkeys(OVERSEERS, 403)),
    "desk:sheet-block": Row(officers(colleague=403) | dict.fromkeys(OVERSEERS, 403), ("sheet_block",)),
    "desk:sheet-void": Row(officers(colleague=403) | dict.fromkeys(OVERSEERS, 403), ("sheet",)),
    "desk:sheet-entry": Row(officers(colleague=403) | dict.fromkeys(OVERSEERS, 403), ("sheet_draft",)),
    # Of leaders, who are none of these; every officer with dossiers their own.
    # Of every officer: no figure of a person.
    "essential:desk-board": Row(own()),
    "essential:desk-board-csv": Row(own()),
    **{
        f"figures:{name}": Row(officers(officer=403, colleague=403, elsewhere=403))
        for name in ("overview", "overview-csv", "index", "index-csv", "map", "map-csv")
    },
    **{
        f"figures:{name}": Row(officers(officer=403, colleague=403, elsewhere=403), ("measure_code",))
        for name in ("measure", "measure-csv")
    },
    "figures:dossiers": Row(officers(officer=403, colleague=403, elsewhere=403), query={"count": "received"}),
    "figures:dossiers-csv": Row(
        officers(officer=403, colleague=403, elsewhere=403), query={"count": "received"}
    ),
    "indicators:evaluation": Row(officers(officer=403, colleague=403, elsewhere=403)),
    "indicators:agencies": Row(officers(officer=403, colleague=403, elsewhere=403)),
    "indicators:dossiers": Row(officers(officer=403, colleague=403, elsewhere=403)),
    "indicators:officers": Row(officers(officer=403, colleague=403, elsewhere=403)),
    "indicators:officer": Row(officers(officer=403, colleague=403, elsewhere=403), ("some_officer",)),
    "indicators:officer-dossiers": Row(
        officers(officer=403, colleague=403, elsewhere=403), ("some_officer",)
    ),
    "indicators:export": Row(officers(officer=403, colleague=403, elsewhere=403), post=POST),
    "indicators:publish": Row(officers(officer=403, colleague=403, elsewhere=403)),
    "indicators:mine": Row(officers(elsewhere=200) | dict.fromkeys(OVERSEERS, 403)),
    "indicators:own-dossiers": Row(
        officers(elsewhere=200) | dict.fromkeys(OVERSEERS, 403), query={"period": "2026-Q1"}
    ),
    "dossiers:proof": Row(citizens(), ("dossier", "entry")),
    "dossiers:resume": Row(citizens(owner=302), ("draft",)),
    # Nothing newer: said on the page it leads to.
    "dossiers:renew": Row(citizens(owner=302), ("draft",), post=POST),
    "documents:list": Row(citizens(neighbour=200)),
    "documents:wallet": Row(citizens(neighbour=200)),
    "documents:document": Row(citizens(), ("shelf_document",)),
    "documents:file": Row(citizens(), ("shelf_document",)),
    "documents:shares": Row(citizens(neighbour=200)),
    "documents:share-new": Row(citizens(neighbour=200)),
    "documents:share": Row(citizens(), ("share",)),
    "documents:share-end": Row(citizens(), ("share",)),
    # Whoever has the code; what it opens, only who looked before.
    "documents:shared": PUBLIC,
    "documents:shared-code": Row(everybody(200), ("share_code",)),
    "documents:shared-look": Row(everybody(404), ("share",)),
    "documents:shared-file": Row(everybody(404), ("share", "shelf_document")),
    # Who has the task: here the specialist.
    "desk:ask": Row(officers(officer=403), ("working",)),
    "desk:supplement": Row(officers(officer=403), ("working",)),
    # Each act of the law has its page here, for who may do the act: this one again the specialist.
    "desk:law": Row(officers(officer=403), ("working", "law_act")),
    "desk:correct": Row(officers(officer=403), ("working",)),
    "dossiers:withdraw": Row(citizens(), ("supplemented",)),
    # The head of the agency only.
    "desk:extend": Row(officers(officer=403, colleague=403), ("working",)),
    "desk:deadlines": Row(officers(officer=403, colleague=403, elsewhere=403)),
    # Of leaders; what one of them asked for is nobody else's.
    "desk:recompute": Row(officers(officer=403, colleague=403, elsewhere=403)),
    "desk:recomputation": Row(officers(officer=403, colleague=403, elsewhere=403), ("nothing",)),
    "desk:recompute-confirm": Row(
        officers(officer=403, colleague=403, elsewhere=403), ("nothing",), post=POST
    ),
    # No step of this dossier asks for an opinion.
    "desk:give-opinion": Row(officers(officer=409, colleague=409), ("working",)),
    "desk:asked": Row(officers(elsewhere=200)),
    # Asked of the other commune's specialist, as whom nobody here is signed in.
    "desk:opinion": Row(officers(officer=404, colleague=404), ("opinion",)),
    "desk:opinion-file": Row(officers(officer=404, colleague=404), ("asked_dossier", "opinion")),
    "dossiers:supplement": Row(citizens(), ("supplemented",)),
    "dossiers:supplement-remove": Row(citizens(owner=302), ("supplemented", "draft_paper"), post=POST),
    # Who signs or works on dossiers there; the counter does not.
    "desk:keep": Row(officers(), ("dossier", "paper")),
    "disposal:lists": Row(officers(elsewhere=200) | dict.fromkeys(OVERSEERS, 403)),
    "disposal:list": Row(officers() | dict.fromkeys(OVERSEERS, 403), ("disposal",)),
    "disposal:keep": Row(officers() | dict.fromkeys(OVERSEERS, 403), ("disposal", "disposal_item")),
    "disposal:propose": Row(officers() | dict.fromkeys(OVERSEERS, 403), ("disposal",)),
    # Nobody proposed it yet.
    "disposal:decide": Row(
        officers(officer=403, colleague=403) | dict.fromkeys(OVERSEERS, 403), ("disposal",)
    ),
    # Nothing was carried out.
    "disposal:certificate": Row(
        officers(officer=404, colleague=404) | dict.fromkeys(OVERSEERS, 403), ("disposal",)
    ),
    **VERSIONS,
    "desk:end-result": Row(officers(officer=403), ("dossier",)),
    # Who serves at the counter of the dossier's agency.
    "desk:fees": Row(officers(colleague=403), ("dossier",)),
    "desk:fee-correct": Row(officers(colleague=403), ("dossier", "fee_entry")),
    # Versions of a draft; comparing nothing is not found, and what is returned is not drafted any more.
    "desk:drafts": Row(officers(), ("dossier",)),
    "desk:drafts-compare": Row(officers(officer=404, colleague=404), ("dossier",)),
    "desk:draft-restore": Row(officers(officer=409, colleague=409), ("dossier", "draft_document")),
    # Notes inside the office; only its author strikes one out.
    "desk:notes": Row(officers(), ("dossier",)),
    "desk:note-strike": Row(officers(officer=302, colleague=403), ("dossier", "note"), post=POST),
    # Who hands over results at the dossier's agency.
    "desk:post": Row(officers(colleague=403), ("posted",)),
    "api:get_me": Row(everybody(401)),
    "api:file_many": Row(everybody(405)),
    "api:handle_many": Row(everybody(405)),
    "api:get_bulk_act": Row(everybody(401), ("nothing",)),
    "api:list_bulk_act_items": Row(everybody(401), ("nothing",)),
    "api:get_bulk_filing": Row(everybody(401), ("nothing",)),
    "api:list_bulk_filing_items": Row(everybody(401), ("nothing",)),
    "api:list_dossier_journal": Row(everybody(401), ("dossier",)),
    "api:get_paper": Row(everybody(401), ("dossier", "paper")),
    "api:get_dossier_document": Row(everybody(401), ("dossier", "receipt")),
    "api:upload_file": Row(everybody(405)),
    "api:list_tasks": Row(everybody(401)),
    "api:list_documents": Row(everybody(401)),
    "api:get_document_content": Row(everybody(401), ("nothing",)),
    "api:verify_document": Row(everybody(405)),
    "api:list_shares": Row(everybody(401)),
    "api:make_share": Row(everybody(401)),
    "api:get_share": Row(everybody(401), ("nothing",)),
    "api:revoke_share": Row(everybody(405), ("nothing",)),
    "api:find_document_by_code": Row(everybody(401), ("code",)),
    "api:act_supplement": Row(everybody(405), ("dossier",)),
    **{f"api:act_{code.replace('-', '_')}": Row(everybody(405), ("dossier",)) for code in OFFERED},
}
