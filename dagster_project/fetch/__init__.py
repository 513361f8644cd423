"""Brings the public files into the landing zone from the publishers' own catalogues; `command` is its door.

Belongs here: what each publisher offers, how a file is fetched and put in place. Not here: what is in a file; the border judges that.
"""
