from django.urls import path

from motcua.community.surveys.web import kiosk, people

app_name = "satisfaction"
urlpatterns = [
    path("", people.door, name="door"),
    path("kiosk/", kiosk.kiosk, name="kiosk"),
    path("kiosk/open/", kiosk.open_kiosk, name="kiosk-open"),
    path("kiosk/answer/", kiosk.answer, name="kiosk-answer"),
    path("kiosk/done/", kiosk.done, name="kiosk-done"),
    path("dossiers/<uuid:dossier_id>/", people.survey, name="survey"),
    path("dossiers/<uuid:dossier_id>/helped/", people.helped, name="helped"),
    path("dossiers/<uuid:dossier_id>/stop/", people.stop, name="stop"),
    path("dossiers/<uuid:dossier_id>/again/", people.again, name="again"),
    path("<str:token>/", people.link, name="link"),
]
