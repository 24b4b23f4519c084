"""Files: what was uploaded by the bot or sent by people, and how big a picture is."""

from __future__ import annotations

import hashlib
import mimetypes
import struct
from dataclasses import dataclass

from tests.telegram.api.errors import Json, bad_request
from tests.telegram.api.params import Params

BIGGEST_DOWNLOAD = 20 * 1024 * 1024
"""Bytes that getFile hands out (https://core.telegram.org/bots/api#getfile)."""

BIGGEST_PHOTO = 10 * 1024 * 1024
"""Bytes of a photo (https://core.telegram.org/bots/api#sendphoto), as are the next two."""

LONGEST_SIDES = 10_000
"""Width plus height of a photo, in pixels."""

FLATTEST = 20
"""The longer side of a photo divided by the shorter."""


@dataclass(frozen=True)
class StoredFile:
    """A file in Telegram's hands."""

    file_id: str
    path: str
    filename: str
    content: bytes

    def described(self) -> Json:
        """What every object that stands for a file has."""
        return {
            "file_id": self.file_id,
            "file_unique_id": hashlib.sha256(self.content).hexdigest()[:16],
            "file_size": len(self.content),
        }

    def as_document(self) -> Json:
        """The object ``Document``."""
        kind = mimetypes.guess_type(self.filename)[0] or "application/octet-stream"
        return {**self.described(), "file_name": self.filename, "mime_type": kind}

    def as_photo(self) -> list[Json]:
        """The list of ``PhotoSize``, of one size. Raises ApiError if it can't be a photo."""
        size = picture_size(self.content)
        if size is None:
            raise bad_request("IMAGE_PROCESS_FAILED")
        if len(self.content) > BIGGEST_PHOTO:
            raise bad_request("file is too big")
        if sum(size) > LONGEST_SIDES or max(size) > FLATTEST * min(size):
            raise bad_request("PHOTO_INVALID_DIMENSIONS")
        return [{**self.described(), "width": size[0], "height": size[1]}]


class Files:
    """All files, by their identifiers."""

    def __init__(self) -> None:
        self._files: dict[str, StoredFile] = {}

    def keep(self, folder: str, filename: str, content: bytes) -> StoredFile:
        """Take a file in. ``folder`` is the first part of the path that getFile tells."""
        number = len(self._files) + 1
        suffix = filename.rpartition(".")[2] if "." in filename else "bin"
        file = StoredFile(
            file_id=f"AgAD-{folder}-{number}",
            path=f"{folder}/file_{number}.{suffix}",
            filename=filename,
            content=content,
        )
        self._files[file.file_id] = file
        return file

    def sent_as(self, params: Params, name: str) -> StoredFile:
        """The file that the bot sends: an upload, or one that is known by its ``file_id``."""
        upload = params.upload(name)
        if upload is not None:
            if not upload.content:
                raise bad_request("file must be non-empty")
            return self.keep(f"{name}s", upload.filename, upload.content)
        reference = params.text(name)
        if not reference:
            raise bad_request(f"there is no {name} in the request")
        if reference.startswith(("http://", "https://")):
            raise bad_request("failed to get HTTP URL content")
        if reference not in self._files:
            raise bad_request("wrong remote file identifier specified")
        return self._files[reference]

    def get(self, file_id: str) -> StoredFile:
        """The file of an identifier that is known to be right."""
        return self._files[file_id]

    def described(self, file_id: str) -> Json:
        """The object ``File`` of getFile."""
        file = self._files.get(file_id)
        if file is None:
            raise bad_request("invalid file_id")
        if len(file.content) > BIGGEST_DOWNLOAD:
            raise bad_request("file is too big")
        return {**file.described(), "file_path": file.path}

    def at(self, path: str) -> StoredFile | None:
        """The file that is downloaded from ``path``."""
        return next((file for file in self._files.values() if file.path == path), None)


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG or JPEG in pixels, None for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR":
        width, height = struct.unpack(">II", content[16:24])
        return (width, height) if width and height else None
    if not content.startswith(b"\xff\xd8"):
        return None
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        # The start of a frame, in any coding; C4, C8 and CC are tables.
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return (width, height) if width and height else None
        at += 2 + length
    return None
