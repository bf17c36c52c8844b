"""The manual: its pages, made from Markdown and from the program's own tables, and its window."""
