"""The features of the console: a line each. Without its line nothing of a feature is there."""

from app.console.feature import Feature
from app.console.features.abuse_material.abuse_material_feature import ABUSE_MATERIAL
from app.console.features.first_run.first_run_feature import FIRST_RUN
from app.console.features.letters.letters_feature import LETTERS
from app.console.features.links.links_feature import LINKS
from app.console.features.onboarding.onboarding_feature import ONBOARDING
from app.console.features.practice.practice_feature import PRACTICE
from app.console.features.safety_plan.safety_plan_feature import SAFETY_PLAN
from app.console.features.statistics.statistics_feature import STATISTICS
from app.console.features.transfer.transfer_feature import TRANSFER
from app.console.features.translation.translation_feature import TRANSLATION

FEATURES: tuple[Feature, ...] = (
    STATISTICS,
    LINKS,
    LETTERS,
    TRANSFER,
    ABUSE_MATERIAL,
    PRACTICE,
    ONBOARDING,
    TRANSLATION,
    FIRST_RUN,
    SAFETY_PLAN,
)
