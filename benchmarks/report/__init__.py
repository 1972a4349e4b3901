"""The results as data and as Markdown, and whether they meet the targets."""
