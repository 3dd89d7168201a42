"""Who changed what, and who saw what: append-only, and chained so that nothing goes unnoticed.

An entry is written in the transaction of its change and signed there with a key. Chaining it there,
too, would make every page wait for one row (the end of the chain); a chain for each record could be
removed as a whole. So a sweep chains, in one order, what was committed: minutes later at most, and
until then the signature guards the content. Both tables refuse UPDATE and DELETE. Names, addresses
and secrets are not written, only that they changed: so that erasing a person leaves every hash as
it was.
"""
