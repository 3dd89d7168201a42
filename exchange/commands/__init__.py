"""The subcommands of `exchange`, one a file."""
