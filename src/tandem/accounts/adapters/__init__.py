"""The outside of accounts: django-allauth and mail."""
