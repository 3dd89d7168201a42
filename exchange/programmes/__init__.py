"""Programmes: under which rules the needs of a call or a network are matched."""
