"""What is said of the tables."""

from alprviewer.models.tables import TABLES
from alprviewer.views.tablewords import WORDS


def test_every_table_has_its_words():
    assert WORDS.keys() == TABLES.keys()
    assert all(all(words) for words in WORDS.values())
