"""Everything an installation holds, in one file, and back again."""
