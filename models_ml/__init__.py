"""The models: plain functions on pandas frames, one package a capability.

Here belong estimates, predictions and their evaluation. Not here: reading or writing files, scheduling, SQL, the clock.
Each function takes frames and `as_of`, returns a dict of frames typed as the package's `OUTPUTS` says, and
gives the same answer for the same input whatever the order of its rows.
"""
