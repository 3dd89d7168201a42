"""The observatory: practices of cities, where they come from, and who re-used them."""
