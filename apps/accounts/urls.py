from django.urls import path

from apps.accounts import consent, data_protection, enrolment, reminders, review, sessions, verification, views

app_name = "accounts"
urlpatterns = [
    path("", views.profile, name="profile"),
    path("consent/", consent.consent, name="consent"),
    path("delete/", data_protection.delete, name="delete"),
    path("reminders/off/<str:token>/", reminders.off, name="reminders_off"),
    path("enrol/<str:token>/", enrolment.enrol, name="enrol"),
    path("review/", review.review, name="review"),
    path("resend/", verification.resend, name="resend_verification"),
    path("sessions/<int:pk>/end/", sessions.end, name="end_session"),
    # Invitations: for staff, but for the link in the mail
    path("invitations/", views.invitations, name="invitations"),
    path("invitations/<int:pk>/resend/", views.resend_invitation, name="resend_invitation"),
    path("invitations/<int:pk>/withdraw/", views.withdraw_invitation, name="withdraw_invitation"),
    path("invitations/accept/<str:token>/", views.accept_invitation, name="accept_invitation"),
]
