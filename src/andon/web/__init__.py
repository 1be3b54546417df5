"""The face: the design system, base templates, components, tags and small ES modules.

No models; it imports nothing of Andon but `pictures` and `stats`. `/design/` shows every component.
"""
