"""Addresses of lists and cases."""

from django.urls import path

from exemptions.views import case_acts, case_figures, case_materials, cases, pilots

CASE = "exemptions/cases/<int:pk>/"

urlpatterns = [
    # cases
    path("exemptions/cases/", cases.case_list, name="exemption_cases"),
    path("exemptions/cases/new/", cases.new_case, name="exemption_case_new"),
    path("exemptions/cases/figures/", case_figures.case_figures, name="exemption_case_figures"),
    path(CASE, cases.case, name="exemption_case"),
    path(f"{CASE}edit/", cases.edit_case, name="exemption_case_edit"),
    path(f"{CASE}conditions/", case_acts.tick, name="exemption_case_conditions"),
    path(f"{CASE}check/", case_acts.check, name="exemption_case_check"),
    path(f"{CASE}confirm/", case_acts.confirm, name="exemption_case_confirm"),
    path(f"{CASE}order/", case_acts.order, name="exemption_case_order"),
    path(f"{CASE}promise/", case_acts.promise, name="exemption_case_promise"),
    path(f"{CASE}recheck/", case_acts.recheck, name="exemption_case_recheck"),
    path(f"{CASE}decide/", case_acts.decide, name="exemption_case_decide"),
    path(f"{CASE}serve/", case_acts.serve, name="exemption_case_serve"),
    path(f"{CASE}void/", case_acts.make_void, name="exemption_case_void"),
    path(f"{CASE}files/", case_materials.attach, name="exemption_case_attach"),
    path(f"{CASE}papers/<slug:slug>/", case_materials.paper, name="exemption_case_paper"),
    path("exemptions/case-files/<int:pk>/", case_materials.download, name="exemption_case_file"),
    path("exemptions/case-files/<int:pk>/remove/", case_materials.detach, name="exemption_case_detach"),
    # pilots
    path("exemptions/pilots/", pilots.pilot_list, name="pilots"),
    path("exemptions/pilots/new/", pilots.new_pilot, name="pilot_new"),
    path("exemptions/pilots/<int:pk>/", pilots.pilot, name="pilot"),
    path("exemptions/pilots/<int:pk>/edit/", pilots.edit_pilot, name="pilot_edit"),
    path("exemptions/pilots/<int:pk>/progress/", pilots.note, name="pilot_progress"),
    path("exemptions/pilots/<int:pk>/close/", pilots.close, name="pilot_close"),
    path("exemptions/pilots/carry/", pilots.carry, name="pilots_carry"),
]
