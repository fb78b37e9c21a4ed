"""The steps of the Jira assistant."""
