"""What the station itself refuses (từ chối của trạm)."""

from __future__ import annotations

from scanflow.errors import ExitCode, ScanflowError


class StationError(ScanflowError):
    """Root of this room's causes."""


class ConfigurationRejected(StationError):
    """The configuration cannot be read or has a wrong key (cấu hình sai)."""

    code = "STA-CONFIG"
    vi = "Không dùng được tệp cấu hình {path}: {detail}. Sửa theo mẫu config/station.toml rồi chạy lại."
    en = "The configuration {path} is refused: {detail}. Correct it after config/station.toml."
    exit_code = ExitCode.USAGE


class HostUnfit(StationError):
    """The host cannot keep a promise (máy chưa đạt)."""

    code = "STA-HOST"
    vi = "Máy chưa đạt điều kiện: {findings}. Khắc phục rồi chạy scanflow doctor; chưa được quét."
    en = "The host cannot keep its promises: {findings}. Mend it and run scanflow doctor; scanning is refused."
    exit_code = ExitCode.HOST_UNFIT


class DayCheckMissing(StationError):
    """The scanner was not checked today, or did not pass (chưa kiểm tra đầu ngày)."""

    code = "STA-DAY-CHECK"
    vi = "Máy quét này hôm nay chưa qua kiểm tra đầu ngày. Nạp tờ kiểm tra: scanflow scanner check. Chưa được quét."
    en = "This scanner has not passed today's check. Feed the test sheet: scanflow scanner check."
    exit_code = ExitCode.HOST_UNFIT


class NotCommissioned(StationError):
    """The scanner's capabilities were never put on record (chưa nghiệm thu máy quét)."""

    code = "STA-COMMISSION"
    vi = "Máy quét này chưa được nghiệm thu tại trạm. Chạy scanflow scanner commission --person …. Chưa được quét."
    en = "This scanner was never commissioned here. Run scanflow scanner commission --person …."
    exit_code = ExitCode.HOST_UNFIT


class ScannerDoesNotFit(StationError):
    """The driver profile cannot be applied to this scanner (máy quét không hợp hồ sơ)."""

    code = "STA-SCANNER-UNFIT"
    vi = "Máy quét không nhận hồ sơ cấu hình: {why} Không được dùng máy này để quét; đã ghi sổ."
    en = "The scanner does not take its driver profile: {why} It may not be used; this is on record."
    exit_code = ExitCode.SCANNER


class ListingImpossible(StationError):
    """A source without a driver has no option listing (nguồn không có trình điều khiển)."""

    code = "STA-LISTING"
    vi = "Nguồn {source} không qua trình điều khiển SANE nên không có danh sách thiết lập để ghi lại."
    en = "The source {source} has no SANE driver, so there is no option listing to record."
    exit_code = ExitCode.USAGE


class BatchDoneBefore(StationError):
    """The same list was worked and delivered before (đợt đã xong)."""

    code = "STA-DONE-BEFORE"
    vi = (
        "Danh mục này là {batch}: {documents} tài liệu đã giao ngày {day}. Không quét lại; "
        "với tài liệu chưa giao, chạy scanflow rescan DANH_MỤC STT."
    )
    en = "This list is {batch}: {documents} documents were delivered on {day}. For the rest: scanflow rescan LIST STT."
    exit_code = ExitCode.USAGE


class CertificateMissing(StationError):
    """A certificate that the configuration names is not there (thiếu chứng thư người nhận)."""

    code = "STA-CERTIFICATE"
    vi = "Không đọc được chứng thư {path}. Cấp bằng scanflow keys new hoặc sửa mục [sealing] của cấu hình."
    en = "The certificate {path} cannot be read. Issue it with scanflow keys new, or correct [sealing]."
    exit_code = ExitCode.SEALING


class ActsLeftOpen(StationError):
    """A crash or power cut left announced acts without an outcome; a person closes each (việc dở dang)."""

    code = "STA-OPEN-ACTS"
    vi = (
        "Lần chạy trước dừng giữa chừng: chưa rõ kết quả của mục {entries} trong sổ. "
        "Xem scanflow ledger open, kiểm tra thực tế rồi chạy scanflow ledger close cho từng mục."
    )
    en = "The last run broke off: the outcome of entries {entries} is unknown. Look, then scanflow ledger close."
    exit_code = ExitCode.LEDGER


class PersonIdUnfit(StationError):
    """A word that can be no person's id (mã người không hợp lệ)."""

    code = "STA-PERSON-ID"
    vi = "Mã người không hợp lệ. Dùng chữ in hoa, gạch nối và số, như P-007; chưa ghi danh ai."
    en = "That can be no person id. Use capitals, a hyphen and digits, such as P-007; nobody was enrolled."
    exit_code = ExitCode.USAGE


