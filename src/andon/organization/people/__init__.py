"""People: who works here, in which department, and with which account.

What somebody may do in Andon follows from the roles of the account, not from this entry.
"""
