"""The nudges: identifiers in, one action, commit. No rules live here."""
