"""Tables that libraries bring along: none holds case data, and why each needs no wall."""

from safeguarding.access.vocabulary import Open

LIBRARIES: dict[str, Open] = {
    "auth.Permission": Open("names of permissions", delete=True),
    "auth.Group": Open("unused; guardian and Django create it", delete=True),
    "contenttypes.ContentType": Open("names of tables", delete=True),
    "sessions.Session": Open("sign-in", delete=True),
    "account.EmailAddress": Open("sign-in", delete=True),
    "account.EmailConfirmation": Open("sign-in", delete=True),
    "mfa.Authenticator": Open("sign-in; secrets are encrypted by the adapter", delete=True),
    "socialaccount.SocialAccount": Open("sign-in", delete=True),
    "socialaccount.SocialApp": Open("sign-in", delete=True),
    "socialaccount.SocialToken": Open("sign-in", delete=True),
    "usersessions.UserSession": Open("sign-in", delete=True),
    "guardian.UserObjectPermission": Open("unused generic table of guardian; the app may not write it", write=False),
    "guardian.GroupObjectPermission": Open("unused generic table of guardian; the app may not write it", write=False),
}

# many-to-many and other tables that have no model of their own
PLAIN_TABLES: dict[str, Open] = {
    "django_migrations": Open("names of migrations, read by /readyz", write=False),
    "auth_group_permissions": Open("unused; Django creates it", delete=True),
}
