from django.urls import path

from motcua.community.surveys.web import cases, desk

app_name = "desk-satisfaction"
urlpatterns = [
    path("", desk.answers, name="answers"),
    path("answers.csv", desk.export, name="export"),
    path("by-telephone/", desk.phone, name="phone"),
    path("cases/", cases.cases, name="cases"),
    path("cases/<uuid:case_id>/", cases.case, name="case"),
    path("cases/<uuid:case_id>/claim/", cases.claim, name="claim"),
    path("cases/<uuid:case_id>/work/", cases.work, name="work"),
]
