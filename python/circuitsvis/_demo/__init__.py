"""The demo model's files, and the page that shows it."""
