"""The engine of the matcher: plain facts in, proposals with explanations out. No database here."""
