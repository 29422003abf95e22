"""What must be done: plans, tasks, milestones, obligations, their moves and what is filed for them."""

from reform.models.comment import Comment
from reform.models.milestone import DataItem, Milestone, MilestoneParty
from reform.models.obligation import Move, Obligation, Opening, Proposal
from reform.models.plan import Plan
from reform.models.report import MonthlyReport, Problem, ReportLine, Step, Urging
from reform.models.submission import Evidence, Submission, SubmissionValue
from reform.models.task import Party, Task, TaskParty

__all__ = [
    "Comment", "DataItem", "Evidence", "Milestone", "MilestoneParty", "MonthlyReport", "Move", "Obligation", "Opening", "Party",
    "Plan", "Problem", "Proposal", "ReportLine", "Step", "Submission", "SubmissionValue", "Task", "TaskParty", "Urging",
]  # fmt: skip
