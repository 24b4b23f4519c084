"""What goes wrong with a database file, in words: what, where, what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from coachbot.errors import StoreError

_ELSEWHERE = "set COACHBOT_DATABASE to another file"

_ADVICE = {
    sqlite3.SQLITE_NOTADB: (
        "{path} is not a database, so it was left as it is. Move it away, or " + _ELSEWHERE + "."
    ),
    sqlite3.SQLITE_CORRUPT: (
        "The database {path} is damaged. Make a copy of it, then put a backup in its place or "
        "rescue what can be read with: sqlite3 '{path}' .recover. To go on meanwhile, "
        + _ELSEWHERE
        + "."
    ),
    sqlite3.SQLITE_FULL: (
        "The disk that holds the database {path} is full, so this step was not saved; everything "
        "before it is kept. Free some space and try again."
    ),
    sqlite3.SQLITE_BUSY: (
        "Another program has been keeping the database {path} locked, so this step was not saved; "
        "everything before it is kept. Close the other program and try again."
    ),
    sqlite3.SQLITE_READONLY: (
        "The database {path} can't be written: the file or its folder is read-only for you. Change "
        "its permissions, or " + _ELSEWHERE + "."
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "The database {path} can't be opened. Check that you may read and write the file and its "
        "folder, or " + _ELSEWHERE + "."
    ),
    sqlite3.SQLITE_IOERR: (
        "The disk failed while the database {path} was used ({error}); what was saved before is "
        "kept. Check the disk, then try again."
    ),
    sqlite3.SQLITE_CONSTRAINT: (
        "What was to be saved does not fit what the database {path} holds ({error}), so it was not "
        "saved. This is a mistake in CoachBot; please report it with this message."
    ),
}
_ADVICE[sqlite3.SQLITE_CONSTRAINT_TRIGGER] = (
    "Nothing was saved in the database {path}: {error}. Take another one: " + _ELSEWHERE + "."
)
_ADVICE[sqlite3.SQLITE_PERM] = _ADVICE[sqlite3.SQLITE_READONLY]
_OTHER = "The database {path} can't be used: {error}. Check the file, or " + _ELSEWHERE + "."


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Turn what SQLite and the file system raise into a ``StoreError`` about ``path``.

    No text of a person gets into a message: SQLite names columns, never values.
    """
    try:
        yield
    except sqlite3.Error as error:
        # The upper bytes say more, such as which file operation failed; the lowest is the kind.
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        sentence = _ADVICE.get(code) or _ADVICE.get(code & 0xFF, _OTHER)
        raise StoreError(sentence.format(path=path, error=error)) from error
    except OSError as error:
        raise StoreError(
            f"The database {path} can't be created: {error.strerror} ({error.filename}). "
            f"Change that, or {_ELSEWHERE}."
        ) from error
    except UnicodeEncodeError as error:
        raise StoreError(
            f"The text holds half a character (a lone surrogate), which can't be saved in {path}. "
            "Type it again, or send it as UTF-8."
        ) from error
    except OverflowError as error:
        raise StoreError(
            f"A number is too large to be saved in {path}; it must lie between -2^63 and 2^63 - 1."
        ) from error
