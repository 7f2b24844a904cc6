"""Bytes -> text in reading order. What a file is, is told by its content, never by its name.

| module | does |
|---|---|
| `decode` | tells the format, keeps the bounds, chooses the reader |
| `text` | plain text and page sources: encodings, broken bytes, mojibake |
| `html`, `mhtml` | web pages, also saved in one file with their pictures: what is visible |
| `pdf` | text layers: paragraphs out of placed lines |
| `docx`, `numbering`, `xml` | Word: paragraphs, generated numbers, tables |
| `pool`, `worker` | untrusted formats are read in processes with limits |
| `refusal` | how a file is refused |

Nothing here opens a file or a connection, and nothing judges what of a page is the report: that is `pipeline.clean`.
"""

from pipeline.ingest.decode import decode

__all__ = ["decode"]
