from django.urls import path

from motcua.registry.people.web import views

app_name = "people"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("wrong-data/", views.wrong_data, name="wrong-data"),
    path("sign-out/", views.sign_out, name="sign-out"),
]
