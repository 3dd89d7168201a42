"""How two texts are compared, also when they are in two languages. No database here."""
