"""The law: what may happen to an exchange and to everything around it, as tables.

Only the standard library and ``transitions`` are imported here: a table can be read,
drawn and tested without a database or a web server.
"""
