"""Files that become documents which a character knows: plain text, Markdown and PDF.

    bytes → `reading` (what it is) → `decoding`, `markdown` or `pdf` → found.Document

A PDF is taken apart in a process of its own, `pdf_child`; `paragraphs` mends its broken lines.
"""

from tzurot.formats.texts.reading import read as read
