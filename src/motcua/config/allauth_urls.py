"""The few names django-allauth needs; its own pages for passwords and sign-up stay closed."""

from allauth.socialaccount import views as social
from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.generic import RedirectView

to_sign_in = login_not_required(RedirectView.as_view(pattern_name="people:sign-in"))
second_factor = login_not_required(RedirectView.as_view(pattern_name="access:second-factor"))
cancelled = login_not_required(RedirectView.as_view(url="/sign-in/?problem=cancelled"))
failed = login_not_required(RedirectView.as_view(url="/sign-in/?problem=provider"))

urlpatterns = [
    path("second-factor/", second_factor, name="mfa_authenticate"),
    path("login/", to_sign_in, name="account_login"),
    path("signup/", to_sign_in, name="account_signup"),
    path("inactive/", failed, name="account_inactive"),
    path("cancelled/", cancelled, name="socialaccount_login_cancelled"),
    path("error/", failed, name="socialaccount_login_error"),
    path("social-signup/", social.signup, name="socialaccount_signup"),
]
