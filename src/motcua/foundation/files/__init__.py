"""Files: what people upload and what we print: official PDFs, content-addressed storage, limits, erasing, previews.

Owns the table of stored files and their contents, in the folder `FILES_DIR` or in an S3 bucket. Does not know to whom
a file belongs or who may see it: the room that keeps a foreign key to it decides that, and says by `contributions`
which files it uses; what nobody uses is erased when retention says so.

Beside the usual doors: `content` (what a file is, judged by its bytes), `examination`, `sniffing`, `pdf`, `pictures`
(what the limited process does with a stranger's bytes), `stores` (where content lies), `upload` (Django's upload
handler), `official` (typst to PDF/A and PDF/UA, QR codes), `previews` (pages as pictures),
`digitising` (scans to searchable PDF/A; `ocr` and `adapters/ocrmypdf` for it), `typst/` (the package
that templates import).
"""
