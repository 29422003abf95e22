"""Addresses of the pages about the work."""

from django.urls import path

from reform.views import bureau_acts, desk, obligations, problems, review, wall

urlpatterns = [
    path("wall/", wall.wall, name="wall"),
    path("wall/screen/", wall.screen, name="wall_screen"),
    path("obligations/", obligations.obligation_list, name="obligations"),
    path("obligations/<int:pk>/", obligations.obligation, name="obligation"),
    # the bureau's desk
    path("desk/", desk.desk_page, name="desk"),
    path("desk/waiting/", desk.section, {"slug": "waiting"}, name="desk_waiting"),
    path("desk/missing/", desk.section, {"slug": "missing"}, name="desk_missing"),
    path("desk/undecided/", desk.section, {"slug": "undecided"}, name="desk_undecided"),
    path("desk/overdue/", desk.section, {"slug": "overdue"}, name="desk_overdue"),
    path("desk/problems/", desk.section, {"slug": "problems"}, name="desk_problems"),
    path("desk/lagging/", desk.section, {"slug": "lagging"}, name="desk_lagging"),
    path("desk/review/", desk.next_review, name="desk_review"),
    path("desk/look/", desk.look, name="desk_look"),
    path("desk/accept/", desk.accept_many, name="desk_accept"),
    path("desk/urge/", desk.urge_many, name="desk_urge"),
    path("submissions/<int:pk>/review/", review.review_filing, name="review_filing"),
    path("submissions/<int:pk>/review/begin/", review.begin, name="review_begin"),
    path("submissions/<int:pk>/review/accept/", review.accept, name="review_accept"),
    path("submissions/<int:pk>/review/return/", review.send_back, name="review_return"),
    # the bureau's acts on one duty
    path("obligations/<int:pk>/propose/", bureau_acts.propose, name="obligation_propose"),
    path("obligations/<int:pk>/date/", bureau_acts.set_date, name="obligation_set_date"),
    path("obligations/<int:pk>/mark/", bureau_acts.mark, name="obligation_mark"),
    path("obligations/<int:pk>/urge/", bureau_acts.urge, name="obligation_urge"),
    path("obligations/<int:pk>/on-behalf/", bureau_acts.enter_on_behalf, name="obligation_on_behalf"),
    path("proposals/<int:pk>/", bureau_acts.proposal, name="proposal"),
    path("proposals/<int:pk>/decide/", bureau_acts.decide, name="proposal_decide"),
    # problems
    path("problems/", problems.problem_list, name="problems"),
    path("problems/<int:pk>/", problems.problem, name="problem"),
    path("problems/<int:pk>/assign/", problems.assign, name="problem_assign"),
    path("problems/<int:pk>/answer/", problems.answer, name="problem_answer"),
]
