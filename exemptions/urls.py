"""Addresses of lists and cases."""

from django.urls import path

from exemptions.views import case_acts, case_figures, case_materials, cases, drafting, lists, pilots, public, recording

CASE = "exemptions/cases/<int:pk>/"

urlpatterns = [
    # lists
    path("exemptions/", lists.exemption_lists, name="exemption_lists"),
    path("exemptions/in-force/", lists.in_force, name="lists_in_force"),
    path("exemptions/overlaps/", lists.list_overlaps, name="list_overlaps"),
    path("exemptions/adjustments/", lists.list_adjustments, name="list_adjustments"),
    path("exemptions/units/<int:pk>/<slug:kind>/begin/", drafting.begin, name="edition_begin"),
    path("exemptions/editions/<int:pk>/", lists.edition, name="edition"),
    path("exemptions/editions/<int:pk>/compare/", lists.compare, name="edition_compare"),
    path("exemptions/editions/<int:pk>/document/", lists.document, name="edition_document"),
    path("exemptions/editions/<int:pk>/annex.xlsx", lists.printed, name="edition_printed"),
    path("exemptions/editions/<int:pk>/edit/", drafting.edit_head, name="edition_edit"),
    path("exemptions/editions/<int:pk>/items/new/", drafting.new_item, name="item_new"),
    path("exemptions/editions/<int:pk>/examples/", drafting.examples, name="edition_examples"),
    path("exemptions/editions/<int:pk>/file/", drafting.file_edition, name="edition_file"),
    path("exemptions/editions/<int:pk>/withdraw/", drafting.withdraw, name="edition_withdraw"),
    path("exemptions/editions/<int:pk>/drop/", drafting.drop, name="edition_drop"),
    path("exemptions/editions/<int:pk>/bring-over/", drafting.bring_over, name="edition_bring_over"),
    path("exemptions/items/<int:pk>/edit/", drafting.edit_item, name="item_edit"),
    path("exemptions/items/<int:pk>/remove/", drafting.remove_item, name="item_remove"),
    path("exemptions/editions/<int:pk>/review/", recording.review, name="edition_review"),
    path("exemptions/editions/<int:pk>/record/", recording.record, name="edition_record"),
    path("exemptions/editions/<int:pk>/return/", recording.send_back, name="edition_return"),
    path("exemptions/editions/<int:pk>/publish/", recording.publish, name="edition_publish"),
    path("exemptions/editions/<int:pk>/abolish/", recording.abolish, name="edition_abolish"),
    # lists, without logging in
    path("public/", public.search, name="public"),
    path("public/items/<int:pk>/", public.item, name="public_item"),
    path("public/lists/", public.lists, name="public_lists"),
    path("public/lists/<int:pk>/document/", public.document, name="public_document"),
    path("public/data.<str:form>", public.data, name="public_data"),
    path("legal-bases/", recording.basis_list, name="legal_bases"),
    path("legal-bases/<int:pk>/status/", recording.basis_status, name="legal_basis_status"),
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
    path(f"{CASE}publicity/", case_acts.publicise, name="exemption_case_publicity"),
    path(f"{CASE}void/", case_acts.make_void, name="exemption_case_void"),
    path(f"{CASE}files/", case_materials.attach, name="exemption_case_attach"),
    path(f"{CASE}elsewhere/", case_materials.name_elsewhere, name="exemption_case_elsewhere"),
    path(f"{CASE}papers/<slug:slug>/", case_materials.paper, name="exemption_case_paper"),
    path("exemptions/case-files/<int:pk>/", case_materials.download, name="exemption_case_file"),
    path("exemptions/case-files/<int:pk>/remove/", case_materials.detach, name="exemption_case_detach"),
    # pilots
    path("exemptions/cases/pilots/", pilots.pilot_list, name="pilots"),
    path("exemptions/cases/pilots/new/", pilots.new_pilot, name="pilot_new"),
    path("exemptions/cases/pilots/<int:pk>/", pilots.pilot, name="pilot"),
    path("exemptions/cases/pilots/<int:pk>/edit/", pilots.edit_pilot, name="pilot_edit"),
    path("exemptions/cases/pilots/<int:pk>/progress/", pilots.note, name="pilot_progress"),
    path("exemptions/cases/pilots/<int:pk>/close/", pilots.close, name="pilot_close"),
    path("exemptions/cases/pilots/carry/", pilots.carry, name="pilots_carry"),
]
