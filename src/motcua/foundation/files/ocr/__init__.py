"""What runs inside the program that reads scans (OCRmyPDF): see `digitising` and `adapters/ocrmypdf`."""
