"""What a signature is for, in plain words: nothing is signed on the console that is not shown like this (nội dung ký).

A matter is made from the statement that is signed and from the record that it stands for; where the two do not fit, or
where the console does not know what a signature would do, there is no matter, and so no signature. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from scanflow.console.errors import NothingToShow
from scanflow.console.words import N_, face_words
from scanflow.counting import correction_subject
from scanflow.errors import Words
from scanflow.ledger.people import KeyPlace, Person, PersonEnrolled, Purpose, Statement
from scanflow.ledger.people.registry import enrolment_digest
from scanflow.levels import Level
from scanflow.manifest import Manifest, Row
from scanflow.media.enrolment import statement_digest
from scanflow.media.registry import ApprovedDevice

Fact = tuple[str, object]
"""A name of the catalogue, and what speaks for itself in both languages or is written out."""


@dataclass(frozen=True, slots=True)
class Matter:
    """One statement as people see it before they sign.

    Attributes:
        statement: whose bytes they sign.
        title: what the signature is for.
        effect: what happens once enough persons have signed.
        facts: what it is about, in the order of the screen.
    """

    statement: Statement
    title: Words
    effect: Words
    facts: tuple[Fact, ...]

    @property
    def shown(self) -> str:
        """What the form that shows this matter sends back: SHA-256 of exactly these bytes and words."""
        told = repr((self.title, self.effect, self.facts)).encode()
        return sha256(self.statement.signed_bytes + told).hexdigest()


def document_matter(statement: Statement, manifest: Manifest | None, read_as: Level | None = None) -> Matter:
    """What a signature over a difference or a held side is for.

    Args:
        statement: drawn up by the station.
        manifest: the list of the batch.
        read_as: the level that was read on the paper of a held side.

    Raises:
        NothingToShow: another purpose, or no such document in the list.
    """
    if manifest is None or statement.batch != manifest.batch_id:
        raise NothingToShow
    row = _row_of(statement, manifest)
    if statement.purpose is Purpose.CLEAR_HELD and row is not None and statement.face is not None:
        face = face_words(statement.face)
        side = Words(f"tờ {statement.sheet}, {face.vi}", f"sheet {statement.sheet}, {face.en}")
        facts: tuple[Fact, ...] = ((N_("Mặt giấy"), side),)
        if read_as is not None:
            facts += ((N_("Độ mật đọc trên giấy"), read_as),)
        return _matter(statement, _CLEAR_HELD, (*_facts_of(row), *facts))
    if statement.purpose is not Purpose.RELEASE_DIFFERENCE or statement.figures is None:
        raise NothingToShow
    figures = statement.figures
    declared, counted = (figures.declared_sheets, figures.declared_pages), (figures.sheets, figures.pages)
    if row is None:
        if statement.subject != manifest.batch_id and not statement.subject.startswith(f"{manifest.batch_id}-"):
            raise NothingToShow
        return _matter(statement, _WHOLE_FEED, ((N_("Danh mục"), declared[0]), (N_("Đếm được"), counted[0])))
    balance = ((N_("Danh mục"), _sheets_and_pages(*declared)), (N_("Đếm được"), _sheets_and_pages(*counted)))
    corrected = statement.subject == correction_subject(manifest.batch_id, row.ordinal, declared, counted)
    return _matter(statement, _CORRECTED if corrected else _RELEASED, (*_facts_of(row), *balance))


def person_matter(statement: Statement, record: PersonEnrolled) -> Matter:
    """What a signature over somebody's enrolment is for.

    Raises:
        NothingToShow: the statement is not for exactly this record.
    """
    if statement.purpose is not Purpose.ENROL_PERSON or statement.digest != enrolment_digest(record):
        raise NothingToShow
    return _matter(statement, _ENROL_PERSON, (*_facts_of_person(record.person, record.name, record), _place(record)))


def _place(record: PersonEnrolled) -> Fact:
    in_file = Words("tệp khóa có mật khẩu", "a key file under a passphrase")
    in_token = Words("thiết bị PKCS#11", "a PKCS#11 token")
    return N_("Khóa cá nhân"), in_file if record.place is KeyPlace.FILE else in_token


def _facts_of_person(person: str, name: str, has_role: Person | PersonEnrolled) -> tuple[Fact, ...]:
    return (N_("Mã"), person), (N_("Tên"), name), (N_("Vai trò"), has_role.role)


def known_person_matter(statement: Statement, person: Person) -> Matter:
    """What a signature over revoking somebody, or over new tries, is for.

    Raises:
        NothingToShow: the statement is about somebody or something else.
    """
    effects = {Purpose.REVOKE_PERSON: _REVOKE_PERSON, Purpose.RESET_ATTEMPTS: _RESET_ATTEMPTS}
    if statement.subject != person.id or statement.purpose not in effects:
        raise NothingToShow
    return _matter(statement, effects[statement.purpose], _facts_of_person(person.id, person.name, person))


def medium_matter(statement: Statement, device: ApprovedDevice) -> Matter:
    """What a signature over enrolling or revoking a medium is for.

    Raises:
        NothingToShow: the statement is not for exactly this record.
    """
    effects = {Purpose.ENROL_MEDIUM: _ENROL_MEDIUM, Purpose.REVOKE_MEDIUM: _REVOKE_MEDIUM}
    if statement.digest != statement_digest(device) or statement.purpose not in effects:
        raise NothingToShow
    unclassified = Words("chưa phân loại", "unclassified")
    facts: tuple[Fact, ...] = (
        (N_("Tên"), device.name),
        (N_("Thiết bị"), device.device_id),
        (N_("Độ mật đến"), unclassified if device.clearance is None else device.clearance),
        (N_("Người giữ"), device.custodian),
        (N_("Hạn dùng"), f"{device.until:%d/%m/%Y}"),
    )
    return _matter(statement, effects[statement.purpose], facts)


def _matter(statement: Statement, told: tuple[Words, Words], facts: tuple[Fact, ...]) -> Matter:
    return Matter(statement, *told, (*facts, (N_("Lý do"), statement.reason)))


def _row_of(statement: Statement, manifest: Manifest) -> Row | None:
    for row in manifest.rows:
        document = manifest.document_id(row.ordinal)
        if statement.subject == document or statement.subject.startswith(f"{document}-"):
            return row
    return None


def _facts_of(row: Row) -> tuple[Fact, ...]:
    """The document as the list names it: never a title or an abstract."""
    none = Words("không ghi", "not given")
    return (
        (N_("Tài liệu"), Words(f"số {row.ordinal} ({row.name})", f"number {row.ordinal} ({row.name})")),
        (N_("Số, ký hiệu"), row.number or none),
        (N_("Ngày"), none if row.issued is None else f"{row.issued:%d/%m/%Y}"),
        (N_("Độ mật"), row.level),
    )


def _sheets_and_pages(sheets: int, pages: int) -> Words:
    return Words(f"{sheets} tờ, {pages} trang", f"{sheets} sheets, {pages} pages")


_RELEASED: Final = (
    Words("Cho tài liệu đi tiếp dù số đếm lệch", "Let a document go on although its count differs"),
    Words(
        "Ký đủ thì tài liệu này được niêm phong và giao ra thiết bị nhớ với đúng số tờ, số trang đã đếm. "
        "Chỗ lệch, lý do và tên người ký vào sổ nhật ký và biên bản.",
        "Once signed, the document is sealed and delivered to a medium with just the sheets and pages counted. "
        "The difference, the reason and who signed go into the ledger and the record.",
    ),
)
_CORRECTED: Final = (
    Words("Sửa danh mục theo số đếm", "Correct the list after the count"),
    Words(
        "Ký đủ thì số tờ, số trang của tài liệu trong danh mục được thay bằng số đã đếm; "
        "sau đó tài liệu được niêm phong và giao như mọi tài liệu khớp số.",
        "Once signed, the counted sheets and pages replace those of the list; "
        "the document is then sealed and delivered like any other that agrees.",
    ),
)
_WHOLE_FEED: Final = (
    Words("Chấp nhận chỗ lệch của cả lượt nạp", "Accept a difference of the whole feed"),
    Words(
        "Ký đủ thì chỗ lệch không thuộc tài liệu nào này không còn giữ các tài liệu của lượt nạp lại.",
        "Once signed, this difference, which belongs to no document, no longer holds the documents of the feed back.",
    ),
)
_CLEAR_HELD: Final = (
    Words("Cho qua một mặt giấy bị giữ", "Clear a side that is held"),
    Words(
        "Người ký đã xem TỜ GIẤY và chịu trách nhiệm rằng mặt này không có dấu TUYỆT MẬT. "
        "Ký xong, mặt này được số hóa cùng tài liệu.",
        "Who signs has looked at the PAPER and answers for it that this side bears no TUYỆT MẬT mark. "
        "Once signed, the side is digitised with its document.",
    ),
)
_ENROL_PERSON: Final = (
    Words("Ghi danh một người", "Enrol a person"),
    Words(
        "Ký đủ thì người này đăng nhập và ký được theo vai trò ghi ở trên, từ lúc này.",
        "Once signed, this person may sign in and sign in the role above, from now on.",
    ),
)
_REVOKE_PERSON: Final = (
    Words("Thu hồi một người", "Revoke a person"),
    Words(
        "Ký đủ thì người này không đăng nhập và không ký được nữa, có hiệu lực ngay. Khóa cũ không dùng lại được.",
        "Once signed, this person can neither sign in nor sign any more, at once. The old key stays worthless.",
    ),
)
_RESET_ATTEMPTS: Final = (
    Words("Cho một người nhập lại mật khẩu", "Give a person new tries"),
    Words(
        "Ký đủ thì số lần thử mật khẩu của người này được tính lại từ đầu. Mật khẩu không đổi.",
        "Once signed, the tries of this person are counted anew. The passphrase stays as it is.",
    ),
)
_ENROL_MEDIUM: Final = (
    Words("Ghi danh thiết bị nhớ đang cắm", "Enrol the medium that is plugged in"),
    Words(
        "Ký đủ thì thiết bị này được nhận tài liệu đến độ mật ghi ở trên, cho đến hạn dùng. "
        "Bản ghi duyệt được ghi lên nó.",
        "Once signed, this medium may take documents up to the level above, until its date. "
        "Its record is written to it.",
    ),
)
_REVOKE_MEDIUM: Final = (
    Words("Thu hồi thiết bị nhớ", "Revoke a medium"),
    Words(
        "Ký đủ thì thiết bị này bị từ chối từ lúc này. Dữ liệu đã giao trên đó vẫn còn nguyên.",
        "Once signed, this medium is refused from now on. What was delivered to it stays there.",
    ),
)
