"""Closed lists of words that events use; each word with its Vietnamese (các từ dùng trong sự kiện)."""

from __future__ import annotations

from scanflow.ledger.kinds import Word


class Role(Word):
    """What a person does in the room (vai trò). One person has one role at a time."""

    OPERATOR = "operator", "người thực hiện số hóa"
    CUSTODIAN = "custodian", "người lưu giữ, bên giao"
    SUPERVISOR = "supervisor", "người giám sát"
    SECURITY_OFFICER = "security_officer", "cán bộ an ninh"
    INSPECTOR = "inspector", "người kiểm tra"


class KeyPlace(Word):
    """Where a private key lives (nơi giữ khóa)."""

    FILE = "file", "tệp có mật khẩu"
    TOKEN = "token", "thiết bị PKCS#11"


class Moment(Word):
    """The three handovers of the paper (1479/BCA-ANCTNB III.1.1.h): ba thời điểm bàn giao."""

    OUT_OF_STORE = "out_of_store", "xuất kho"
    SCANNED = "scanned", "số hóa xong"
    BACK_IN_STORE = "back_in_store", "nhập lại kho"


class PaperState(Word):
    """State of the paper at a handover (tình trạng tài liệu)."""

    SOUND = "sound", "nguyên vẹn"
    WORN = "worn", "cũ, nhàu"
    DAMAGED = "damaged", "hư hỏng"


class RouteOutReason(Word):
    """Why a sheet left the stack (lý do tách riêng)."""

    MARK_READ = "mark_read", "đọc được dấu tuyệt mật"
    MARK_LIKELY = "mark_likely", "dấu có thể là tuyệt mật"
    PERSON_DECIDED = "person_decided", "người xem bản giấy quyết định"
    DECLARED = "declared", "danh mục ghi tuyệt mật"


class EraseReason(Word):
    """Why a document's pages were erased (lý do hủy trang ảnh)."""

    ROUTED_OUT = "routed_out", "có tờ tuyệt mật"
    DELIVERED = "delivered", "đã ghi xong và kiểm lại"
    RESCAN = "rescan", "quét lại"
    ABANDONED = "abandoned", "bỏ dở"
    FAULT = "fault", "lỗi"


class FeedEnd(Word):
    """How a feed came to its end (cách kết thúc lượt nạp)."""

    PROVED_EMPTY = "proved_empty", "khay hết giấy, đã chứng minh"
    ROUTE_OUT = "route_out", "dừng vì phải tách riêng"
    HELD = "held", "dừng vì có mặt bị giữ"
    FAULT = "fault", "dừng vì lỗi máy quét"
    OPERATOR = "operator", "người vận hành dừng"
    NOT_PROVED = "not_proved", "chưa chứng minh được khay đã hết giấy"


class BatchEnd(Word):
    """How a batch was closed (cách đóng đợt)."""

    COMPLETE = "complete", "đủ, khớp số"
    SIGNED_OFF = "signed_off", "đóng theo ký duyệt"
    PARTLY = "partly", "giao một phần, còn tài liệu chưa xử lý"
    ABANDONED = "abandoned", "bỏ dở, giấy trả lại"


class KeyHome(Word):
    """Where a document's key lay in memory (nơi giữ khóa trong bộ nhớ)."""

    MEMFD_SECRET = "memfd_secret", "memfd_secret"
    MLOCK = "mlock", "bộ nhớ khóa mlock"


class HeadCarrier(Word):
    """What carried a head out of the room (vật mang đầu sổ ra ngoài)."""

    RECEIPT = "receipt", "biên nhận trên thiết bị nhớ"
    FORM = "form", "biểu mẫu in"
    SCREEN = "screen", "màn hình, chép tay"
    BUNDLE = "bundle", "hồ sơ chứng cứ"


class Found(Word):
    """What a person found when closing an act that was left open (kết quả người kiểm tra việc dở dang)."""

    DONE = "done", "đã hoàn thành"
    NOT_DONE = "not_done", "chưa thực hiện"
    PARTLY = "partly", "dở dang, đã dọn"


class Sense(Word):
    """What a scanner can tell while it stands still or after a fault (điều máy quét cho biết)."""

    PAPER = "paper", "giấy trong khay"
    COVER = "cover", "nắp mở"
    BUTTON = "button", "nút bấm"
    DOUBLE_FEED = "double_feed", "nạp chồng"
    SIDE = "side", "mặt đang đọc"
    COUNT = "count", "số ảnh đã quét"
    COUNTER = "counter", "bộ đếm tờ"


class EndProof(Word):
    """What proves that a feeder is empty (căn cứ hết giấy)."""

    ESCL_STATUS = "escl_status", "trạng thái của máy và số ảnh"
    SENSOR = "sensor", "cảm biến giấy"
    COUNT = "count", "số tờ khai trước"


class KeyAct(Word):
    """What happened to a key (việc với khóa)."""

    CREATED = "created", "tạo"
    REPLACED = "replaced", "thay"
    RETIRED = "retired", "ngừng dùng"
    REHEARSED = "rehearsed", "diễn tập khôi phục đạt"
    REHEARSAL_FAILED = "rehearsal_failed", "diễn tập khôi phục không đạt"


class BundleForm(Word):
    """What a sealed file beside the documents' own is (tệp niêm phong kèm theo)."""

    INDEX = "index", "mục lục hồ sơ"
    PACKAGE = "package", "gói lưu trữ (AIP)"
    ACCESS = "access", "bản xem"


class KeyUse(Word):
    """What a key is for (công dụng của khóa)."""

    STATION = "station", "ký của trạm"
    RECIPIENT = "recipient", "người nhận"
    RECOVERY = "recovery", "khôi phục"
    PERSON = "person", "cá nhân"
    AGENCY = "agency", "chữ ký cơ quan"


class DowngradeBasis(Word):
    """On what a document is taken for no longer secret (căn cứ)."""

    TERM_ENDED = "term_ended", "hết thời hạn bảo vệ"
    PERIOD_ON_STAMP_ENDED = "period_on_stamp_ended", "hết thời hạn ghi trên dấu"
    DECLASSIFIED_BY_DECISION = "declassified_by_decision", "có quyết định giải mật"
    HISTORICAL_ARCHIVE = "historical_archive", "tài liệu lưu trữ lịch sử"


class Hint(Word):
    """Evidence beyond the count (dấu hiệu ngoài số đếm)."""

    PAGE_NUMBER_GAP = "page_number_gap", "số trang in bị cách quãng"
    SAME_SIDE_TWICE = "same_side_twice", "một mặt giấy xuất hiện hai lần"
    HEADER_DIFFERS = "header_differs", "số hoặc ngày trên văn bản khác danh mục"
