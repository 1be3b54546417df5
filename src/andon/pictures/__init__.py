"""One picture per statistic: results in, Vega-Lite specifications out, for page, PDF and notebook.

Plain dictionaries in the light colours of the --chart-* tokens. No Django, no database.
"""
