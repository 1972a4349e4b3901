"""Opens pages in Chromium and measures when they have drawn and how fast they react."""