class NotAdopted(StationError):
    """Configuration, rule tables or recipients are not those that two persons signed for (chưa được duyệt)."""

    code = "STA-NOT-ADOPTED"
    vi = "Chưa có hai người duyệt {what} đang dùng. Kiểm tra rồi chạy scanflow policy adopt. Chưa được quét giấy thật."
    en = "Two persons have not signed for the present {what}. Check, then run scanflow policy adopt."
    exit_code = ExitCode.NOT_AUTHORISED


class HandoverOutOfTurn(StationError):
    """A handover whose predecessor is not on the record (bàn giao sai thứ tự)."""

    code = "STA-HANDOVER-TURN"
    vi = "Chưa lập được biên bản “{moment}”: chưa có biên bản “{missing}” của đợt này. Lập biên bản trước đó đã."
    en = "The handover “{moment}” cannot be recorded: “{missing}” of this batch is not on the record. Record it first."
    exit_code = ExitCode.USAGE


class HandoverByOne(StationError):
    """Giver and taker are one person, or the keeper of the papers is not the one who should be (bàn giao sai người)."""

    code = "STA-HANDOVER-PERSONS"
    vi = "Bàn giao cần hai người khác nhau, và {keeper} phải là người lưu giữ. Chọn lại bên giao, bên nhận."
    en = "A handover takes two different persons, and {keeper} must be the custodian. Choose giver and taker again."
    exit_code = ExitCode.NOT_AUTHORISED


class NeverOpened(StationError):
    """A document of a list is to be scanned again that was never scanned (đợt chưa mở)."""

    code = "STA-NEVER-OPENED"
    vi = "Đợt {batch} chưa từng được quét. Chạy scanflow run với danh mục này trước."
    en = "Batch {batch} was never scanned. Run scanflow run with this list first."
    exit_code = ExitCode.USAGE


class NothingToScan(StationError):
    """Every row of the list is refused (không có gì để quét)."""

    code = "STA-NOTHING"
    vi = "Không có tài liệu nào trong danh mục được phép số hóa. Trả cả tập cho bên giao."
    en = "No document of the list may be digitised. Give the stack back."
    exit_code = ExitCode.BAD_MANIFEST


class LevelAboveList(StationError):
    """A page shows a higher level than the list declares (độ mật cao hơn danh mục)."""

    code = "STA-LEVEL-ABOVE"
    vi = "Tờ {sheet}: dấu trên giấy cao hơn độ mật trong danh mục. Người giám sát xem bản giấy và quyết định."
    en = "Sheet {sheet}: the mark on the paper is above the declared level. The supervisor looks at the paper."
    exit_code = ExitCode.HELD


class DeclassificationNotSeen(StationError):
    """GIẢI MẬT was confirmed but is not on the paper (chưa thấy dấu giải mật)."""

    code = "STA-GIAI-MAT"
    vi = "Tài liệu số {ordinal}: chưa thấy dấu GIẢI MẬT trên giấy. Giữ lại; đóng dấu hoặc sửa danh mục rồi quét lại."
    en = "Document {ordinal}: the GIẢI MẬT stamp was not seen on the paper. It stays."
    exit_code = ExitCode.HELD


class SampleOpen(StationError):
    """Nobody looked at a side drawn for the sample check (chưa kiểm mẫu)."""

    code = "STA-SAMPLE-OPEN"
    vi = "Tài liệu số {ordinal}: chưa ai xem tờ {sheet} được rút để kiểm mẫu. Giữ lại; người giám sát xem bản giấy."
    en = "Document {ordinal}: nobody looked at sheet {sheet}, drawn for the sample check. It stays."
    exit_code = ExitCode.HELD


class SampledByOperator(StationError):
    """The operator of the batch looked at a sample himself (người vận hành tự kiểm mẫu)."""

    code = "STA-SAMPLE-OPERATOR"
    vi = "Tài liệu số {ordinal}, tờ {sheet}: {person} vận hành đợt này, không được kiểm mẫu. Nhờ người khác xem giấy."
    en = "Document {ordinal}, sheet {sheet}: {person} operates this batch and may not check its samples."
    exit_code = ExitCode.HELD


class SampleDisagrees(StationError):
    """A person read another level on a sampled side than the stamp reader (kiểm mẫu không khớp)."""

    code = "STA-SAMPLE-DISAGREES"
    vi = (
        "Tài liệu số {ordinal}, tờ {sheet}: độ mật người đọc trên giấy khác kết quả đọc dấu. Giữ lại cả tài liệu, "
        "báo cán bộ an ninh, kiểm tra máy quét và hiệu chỉnh lại."
    )
    en = "Document {ordinal}, sheet {sheet}: a person read another level on the paper. The document stays."
    exit_code = ExitCode.HELD


class PagesDiffer(StationError):
    """The pages in RAM are not the sides that were counted (trang trong bộ nhớ khác số đếm)."""

    code = "STA-PAGES"
    vi = "Tài liệu {document}: trang trong bộ nhớ khác số mặt đã đếm. Không niêm phong; quét lại tài liệu này."
    en = "Document {document}: the pages in memory are not the sides that were counted. It is not sealed."
    exit_code = ExitCode.COUNT_DIFFERS


