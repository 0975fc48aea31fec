"""Which models lead from one language into another: one, or two by way of English. Pure."""

from collections.abc import Iterable

from app.console.features.translation.storage.kept_models import StoredModel
from app.console.rules import wording

BETWEEN = "en"
"""The language that most models lead into and from."""


def route(models: Iterable[StoredModel], source: str, target: str) -> list[StoredModel]:
    """Return the models to use one after the other, none where they do not lead there."""
    pairs = {(one.source, one.target): one for one in models}
    source, target = wording.primary(source), wording.primary(target)
    if source == target:
        return []
    if (source, target) in pairs:
        return [pairs[source, target]]
    first, second = pairs.get((source, BETWEEN)), pairs.get((BETWEEN, target))
    return [first, second] if first and second else []
