"""What a dialect's schema allows on a page."""

import threading
from functools import lru_cache
from pathlib import Path

from lxml import etree

from prs.dialect import Dialect

_one_at_a_time = threading.Lock()


def fault_of(page: etree._Element, dialect: Dialect) -> str:
    """Tell what the dialect's schema does not allow on a page; empty: it is a page.

    Threads take turns. Two that make a process's first schema at the same time break each other's (libxml2 sets up its
    types meanwhile), and a schema keeps what it found last, for whoever asks.
    """
    with _one_at_a_time:
        schema = _schema(dialect.schema_file)
        try:
            schema.assertValid(page)
        except etree.DocumentInvalid as error:
            return str(error)
        return ""


@lru_cache(maxsize=4)
def _schema(file: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(file)))
