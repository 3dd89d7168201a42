"""What is held of people, and their rights over it: to see, take away, withdraw, be erased.

All of it is made from the notes at the columns (``exchange/personal.py``).
"""
