"""The SQL of memories. Everything but the relay's part takes the owner or their persona."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pgvector import HalfVector
from sqlalchemy import ColumnElement, Row, Text, delete, func, insert, or_, select, true, update
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, insert as insert_or
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.memory.index.port import IndexQuery
from tzurot.memory.remembering import MemoryId, Owner
from tzurot.memory.scoring import Vocabulary
from tzurot.memory.tables import IndexOutbox, Memory
from tzurot.memory.venues import Where, audible_at
