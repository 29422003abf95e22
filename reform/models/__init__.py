"""What must be done: plans, tasks, milestones, obligations, their moves and what is filed for them."""

from reform.models.bulletin import Bulletin, BulletinFile
from reform.models.case_file import CaseDocument, CaseFile
from reform.models.case_review import CaseReview, Deduction, Objection, Rectification
from reform.models.comment import Comment
from reform.models.milestone import DataItem, Milestone, MilestoneParty
from reform.models.obligation import Move, Obligation, Opening, Proposal
from reform.models.plan import Plan
from reform.models.reminder import Escalation, ReminderRule, ReminderStep
from reform.models.report import MonthlyReport, Problem, ReportLine, Step, Urging
from reform.models.review_round import Conflict, DrawnFile, ReviewRound, RoundQuota, RoundReviewer, SelfCheck, Stage
from reform.models.review_standard import ReviewItem, ReviewStandard, ReviewVeto
from reform.models.submission import Evidence, Submission, SubmissionValue
from reform.models.task import Party, Task, TaskParty

__all__ = [
    "Bulletin", "BulletinFile", "CaseDocument", "CaseFile", "CaseReview", "Comment", "Conflict", "DataItem", "Deduction", "DrawnFile", "Escalation", "Evidence", "Milestone",
    "MilestoneParty", "MonthlyReport", "Move", "Objection", "Obligation", "Opening", "Party", "Plan", "Problem",
    "Proposal", "Rectification", "ReminderRule", "ReminderStep", "ReportLine", "ReviewItem", "ReviewRound", "ReviewStandard", "ReviewVeto", "RoundQuota",
    "RoundReviewer", "SelfCheck", "Stage", "Step", "Submission", "SubmissionValue", "Task", "TaskParty", "Urging",
]  # fmt: skip
