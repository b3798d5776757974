"""Running processes. Callers hold the subject's row lock and write the journal: the act is theirs."""

from .building import Course, Move, Moved, Place, Setting, Standing, build_course
from .claiming import TaskIsClaimed, assign_task, claim_task, release_task
from .definitions import definition_of, publish_definition
from .running import (
    CannotRecall,
    TaskIsDone,
    UnknownOutcome,
    complete_task,
    end_process,
    enter_courses,
    fire_timer,
    pause_process,
    recall_task,
    receive_message,
    resume_process,
    run_service,
    start_process,
)
from .timers import defer_due_timers, defer_waiting_services

__all__ = [
    "CannotRecall",
    "Course",
    "Move",
    "Moved",
    "Place",
    "Setting",
    "Standing",
    "TaskIsClaimed",
    "TaskIsDone",
    "UnknownOutcome",
    "assign_task",
    "build_course",
    "claim_task",
    "complete_task",
    "defer_due_timers",
    "defer_waiting_services",
    "definition_of",
    "end_process",
    "enter_courses",
    "fire_timer",
    "pause_process",
    "publish_definition",
    "recall_task",
    "receive_message",
    "release_task",
    "resume_process",
    "run_service",
    "start_process",
]
