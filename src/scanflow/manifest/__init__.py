"""The handover list (danh mục tài liệu bàn giao): read and checked cell by cell, taken whole or not."""

from __future__ import annotations

from scanflow.manifest.errors import ManifestFault, ManifestRejected
from scanflow.manifest.model import Manifest, PageConvention, Row
from scanflow.manifest.reader import check, read_manifest
from scanflow.manifest.source import FileStamp, file_stamp, is_list_name, is_settled
from scanflow.manifest.writer import write_manifest, write_template

__all__ = [
    "FileStamp",
    "Manifest",
    "ManifestFault",
    "ManifestRejected",
    "PageConvention",
    "Row",
    "check",
    "file_stamp",
    "is_list_name",
    "is_settled",
    "read_manifest",
    "write_manifest",
    "write_template",
]
