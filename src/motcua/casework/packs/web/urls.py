from django.urls import path

from motcua.casework.packs.web import acts, drafts, previews, views

app_name = "versions"
urlpatterns = [
    path("", views.procedures, name="procedures"),
    path("new/", views.new, name="new"),
    path("procedures/<str:code>/", views.history, name="history"),
    path("procedures/<str:code>/files/<int:number>.zip", views.version_files, name="version-files"),
    path("procedures/<str:code>/start/", views.start, name="start"),
    path("procedures/<str:code>/withdraw/<int:number>/", views.withdraw, name="withdraw"),
    path("drafts/<uuid:draft_id>/", drafts.draft, name="draft"),
    path("drafts/<uuid:draft_id>/facts/<slug:part>/", drafts.facts, name="facts"),
    path("drafts/<uuid:draft_id>/files/", drafts.files, name="files"),
    path("drafts/<uuid:draft_id>/files/upload/", drafts.upload, name="upload"),
    path("drafts/<uuid:draft_id>/files/download/", drafts.download, name="download"),
    path("drafts/<uuid:draft_id>/differences/", drafts.differences, name="differences"),
    path("drafts/<uuid:draft_id>/preview/", previews.preview, name="preview"),
    path("drafts/<uuid:draft_id>/preview/form/", previews.preview_form, name="preview-form"),
    path("drafts/<uuid:draft_id>/send/", acts.send, name="send"),
    path("drafts/<uuid:draft_id>/review/", acts.review, name="review"),
    path("drafts/<uuid:draft_id>/publish/", acts.publish, name="publish"),
    path("drafts/<uuid:draft_id>/rebase/", acts.rebase, name="rebase"),
    path("drafts/<uuid:draft_id>/give-up/", acts.give_up, name="give-up"),
]
