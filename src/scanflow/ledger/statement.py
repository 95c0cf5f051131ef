"""The statement that people sign: what is to be done, to what, with which figures (bản xác nhận).

Every person signs the same bytes. They hold the ledger's head, so signing off and witnessing the log are one
act; the time and a nonce, so that a signature serves once; and nothing else than kinds of the catalogue, so
no content.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from scanflow.ledger import kinds
from scanflow.ledger.canonical import encode
from scanflow.ledger.kinds import (
    BatchId,
    Commitment,
    Count,
    Digest,
    Id,
    Nonce,
    Ordinal,
    Position,
    Record,
    Seconds,
    Word,
)
from scanflow.ledger.note import Checkpoint
from scanflow.pages import Face


class Purpose(Word):
    """What a sign-off is for (nội dung cần ký duyệt). Who must sign for each: ``people.rules``."""

    RELEASE_DIFFERENCE = "release_difference", "cho phép đi tiếp khi số đếm lệch"
    CLEAR_HELD = "clear_held", "cho qua mặt giấy bị giữ"
    OPEN_QUARANTINE = "open_quarantine", "mở khay tài liệu tách riêng"
    CLOSE_BATCH = "close_batch", "đóng đợt số hóa"
    DESTROY_SPOILED = "destroy_spoiled", "tiêu hủy bản hỏng"
    PRINT_COPY = "print_copy", "in bản sao"
    ENROL_MEDIUM = "enrol_medium", "ghi danh thiết bị nhớ"
    REVOKE_MEDIUM = "revoke_medium", "thu hồi thiết bị nhớ"
    ENROL_PERSON = "enrol_person", "ghi danh người dùng"
    REVOKE_PERSON = "revoke_person", "thu hồi người dùng"
    RESET_ATTEMPTS = "reset_attempts", "mở khóa mật khẩu cho người dùng"
    CHANGE_POLICY = "change_policy", "đổi chính sách"
    CHANGE_RECIPIENTS = "change_recipients", "đổi danh sách người nhận được mở"


class Reason(Word):
    """Why, as a word of a closed list; words of a person's own stay on the signed paper form (lý do)."""

    SHEET_MISSING = "sheet_missing", "thiếu tờ so với danh mục"
    SHEET_EXTRA = "sheet_extra", "thừa tờ so với danh mục"
    LIST_MISCOUNTED = "list_miscounted", "danh mục ghi sai số lượng"
    BLANKS_COUNTED_OTHERWISE = "blanks_counted_otherwise", "cách tính mặt trắng khác nhau"
    PAPER_DAMAGED = "paper_damaged", "giấy hỏng, rách"
    SHEETS_STUCK = "sheets_stuck", "các tờ dính nhau"
    MARK_SEEN_ON_PAPER = "mark_seen_on_paper", "đã xem dấu trên bản giấy"
    NOT_A_LEVEL_MARK = "not_a_level_mark", "không phải dấu độ mật"
    NEW = "new", "cấp mới"
    LOST = "lost", "bị mất"
    WORN_OUT = "worn_out", "hỏng, hết hạn dùng"
    LEFT_SERVICE = "left_service", "thôi nhiệm vụ"
    KEY_REPLACED = "key_replaced", "thay khóa"
    FORGOTTEN_PASSPHRASE = "forgotten_passphrase", "quên mật khẩu"
    REVIEW = "review", "rà soát định kỳ"
    WORK_DONE = "work_done", "đã xong việc"
    ORDERED = "ordered", "theo lệnh của người có thẩm quyền"
    IN_WORDS = "in_words", "ghi bằng lời trên biên bản giấy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures(Record):
    """The balance that is signed for: what the list says and what was counted (số liệu đối chiếu)."""

    declared_sheets: Count
    declared_pages: Count
    sheets: Count
    pages: Count

    @property
    def say_vi(self) -> str:
        """Both sides of the balance in words."""
        declared = f"danh mục {self.declared_sheets} tờ {self.declared_pages} trang"
        return f"{declared}, đếm được {self.sheets} tờ {self.pages} trang"

    @property
    def say_en(self) -> str:
        """The same in English."""
        declared = f"list {self.declared_sheets} sheets {self.declared_pages} pages"
        return f"{declared}, counted {self.sheets} sheets {self.pages} pages"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement(Record):
    """One matter put before people for signature.

    Attributes:
        purpose: what it allows.
        subject: the document, batch, medium, person or policy that it is about.
        batch: the batch, where there is one; its operators may not sign.
        sheet: for a held side, its sheet in the batch.
        face: for a held side, which face.
        figures: for a difference, both sides of the balance.
        digest: SHA-256 of the record or file that is agreed to (enrolment record, policy file, list of
            recipients).
        reason: word of the closed list.
        words: commitment to what was written on the paper form, where the reason is in words.
        log_size: size of the ledger when the statement was drawn up.
        log_root: its root, hex.
        at: POSIX seconds.
        nonce: 16 random bytes, hex.
    """

    purpose: Purpose
    subject: Id
    batch: BatchId | None = None
    sheet: Ordinal | None = None
    face: Face | None = None
    figures: Figures | None = None
    digest: Digest | None = None
    reason: Reason
    words: Commitment | None = None
    log_size: Position
    log_root: Digest
    at: Seconds
    nonce: Nonce

    @property
    def say_vi(self) -> str:
        """The matter in a few words, for people who sign and for inspectors."""
        side = f", tờ {self.sheet}" if self.sheet is not None else ""
        balance = f", {self.figures.say_vi}" if self.figures is not None else ""
        return f"{self.purpose.vi}, {self.subject}{side}{balance}, lý do: {self.reason.vi}"

    @property
    def say_en(self) -> str:
        """The same in the words of the closed lists."""
        side = f", sheet {self.sheet}" if self.sheet is not None else ""
        balance = f", {self.figures.say_en}" if self.figures is not None else ""
        return f"{self.purpose.en}, {self.subject}{side}{balance}, reason: {self.reason.en}"

    @property
    def signed_bytes(self) -> bytes:
        """What each person signs: a line that says what it is, then the canonical JSON."""
        return b"scanflow statement v1\n" + encode(kinds.store(self)) + b"\n"

    def says_the_same(self, other: Statement) -> bool:
        """Whether ``other`` allows exactly the same thing (all but time, nonce and head)."""
        mine, its = kinds.store(self), kinds.store(other)
        for passing in ("log_size", "log_root", "at", "nonce"):
            mine.pop(passing), its.pop(passing)
        return mine == its


def draw_up(
    purpose: Purpose,
    subject: Id,
    reason: Reason,
    head: Checkpoint,
    at: int,
    *,
    batch: BatchId | None = None,
    sheet: Ordinal | None = None,
    face: Face | None = None,
    figures: Figures | None = None,
    digest: Digest | None = None,
    words: Commitment | None = None,
) -> Statement:
    """A new statement over the ledger's present ``head``; ``at`` in POSIX seconds."""
    return Statement(
        purpose=purpose,
        subject=subject,
        batch=batch,
        sheet=sheet,
        face=face,
        figures=figures,
        digest=digest,
        reason=reason,
        words=words,
        log_size=head.size,
        log_root=head.root.hex(),
        at=at,
        nonce=secrets.token_hex(16),
    )