class BatchStopped(StationError):
    """The operator left the batch before its end (dừng giữa đợt)."""

    code = "STA-STOPPED"
    vi = "Dừng đợt {batch} khi chưa nhận tờ nào. Không có gì thay đổi; chạy lại lệnh này khi đã có giấy."
    en = (
        "Batch {batch} was stopped before a sheet was taken. Nothing has changed; run the command again with the paper."
    )
    exit_code = ExitCode.INTERRUPTED


class CounterDiffers(StationError):
    """The scanner's own counter and the sheets that arrived differ (bộ đếm của máy quét lệch)."""

    code = "STA-COUNTER"
    vi = (
        "Bộ đếm của máy quét ghi {counter} tờ, trạm nhận được {received} tờ (tờ {first} đến {last}). Đếm ngay các tờ "
        "này ở khay ra. Tài liệu của lượt nạp này chưa được đi tiếp: quét lại, hoặc hai người ký."
    )
    en = (
        "The scanner's counter says {counter} sheets, {received} arrived ({first} to {last}). Count them in the output "
        "tray now. No document of this feed goes on: scan again, or have two persons sign."
    )
    exit_code = ExitCode.COUNT_DIFFERS


class KeysMissing(StationError):
    """The station has no keys yet (trạm chưa có khóa)."""

    code = "STA-KEYS"
    vi = "Trạm chưa có khóa ở {path}. Chạy scanflow init trước."
    en = "The station has no keys at {path}. Run scanflow init first."
    exit_code = ExitCode.SEALING


class CopyOfForeign(StationError):
    """A container that this station did not seal (gói không do trạm này niêm phong)."""

    code = "STA-COPY-FOREIGN"
    vi = "Sổ nhật ký của trạm không có gói này. Chỉ in bản sao từ gói do chính trạm này niêm phong; kiểm tra lại tệp."
    en = "The ledger knows no such container. Copies are printed only of what this station sealed."
    exit_code = ExitCode.SEALING


class OperatorSigns(StationError):
    """Who makes the copies would permit them too (người in tự ký cho phép)."""

    code = "STA-COPY-SIGNER"
    vi = "{person} là người in bản sao nên không được ký cho phép. Hai người khác phải ký; chưa in gì."
    en = "{person} makes the copies and may not sign for them. Two others must sign; nothing was printed."
    exit_code = ExitCode.NOT_AUTHORISED


class PrinterRefused(StationError):
    """The printer took nothing, or its place would keep what is printed on a disk (máy in không nhận)."""

    code = "STA-PRINTER"
    vi = (
        "Không in được qua {place}. Dùng thiết bị máy in (như /dev/usb/lp0) hoặc thư mục trong RAM (tmpfs, "
        "không swap), không dùng thư mục trên ổ đĩa. Hủy ngay tờ in dở."
    )
    en = "{place} takes no print. Use the printer's device or a folder in RAM, never one on a disk."
    exit_code = ExitCode.HOST_UNFIT


class CopiesSpoiled(StationError):
    """A copy came out badly again and again (bản sao in hỏng nhiều lần)."""

    code = "STA-COPY-SPOILED"
    vi = "Bản sao số {number} in hỏng nhiều lần nên dừng. Hủy ngay các bản hỏng, sửa máy in, rồi làm lệnh in mới."
    en = "Copy {number} came out badly several times. Destroy the spoiled ones, mend the printer, order anew."
    exit_code = ExitCode.SEALING


class DossierListRejected(StationError):
    """The file with the dossiers' records cannot be read or has a wrong value (tệp thông tin hồ sơ sai)."""

    code = "STA-DOSSIERS"
    vi = "Không dùng được tệp thông tin hồ sơ {path}: {detail}. Sửa các mục được nêu rồi chạy lại."
    en = "The file of dossiers {path} is refused: {detail}. Correct it and run again."
    exit_code = ExitCode.USAGE


class NotAnOrdinaryStick(StationError):
    """Plain PDF would go onto a stick for secrets (PDF không niêm phong chỉ ghi lên thiết bị mức Thường)."""

    code = "STA-PLAIN-STICK"
    vi = "{medium} dùng cho tài liệu mật. PDF không niêm phong chỉ ghi lên thiết bị mức Thường; cắm thiết bị khác."
    en = "{medium} is a stick for secrets. Plain PDF goes onto a stick of level THUONG only; plug in another."
    exit_code = ExitCode.MEDIUM


class DossierIncomplete(StationError):
    """A document of the dossier is not among the containers (hồ sơ chưa đủ gói)."""

    code = "STA-DOSSIER-PART"
    vi = "Hồ sơ {dossier}: thiếu {missing} tài liệu so với danh mục nên không đóng gói. Chép đủ các gói rồi làm lại."
    en = "Dossier {dossier}: {missing} documents of the list are missing, so it is not packed. Bring all containers."
    exit_code = ExitCode.SEALING
