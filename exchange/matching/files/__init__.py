"""The engine on files, without a database: how a programme tries its lists, and measures them."""
