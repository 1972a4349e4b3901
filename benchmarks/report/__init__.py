"""The results as data, as Markdown, and against the targets."""
