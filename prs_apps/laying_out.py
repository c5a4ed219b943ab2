"""Words and choices on one screen: the words above, or within the list where a set shows a single row."""

from collections.abc import Sequence

from prs.models import PhoneModel
from prs.screens import Item, List, Text, Widget
from prs.text import wrap

MOST_LINES = 12  # of words in a list


def laid_out(words: Sequence[Text], items: Sequence[Item], model: PhoneModel) -> tuple[Widget, ...]:
    """Put words above what can be chosen. A set of one row shows what can be chosen first: it has both in one list."""
    if model.rows == 1 and items:
        lines = (line for text in words for line in wrap(text.text, model.columns, MOST_LINES))
        return (List((*map(Item, lines), *items)),)
    return (*words, *((List(tuple(items)),) if items else ()))
