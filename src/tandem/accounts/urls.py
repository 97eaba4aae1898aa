"""Addresses of accounts."""

from django.urls import path

from tandem.accounts.views import audit, invitations, me, people

app_name = "accounts"
urlpatterns = [
    path("me/", me.me, name="me"),
    path("me/profile/", me.profile, name="profile"),
    path("me/second-factor/", me.explain_second_factor, name="second_factor"),
    path("me/tokens/", me.my_tokens, name="tokens"),
    path("me/tokens/<uuid:token_id>/revoke/", me.revoke_token, name="revoke_token"),
    path("me/data/", me.my_data, name="data"),
    path("me/erase/", me.erase_me, name="erase_me"),
    path("people/", people.list_people, name="people"),
    path("people/invitations/", invitations.list_invitations, name="invitations"),
    path("people/invitations/new/", invitations.invite, name="invite"),
    path("people/invitations/<uuid:invitation_id>/send-again/", invitations.send_again, name="send_again"),
    path("people/invitations/<uuid:invitation_id>/withdraw/", invitations.withdraw, name="withdraw"),
    path("people/<uuid:person_id>/", people.person, name="person"),
    path("people/<uuid:person_id>/deactivate/", people.deactivate, name="deactivate"),
    path("people/<uuid:person_id>/reactivate/", people.reactivate, name="reactivate"),
    path(
        "people/<uuid:person_id>/reset-second-factor/", people.reset_second_factor, name="reset_second_factor"
    ),
    path("people/<uuid:person_id>/erase/", people.erase_person, name="erase_person"),
    path("audit/", audit.show_audit, name="audit"),
    path("audit/download/", audit.download_audit, name="audit_csv"),
    path("invitation/<str:key>/", invitations.invitation, name="invitation"),
]
