"""The application: domain packages by noun, and its faces."""
