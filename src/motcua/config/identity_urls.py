"""OAuth 2 and OpenID Connect for other programs, at the addresses django-allauth gives them."""

from django.urls import include, path

from motcua.registry.access.clients import views

_endpoints = [
    path(".well-known/openid-configuration", views.configuration, name="configuration"),
    path(".well-known/jwks.json", views.jwks, name="jwks"),
    path("identity/o/authorize", views.authorization, name="authorization"),
    path("identity/o/logout", views.end_session, name="logout"),
    path("identity/o/api/token", views.token, name="token"),
    path("identity/o/api/revoke", views.revoke, name="revoke"),
    path("identity/o/api/userinfo", views.user_info, name="userinfo"),
    path("identity/o/api/device/code", views.closed, name="device_code"),
]
# allauth finds them as "idp:oidc:…".
urlpatterns = [path("", include(([path("", include((_endpoints, "oidc")))], "idp")))]
