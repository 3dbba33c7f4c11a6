"""How much a file may hold. Checked before anything is built from it; a larger one is TOO_LARGE."""

FILE = 128 * 1024 * 1024  # bytes; shapes.inc memories of 36 MB were seen
DOCUMENT = 48 * 1024 * 1024  # bytes of one JSON text, wrapped or not; 36 MB of memories were seen
INFLATED_CHUNK = 16 * 1024 * 1024  # bytes of a PNG text chunk
ZIP_MEMBERS = 2_000
ZIP_TOTAL = 256 * 1024 * 1024  # bytes inflated, all members together
JSON_DEPTH = 64
JSON_VALUES = 450_000  # of a JSON text; a longer one may have one for each of these bytes:
JSON_BYTES_PER_VALUE = 16  # rows of a chat with many empty fields come near it
ENTRIES = 20_000  # of a lorebook
ROWS = 200_000  # memories, messages, switches
FACTS = 5_000  # a model reads each, which takes 20 ms
PICTURE = 16 * 1024 * 1024  # bytes
PIXELS = 20_000_000  # a decoder can need 16 bytes for each
TEXT = 200_000  # characters of one field of a character

# Of a file that becomes a document which a character knows.
TEXT_FILE = 16 * 1024 * 1024  # bytes
TEXT_LENGTH = 2_000_000  # characters; a long novel has 1,000,000
PDF_PAGES = 2_000
PDF_SECONDS = 30  # of the CPU; 2,000,000 characters took 16
PDF_MEMORY = 320 * 1024 * 1024  # bytes of addresses; its reader begins with 75 MiB
