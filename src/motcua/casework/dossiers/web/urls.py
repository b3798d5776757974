from django.urls import path

from motcua.casework.dossiers.web import (
    applying,
    following,
    linked,
    reminders,
    showing,
    supplements,
    withdrawing,
)

app_name = "dossiers"
urlpatterns = [
    path("apply/<str:code>/", applying.start, name="start"),
    path("drafts/<uuid:draft_id>/", applying.resume, name="resume"),
    path("drafts/<uuid:draft_id>/renew/", applying.renew, name="renew"),
    path("drafts/<uuid:draft_id>/check/", applying.check, name="check"),
    path("drafts/<uuid:draft_id>/submit/", applying.submit, name="submit"),
    path("drafts/<uuid:draft_id>/discard/", applying.discard, name="discard"),
    path("drafts/<uuid:draft_id>/papers/<int:paper_id>/remove/", applying.remove_paper, name="remove-paper"),
    path("drafts/<uuid:draft_id>/my-screen/", showing.begin, name="show"),
    path("drafts/<uuid:draft_id>/my-screen/end/", showing.end, name="show-end"),
    path("drafts/<uuid:draft_id>/my-screen/state/", showing.state, name="show-state"),
    path("drafts/<uuid:draft_id>/<slug:page>/typed/", showing.typed, name="typed"),
    path("drafts/<uuid:draft_id>/<slug:page>/", applying.page, name="page"),
    path("drafts/<uuid:draft_id>/<slug:page>/values/", applying.values, name="values"),
    path("reminders/<uuid:reminder_id>/", reminders.reminder, name="reminder"),
    path("dossiers/", following.own_dossiers, name="list"),
    path("linked/<uuid:case_id>/", linked.linked, name="linked"),
    path("linked/<uuid:case_id>/<slug:member>/leave-out/", linked.leave_part_out, name="linked-leave-out"),
    path("status/", following.status, name="status"),
    path("dossiers/<uuid:dossier_id>/", following.dossier, name="dossier"),
    path("dossiers/<uuid:dossier_id>/withdraw/", withdrawing.withdraw, name="withdraw"),
    path("dossiers/<uuid:dossier_id>/supplement/", supplements.supplement, name="supplement"),
    path(
        "dossiers/<uuid:dossier_id>/supplement/<int:paper_id>/remove/",
        supplements.remove_paper,
        name="supplement-remove",
    ),
    path("dossiers/<uuid:dossier_id>/papers/<int:paper_id>/", following.paper, name="paper"),
    path("dossiers/<uuid:dossier_id>/documents/<uuid:document_id>/", following.document, name="document"),
    path("dossiers/<uuid:dossier_id>/proofs/<uuid:entry_id>.json", following.proof, name="proof"),
]
