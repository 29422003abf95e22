"""Addresses of the pages about people."""

from django.urls import path

from liaisons.views import accounts, aliases, audit, first_run, granting, groups, notices, officers, roles, roster, session, units

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
    path("accounts/", accounts.account_list, name="accounts"),
    path("accounts/new/", accounts.new_account, name="account_new"),
    path("accounts/<int:pk>/", accounts.account, name="account"),
    path("accounts/<int:pk>/edit/", accounts.amend_account, name="account_edit"),
    path("accounts/<int:pk>/disable/", accounts.disable, name="account_disable"),
    path("accounts/<int:pk>/enable/", accounts.enable, name="account_enable"),
    path("accounts/<int:pk>/reset-password/", accounts.reset_password, name="account_reset_password"),
    path("accounts/<int:pk>/roles/", granting.account_roles, name="account_roles"),
    path("accounts/<int:pk>/roles/<int:grant_pk>/revoke/", granting.revoke, name="role_revoke"),
    path("roster/", roster.roster_list, name="roster"),
    path("roster/phones/", roster.phones, name="roster_phones"),
    path("roster/<int:pk>/", roster.unit_contacts, name="unit_contacts"),
    path("roster/<int:pk>/appoint/", roster.appoint, name="roster_appoint"),
    path("roster/<int:pk>/confirm/", roster.confirm, name="roster_confirm"),
    path("roster/posts/<int:pk>/edit/", roster.amend, name="post_edit"),
    path("roster/posts/<int:pk>/end/", roster.end, name="post_end"),
    path("roster/posts/<int:pk>/handover/", roster.hand_over, name="post_handover"),
    path("roster/posts/<int:pk>/sheet/", roster.handover_sheet, name="handover_sheet"),
    path("officers/", officers.officer_list, name="officers"),
    path("officers/new/", officers.new_officer, name="officer_new"),
    path("officers/<int:pk>/edit/", officers.amend_officer, name="officer_edit"),
    path("audit/", audit.trail, name="audit"),
]
