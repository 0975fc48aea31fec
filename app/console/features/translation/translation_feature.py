"""What translation registers with the console."""

from pathlib import Path
from typing import Any

from app.console.feature import Feature, Pages, Place, Style
from app.console.features.translation import answer_pages, translation_pages
from app.console.features.translation.machine_reading import MachineReader
from app.console.features.translation.storage import kept_models
from app.console.vault.database.feature_tables import FeatureTables
from app.sentences.translatable import say


async def _watch(console: Any) -> None:
    await MachineReader(console).watch()


TRANSLATION = Feature(
    name="translation",
    folder=Path(__file__).parent,
    pages=(Pages(translation_pages.router), Pages(answer_pages.router)),
    settings=(
        Place(
            "/translation",
            say("Translation"),
            10,
            hint=say("Read what comes in other languages, by models on this computer"),
        ),
    ),
    styles=(Style("translation.css"),),
    tables=FeatureTables(kept_models.metadata),
    watch=_watch,
    reply_tool="translation/tool.html",
)
