"""The engine for large installations: a Weaviate server, one tenant for each persona.

Objects have the memory's id, its stems and the vector from Postgres; no words of people are stored
here. This is the only module that knows Weaviate's client.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from itertools import groupby
from typing import Self, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

import weaviate
from weaviate.classes.config import Configure, DataType, Property, Tokenization
from weaviate.classes.data import DataObject
from weaviate.classes.init import AdditionalConfig, Auth, Timeout
from weaviate.classes.query import Filter, HybridFusion
from weaviate.collections.classes.filters import _Filters
from weaviate.collections import CollectionAsync
from weaviate.exceptions import WeaviateBaseError

from tzurot.errors import IndexUnavailable
from tzurot.memory.index.port import CANDIDATES, Forgotten, IndexEntry
from tzurot.memory.question import Question
from tzurot.memory.remembering import MemoryId, Owner
from tzurot.memory.venues import audible_at

log = logging.getLogger(__name__)

SEARCH_SECONDS = 1.0  # a turn waits no longer; a search takes some 2 ms
WRITE_SECONDS = 30.0
REST_SECONDS = 5.0  # after a failed search: turns go to Postgres at once, then one tries again

_VECTOR = "exchange"
