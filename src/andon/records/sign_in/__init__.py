"""The door: passwords, second factors, passkeys, sessions, invitations and single sign-on.

The ceremonies are django-allauth's; what is Andon's own is the limit to guessing (`login_limit`),
which roles need a second factor, how long a session lives, and that nobody signs themselves up.
"""
