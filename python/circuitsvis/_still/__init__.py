"""Pictures made in Python, without a browser, in the colors of the page."""
