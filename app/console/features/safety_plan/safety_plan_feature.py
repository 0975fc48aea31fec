"""What the safety plan registers with the console."""

from pathlib import Path

from app.console.feature import Feature, Pages, Section
from app.console.features.safety_plan import plan_pages, plan_section
from app.sentences.translatable import say

# It keeps nothing of its own: the plan is fields of the case, and goes with it.
SAFETY_PLAN = Feature(
    name="safety_plan",
    folder=Path(__file__).parent,
    pages=(Pages(plan_pages.router),),
    sections=(
        # Its own section can be folded away: who answers must have read what was agreed.
        Section(
            "agreed",
            say("Safety plan"),
            plan_section.agreed,
            9,
            "safety_plan/agreed.html",
            place="todo",
        ),
        Section(
            "safety-plan",
            say("Safety plan"),
            plan_section.plan,
            45,
            "safety_plan/section.html",
            tab="triage",
        ),
    ),
    words=plan_section.words,
)
