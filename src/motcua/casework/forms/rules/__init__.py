"""Pure rules of forms: no Django, no clock, no I/O.

`definition` is a form, `parsing` reads one from form.json, `consistency` holds its parts together;
`answers` cleans what people typed, `checks` judges it, `personal_numbers` knows the twelve digits,
`days` the bounds of dates, `comparing` who must not be named twice;
`summary` puts answers into words and orders the pages.
"""
