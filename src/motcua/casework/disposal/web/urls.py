from django.urls import path

from motcua.casework.disposal.web import views

app_name = "disposal"
urlpatterns = [
    path("", views.lists, name="lists"),
    path("<uuid:list_id>/", views.disposal, name="list"),
    path("<uuid:list_id>/keep/<int:item_id>/", views.keep, name="keep"),
    path("<uuid:list_id>/propose/", views.propose, name="propose"),
    path("<uuid:list_id>/decide/", views.decide, name="decide"),
    path("<uuid:list_id>/certificate/", views.certificate, name="certificate"),
]
