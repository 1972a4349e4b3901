"""The source of the documentation site: Markdown pages with the figures that their code makes."""
