"""Files: what people upload and what we print: official PDFs, content-addressed storage, limits, previews.

Owns the table of stored files and the folder `FILES_DIR`. Does not know to whom a file belongs or who may see
it: the room that keeps a foreign key to it decides that. Virus scan and retention come with their issues.

Beside the usual doors: `content` (what a file is, judged by its bytes), `upload` (Django's upload handler),
`official` (typst to PDF/A and PDF/UA, QR codes), `previews` (pages as pictures), `typst/` (the package that
templates import).
"""
