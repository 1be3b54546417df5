"""The addresses of the door; the names are those by which django-allauth finds its pages."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path

from andon.records.sign_in import review, views
from andon.records.sign_in.views import of_account

urlpatterns = [
    path("login/", views.log_in, name="login"),
    path("login/", views.log_in, name="account_login"),
    path("login/second-factor/", views.second_factor, name="mfa_authenticate"),
    path("login/passkey/", views.log_in_by_passkey, name="mfa_login_webauthn"),
    path("login/elsewhere/", views.failed_elsewhere, name="socialaccount_login_error"),
    path("login/<str:provider_id>/", views.log_in_elsewhere, name="openid_connect_login"),
    path("login/<str:provider_id>/back/", views.come_back, name="openid_connect_callback"),
    path("invitation/<str:key>/<str:token>/", views.invitation, name="invitation"),
    path("profile/sessions/", views.list_sessions, name="sessions"),
    path("profile/sessions/<int:key>/end/", views.end_session, name="end_session"),
    path(
        "profile/again/", of_account(account.reauthenticate), name="account_reauthenticate"
    ),
    path("profile/again/code/", of_account(mfa.reauthenticate), name="mfa_reauthenticate"),
    path(
        "profile/again/passkey/", of_account(webauthn.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("profile/second-factor/", of_account(mfa.index), name="mfa_index"),
    path("profile/second-factor/app/", of_account(totp.activate_totp), name="mfa_activate_totp"),
    path(
        "profile/second-factor/app/remove/", of_account(totp.deactivate_totp),
        name="mfa_deactivate_totp",
    ),
    path(
        "profile/second-factor/codes/", of_account(codes.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "profile/second-factor/codes/new/", of_account(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path("profile/passkeys/", of_account(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("profile/passkeys/add/", of_account(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path(
        "profile/passkeys/<int:pk>/remove/", of_account(webauthn.remove_webauthn),
        name="mfa_remove_webauthn",
    ),
    path("accounts/", review.access, name="access_review"),
    path("accounts/access.<str:suffix>", review.export, name="access_export"),
    path("accounts/review/", review.keep_review, name="keep_access_review"),
    path("accounts/<int:key>/invite/", review.send_invitation, name="invite"),
    path("accounts/<int:key>/deactivate/", review.end_access, name="deactivate"),
]  # fmt: skip
