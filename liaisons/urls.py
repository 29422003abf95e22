"""Addresses of the pages about people."""

from django.urls import path

from liaisons.views import first_run, notices, roles, session

urlpatterns = [
    path("login/", session.log_in, name="login"),
    path("logout/", session.log_out, name="logout"),
    path("password/", session.change_password, name="change_password"),
    path("setup/", first_run.setup, name="setup"),
    path("roles/", roles.role_table, name="roles"),
    path("notices/", notices.notice_list, name="notices"),
    path("notices/read/", notices.open_all, name="notices_read"),
    path("notices/<int:pk>/", notices.notice, name="notice"),
    path("notices/<int:pk>/acknowledge/", notices.acknowledge, name="notice_acknowledge"),
]
