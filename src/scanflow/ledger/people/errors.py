"""Why people's matters are refused: one class a cause, ``PPL-`` (con người, ký duyệt)."""

from __future__ import annotations

from scanflow.errors import ExitCode, ScanflowError


class PeopleError(ScanflowError):
    """Root of the refusals about persons, keys and sign-offs."""

    exit_code = ExitCode.NOT_AUTHORISED


class UnknownPerson(PeopleError):
    """No such person is enrolled (chưa ghi danh)."""

    code = "PPL-UNKNOWN"
    vi = "Không có người {person} trong danh sách đã ghi danh. Đề nghị cán bộ an ninh kiểm tra."
    en = "No person {person} is enrolled. Ask the security officer."


class PersonIsRevoked(PeopleError):
    """The person was revoked (đã bị thu hồi)."""

    code = "PPL-REVOKED"
    vi = "Người {person} đã bị thu hồi quyền, không ký hoặc làm việc được nữa."
    en = "Person {person} was revoked and can neither sign nor work."


class AlreadyEnrolled(PeopleError):
    """Person id, key, or human being is enrolled already (đã ghi danh rồi)."""

    code = "PPL-TWICE"
    vi = "Không ghi danh: {what} này đã có trong danh sách. Mỗi người chỉ có một mã và một khóa."
    en = "Not enrolled: this {what} is in the register already. One person, one id, one key."


class KeyNotAccepted(PeopleError):
    """A public key of a kind or form that is not accepted (khóa không được chấp nhận)."""

    code = "PPL-KEY-KIND"
    vi = "Khóa công khai không đúng loại được chấp nhận (Ed25519, EC P-256, EC P-384)."
    en = "The public key is not of an accepted kind (Ed25519, EC P-256, EC P-384)."


class NotBootstrappable(PeopleError):
    """Somebody is enrolled already, or these are not two different officers (không khởi tạo được)."""

    code = "PPL-BOOTSTRAP"
    vi = "Không khởi tạo được: cần đúng hai cán bộ an ninh khác nhau và sổ chưa có ai được ghi danh."
    en = "Cannot bootstrap: it takes two different security officers and a ledger in which nobody is enrolled."


class PassphraseWrong(PeopleError):
    """The passphrase does not open the key (sai mật khẩu)."""

    code = "PPL-PASSPHRASE"
    vi = "Sai mật khẩu hoặc mã PIN của {person}. Còn {left} lần thử."
    en = "Wrong passphrase or PIN for {person}; {left} tries are left."


class PersonIsLocked(PeopleError):
    """Too many wrong passphrases (đã khóa)."""

    code = "PPL-LOCKED"
    vi = "Khóa của {person} đã bị khóa vì nhập sai quá nhiều lần. Cần hai người ký để mở lại."
    en = "The key of {person} is locked after too many wrong tries. Two persons must sign to unlock it."


class PassphraseWeak(PeopleError):
    """The passphrase is too short (mật khẩu quá ngắn)."""

    code = "PPL-WEAK"
    vi = "Mật khẩu quá ngắn: cần ít nhất {least} ký tự."
    en = "The passphrase is too short: at least {least} characters are needed."


class KeyFileRefused(PeopleError):
    """The key file is missing, malformed or holds another key (tệp khóa không dùng được)."""

    code = "PPL-KEY-FILE"
    vi = "Tệp khóa của {person} không có, bị hỏng hoặc chứa khóa khác. Đề nghị cấp khóa mới."
    en = "The key file of {person} is missing, damaged or holds another key. Have a new key issued."


class TokenRefused(PeopleError):
    """The PKCS#11 token is absent or will not sign (thiết bị khóa không dùng được)."""

    code = "PPL-TOKEN"
    vi = "Không dùng được thiết bị khóa PKCS#11 ({why}). Cắm đúng thiết bị rồi thử lại."
    en = "The PKCS#11 token cannot be used ({why}). Insert the right one and try again."


class SignOffRefusal(PeopleError):
    """Root of the reasons why signatures do not make a sign-off."""


class StatementIncomplete(SignOffRefusal):
    """A field that this purpose needs is missing, or one too many is there (bản xác nhận thiếu)."""

    code = "PPL-STATEMENT"
    vi = "Bản xác nhận thiếu hoặc thừa mục «{field}» cho việc này. Lập lại bản xác nhận."
    en = "The statement lacks field {field} for this purpose, or has it where it must not. Draw it up again."


class TooFewPersons(SignOffRefusal):
    """Not as many different persons as needed (chưa đủ người)."""

    code = "PPL-TOO-FEW"
    vi = "Cần đúng {needed} người khác nhau ký, mới có {found}."
    en = "Exactly {needed} different persons must sign; {found} did."


class SamePersonTwice(SignOffRefusal):
    """One human being under two names, or one key twice (một người ký hai lần)."""

    code = "PPL-SAME-PERSON"
    vi = "Một người không được ký hai lần, kể cả bằng mã hoặc khóa khác."
    en = "One person may not sign twice, not under another id or key either."


class OperatorMayNotSign(SignOffRefusal):
    """The operator of the batch signed for it (người vận hành không được ký)."""

    code = "PPL-OPERATOR"
    vi = "Người đã vận hành đợt {batch} không được ký cho đợt này. Cần người khác ký."
    en = "Somebody who operated batch {batch} may not sign for it. Another person must."


class NotForOneself(SignOffRefusal):
    """A person signed in a matter of their own (không tự ký cho mình)."""

    code = "PPL-ONESELF"
    vi = "Không ai được ký duyệt việc của chính mình."
    en = "Nobody may sign off a matter of their own."


class WrongRole(SignOffRefusal):
    """The signers' roles do not fill the places (sai vai trò)."""

    code = "PPL-ROLE"
    vi = "Vai trò người ký không đúng: việc này cần {needed}."
    en = "The signers' roles do not fit: this needs {needed}."


class SignatureFalse(SignOffRefusal):
    """A signature does not hold over these bytes (chữ ký không đúng)."""

    code = "PPL-SIGNATURE"
    vi = "Chữ ký của {person} không khớp bản xác nhận này. Ký lại trên đúng bản này."
    en = "The signature of {person} does not hold over this statement. Sign this very statement."


class SignOffStale(SignOffRefusal):
    """Outside the time window (quá hạn)."""

    code = "PPL-STALE"
    vi = "Bản xác nhận lập quá lâu hoặc sai giờ. Lập bản mới và ký lại."
    en = "The statement was drawn up too long ago or in the future. Draw up a new one and sign again."


class SignOffReplayed(SignOffRefusal):
    """The statement served already (đã dùng rồi)."""

    code = "PPL-REPLAY"
    vi = "Bản xác nhận này đã được dùng một lần; mỗi bản chỉ dùng một lần. Lập bản mới."
    en = "This statement served once already; each serves once. Draw up a new one."


class HeadUnknown(SignOffRefusal):
    """The statement names a head that is not this ledger's (đầu sổ khác)."""

    code = "PPL-HEAD"
    vi = "Bản xác nhận gắn với một đầu sổ không thuộc sổ này. Kiểm tra sổ và lập bản mới."
    en = "The statement names a head that is not one of this ledger's. Verify the ledger, draw up a new one."


class SignOffForAnother(SignOffRefusal):
    """A valid sign-off was shown for something it does not cover (ký duyệt cho việc khác)."""

    code = "PPL-OTHER-MATTER"
    vi = "Ký duyệt này là cho việc khác, không dùng được ở đây."
    en = "This sign-off is for another matter and does not serve here."
