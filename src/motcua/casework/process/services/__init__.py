"""Running processes. Callers hold the subject's row lock and write the journal: the act is theirs."""

from .building import Course, Move, Moved, Place, Setting, Standing, build_course
from .claiming import TaskIsClaimed, assign_task, claim_task, release_task
from .closing import close_process, move_process, moved_on, put_off_tasks, reopen_process
from .definitions import definition_of, publish_definition
from .running import (
    CannotRecall,
    TaskIsDone,
    UnknownOutcome,
    complete_task,
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
    "close_process",
    "complete_task",
    "defer_due_timers",
    "defer_waiting_services",
    "definition_of",
    "enter_courses",
    "fire_timer",
    "move_process",
    "moved_on",
    "pause_process",
    "publish_definition",
    "put_off_tasks",
    "recall_task",
    "receive_message",
    "release_task",
    "reopen_process",
    "resume_process",
    "run_service",
    "start_process",
]
