"""What people typed is not lost, and what they sent once happens once."""
