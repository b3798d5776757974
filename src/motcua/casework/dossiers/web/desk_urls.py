from django.urls import path

from motcua.casework.dossiers.web import (
    batches,
    correcting,
    deadlines,
    desk,
    extending,
    fees,
    handing_over,
    law,
    notes,
    opinions,
    recomputing,
    register,
    results,
    slips,
    supplements,
    versions,
)

app_name = "desk"
urlpatterns = [
    path("", desk.inbox, name="inbox"),
    path("signing/", desk.signing, name="signing"),
    path("signing/several/", batches.choose, name="signing-several"),
    path("signing/several/check/", batches.check, name="signing-check"),
    path("signing/batches/", batches.start, name="signing-start"),
    path("signing/batches/<uuid:batch_id>/", batches.batch, name="signing-batch"),
    path("dossiers/<uuid:dossier_id>/", desk.dossier, name="dossier"),
    path("deadlines/", deadlines.overview, name="deadlines"),
    path("deadlines/recompute/", recomputing.start, name="recompute"),
    path("deadlines/recompute/<uuid:recomputation_id>/", recomputing.recomputation, name="recomputation"),
    path(
        "deadlines/recompute/<uuid:recomputation_id>/confirm/", recomputing.confirm, name="recompute-confirm"
    ),
    path("opinions/", opinions.asked, name="asked"),
    path("opinions/<uuid:opinion_id>/", opinions.opinion, name="opinion"),
    path("dossiers/<uuid:dossier_id>/opinions/ask/", opinions.ask, name="ask"),
    path(
        "dossiers/<uuid:dossier_id>/opinions/<uuid:opinion_id>/", opinions.opinion_file, name="opinion-file"
    ),
    path("dossiers/<uuid:dossier_id>/opinion/", opinions.give, name="give-opinion"),
    path("dossiers/<uuid:dossier_id>/supplement/", supplements.request_supplement, name="supplement"),
    path("dossiers/<uuid:dossier_id>/law/<slug:act>/", law.law, name="law"),
    path("dossiers/<uuid:dossier_id>/correct/", correcting.correct, name="correct"),
    path("dossiers/<uuid:dossier_id>/extend/", extending.extend, name="extend"),
    path("dossiers/<uuid:dossier_id>/acts/<slug:act>/", desk.act, name="act"),
    path("dossiers/<uuid:dossier_id>/result/end/", results.end_result, name="end-result"),
    path("dossiers/<uuid:dossier_id>/fees/", fees.note, name="fees"),
    path("dossiers/<uuid:dossier_id>/fees/<uuid:entry_id>/", fees.correct, name="fee-correct"),
    path("dossiers/<uuid:dossier_id>/papers/<int:paper_id>/", desk.paper, name="paper"),
    path("dossiers/<uuid:dossier_id>/documents/<uuid:document_id>/", desk.document, name="document"),
    path("dossiers/<uuid:dossier_id>/documents/<uuid:document_id>/page.png", desk.page, name="page"),
    path("dossiers/<uuid:dossier_id>/documents/<uuid:document_id>/sign/", slips.sign, name="form-sign"),
    path("dossiers/<uuid:dossier_id>/control/", slips.control, name="control"),
    path("dossiers/<uuid:dossier_id>/return/", slips.return_result, name="return"),
    path("dossiers/<uuid:dossier_id>/drafts/", versions.versions, name="drafts"),
    path("dossiers/<uuid:dossier_id>/drafts/compare/", versions.compare, name="drafts-compare"),
    path(
        "dossiers/<uuid:dossier_id>/drafts/<uuid:document_id>/restore/", versions.restore, name="draft-restore"
    ),
    path("dossiers/<uuid:dossier_id>/notes/", notes.notes, name="notes"),
    path("dossiers/<uuid:dossier_id>/notes/<uuid:note_id>/strike/", notes.strike, name="note-strike"),
    path("register/", register.register, name="register"),
    path("register/print/", register.print_book, name="register-print"),
    path("register/export/", register.start_export, name="register-export"),
    path("register/exports/<uuid:export_id>/", register.export, name="register-exported"),
    path("register/exports/<uuid:export_id>/file/", register.export_file, name="register-file"),
    path("uncollected/", register.uncollected, name="uncollected"),
    path("hand-over/", handing_over.hand_over, name="hand-over"),
    path("hand-over/<uuid:slip_id>/", handing_over.slip, name="hand-over-slip"),
]
