"""Local laboratories: the challenge of a city, tried in cycles, and what remains of it."""
