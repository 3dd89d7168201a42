"""What must be survived, tried with real processes and real servers.

`make faults` prints one table. ``catalogue.py`` lists the faults; ``traffic.py`` keeps requests in
flight meanwhile, and at the end every row and every mail is counted.
"""
