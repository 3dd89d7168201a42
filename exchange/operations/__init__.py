"""How the program itself is doing: who is at work, what is late, what failed."""
