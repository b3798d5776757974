"""How motcua looks: layouts, components, icons, formats per language, menus, error pages, the gallery.

Owns no table and no rule. Other rooms use its templates, the template tags (built in everywhere),
`contributions` for menu entries and `fields` for form fields; README.md here lists every component.
"""
