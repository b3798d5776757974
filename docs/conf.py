"""How Sphinx builds the documentation: `make docs`."""

project = "motcua"
copyright = "the motcua authors, EUPL-1.2"
extensions = ["myst_parser"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "motcua"
myst_heading_anchors = 3
html_static_path = ["_static"]
html_css_files = ["docs.css"]
