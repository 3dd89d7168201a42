"""Search over everything: a document for each row that people look for, kept true by the rows."""
