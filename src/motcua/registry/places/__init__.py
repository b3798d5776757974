"""Places: provinces and communes, the districts and wards before 1 July 2025, and what became of them.

Owns names, codes of the General Statistics Office with their validity, successors, and finding a place by the
words people use. Does not own agencies (`registry.organisations`), which stand below it by place code.
"""
