"""Decoded text -> body. Text in, text out: no file, no database, no knowledge of what the text says.

| module | does |
|---|---|
| `characters`, `signs` | one sign for one meaning: in a line, in a whole text |
| `script` | traditional -> simplified |
| `lines` | lines without white space, with their map to the raw text |
| `reflow` | paragraphs that were broken at a page's width |
| `chrome`, `bounds` | what of the page is the report |
| `repeats` | a text that stands twice |
| `body` | `clean`: all of it in order |
| `duplicates` | the same report in several files |
"""

from pipeline.clean.body import clean

__all__ = ["clean"]
