"""Every way in which scanning can fail, one class a cause (lỗi máy quét).

Two families. :class:`ScannerError` outside a feed (no scanner, wrong setting). :class:`FeedFault` inside a
feed: it carries ``last_good``, the last sheet of which everything was handed on, and ``resume_at``, the sheet
to continue with. One instruction fits all of them: ``last_good`` sheets are done; every other sheet, stuck,
in the output tray or not yet fed, goes back into the feeder beginning with sheet ``resume_at``. A side that
was handed on with a sheet number beyond ``last_good`` is void.
"""

from __future__ import annotations

from typing import ClassVar

from scanflow.errors import ExitCode, ScanflowError, Words

_RESUME_VI = "Giữ nguyên các tờ đến hết tờ {last_good}; xếp lại mọi tờ còn lại vào khay nạp, bắt đầu từ tờ {resume_at}."
_RESUME_EN = "Keep everything up to sheet {last_good}; put all other sheets back, beginning with sheet {resume_at}."


class ScannerError(ScanflowError):
    """A refusal or fault of the scanner room."""

    exit_code = ExitCode.SCANNER


class FeedFault(ScannerError):
    """A feed that did not end well; what was done up to ``last_good`` stays done.

    Attributes:
        last_good: last sheet whose sides were all handed on and are trusted.
        resume_at: the sheet to continue with, always the next one.
        needs_paper_check: someone must look at the paper path before continuing.
        first: first sheet of the feed that failed; None when no paper moved.
        fed: sheets of that feed that reached the output tray by the device's count; None where it does not
            tell.
    """

    needs_paper_check: ClassVar[bool] = True

    def __init__(self, *, last_good: int, **facts: object) -> None:
        self.last_good = last_good
        self.resume_at = last_good + 1
        self.first: int | None = None
        self.fed: int | None = None
        super().__init__(last_good=last_good, resume_at=self.resume_at, **facts)

    @property
    def check(self) -> Words:
        """What to count before continuing; it finds sheets that went through together unseen."""
        return count_output(self.first, self.fed)


def count_output(first: int | None, fed: int | None) -> Words:
    """The sentence that makes the output tray agree with the device's count.

    Args:
        first: first sheet of the feed.
        fed: sheets of the feed in the output tray by the device's count, None when it does not tell.
    """
    if fed is None or first is None:
        return Words(
            "Máy quét không cho biết đã nạp bao nhiêu tờ: đối chiếu tờ cuối cùng đã nhận với khay ra.",
            "The scanner does not tell how many sheets it fed: compare the last one that arrived with the output tray.",
        )
    return Words(
        f"Đếm khay ra: từ tờ {first} phải có đúng {fed} tờ. Nếu khác, hai tờ đã trôi dính nhau: "
        f"xếp lại cả lượt và quét lại từ tờ {first}.",
        f"Count the output tray: from sheet {first} on it must hold exactly {fed}. If not, two went through together: "
        f"put the whole run back and scan again from sheet {first}.",
    )


# ---- before a feed -----------------------------------------------------------------------------------------


class SaneMissing(ScannerError):
    """python-sane or libsane cannot be loaded."""

    code = "SCN-LIB"
    vi = "Không nạp được thư viện quét SANE ({why}). Cài libsane và python-sane rồi chạy lại."
    en = "The SANE library cannot be loaded ({why}). Install libsane and python-sane."
    exit_code = ExitCode.HOST_UNFIT


class SaneConfigUnsafe(ScannerError):
    """The SANE configuration would look around on a network."""

    code = "SCN-CONFIG"
    vi = "Thư mục cấu hình SANE {folder} không an toàn hoặc không đọc được: {why}. Dùng thư mục riêng của trạm."
    en = "The SANE configuration {folder} is unsafe or unreadable: {why}. Use the station's own directory."
    exit_code = ExitCode.HOST_UNFIT


class NoScanner(ScannerError):
    """No scanner answers."""

    code = "SCN-NONE"
    vi = "Không thấy máy quét {device}. Kiểm tra nguồn điện và cáp, bật máy rồi thử lại; chưa tờ nào được quét."
    en = "Scanner {device} is not there. Check power and cable, switch it on and try again; no sheet was scanned."


class DeviceIsPort(ScannerError):
    """A device name that is of a USB port, which changes when the cable is plugged again."""

    code = "SCN-PORT"
    vi = (
        "Tên máy quét {device} là số cổng USB, đổi khi cắm lại. Chạy scanflow scanner list và ghi identity vào "
        "cấu hình thay cho device."
    )
    en = "The device name {device} is a USB port. Run scanflow scanner list and configure its identity instead."
    exit_code = ExitCode.USAGE


class ProfileMissing(ScannerError):
    """No driver profile fits the device."""

    code = "SCN-PROFILE-NONE"
    vi = "Chưa có hồ sơ cấu hình cho máy quét {device}. Lập và kiểm thử hồ sơ trong thư mục drivers trước khi dùng."
    en = "No driver profile fits scanner {device}. Write and confirm one in drivers before use."


class ProfileInvalid(ScannerError):
    """A driver profile breaks its schema."""

    code = "SCN-PROFILE-BAD"
    vi = "Hồ sơ máy quét {path} sai ở mục {where}: {why}. Sửa lại hồ sơ rồi chạy lại."
    en = "Driver profile {path} is wrong at {where}: {why}. Correct it and run again."


class SettingRefused(ScannerError):
    """The scanner did not take a setting that must hold."""

    code = "SCN-SETTING"
    vi = (
        "Máy quét không nhận thiết lập bắt buộc {option} = {asked} (đọc lại được {got}). "
        "Chưa nạp tờ nào; kiểm tra hồ sơ máy quét."
    )
    en = "The scanner did not take {option} = {asked} (read back {got}). Nothing was fed; check the driver profile."


class SettingMissing(ScannerError):
    """The scanner lacks an option that must be set."""

    code = "SCN-SETTING-NONE"
    vi = "Máy quét không có thiết lập bắt buộc {option}. Chưa nạp tờ nào; máy này không dùng được với hồ sơ hiện tại."
    en = "The scanner has no option {option}, which must be set. Nothing was fed; it cannot be used with this profile."


class AddressBeyondHost(ScannerError):
    """An eSCL address that is not on this machine."""

    code = "SCN-NETWORK"
    vi = "Địa chỉ máy quét {url} nằm ngoài máy này. Trạm không mở mạng; nối máy quét qua cổng USB."
    en = "Scanner address {url} is beyond this machine. The station opens no network; connect it by USB."


class AlreadyFeeding(ScannerError):
    """A second feed was asked for while one runs."""

    code = "SCN-FEEDING"
    vi = "Máy quét đang chạy một lượt nạp khác. Chờ lượt đó xong hoặc dừng nó trước."
    en = "A feed is already running on this scanner. Wait for it or stop it first."


class FolderUnusable(ScannerError):
    """The folder of page images cannot be used."""

    code = "SCN-FOLDER"
    vi = "Không dùng được thư mục ảnh {folder}: {why}. Chưa nhận ảnh nào."
    en = "The image folder {folder} cannot be used: {why}. No image was taken."


class FolderOnDisk(ScannerError):
    """A scanner's delivery folder that is not in RAM."""

    code = "SCN-FOLDER-DISK"
    vi = "Thư mục nhận ảnh {folder} nằm trên đĩa. Ảnh trang không được chạm đĩa; đặt thư mục trên tmpfs."
    en = "The delivery folder {folder} lies on a disk. Page images must not touch one; put it on a tmpfs."
    exit_code = ExitCode.HOST_UNFIT


# ---- within a feed: the paper ------------------------------------------------------------------------------


class FeederEmpty(FeedFault):
    """No paper in the feeder at the start."""

    code = "SCN-EMPTY"
    vi = "Khay nạp không có giấy. Đặt giấy vào khay từ tờ {resume_at} rồi bấm quét."
    en = "The feeder is empty. Put in the paper from sheet {resume_at} and start."
    needs_paper_check = False


class FeederJammed(FeedFault):
    """Paper jam (kẹt giấy)."""

    code = "SCN-JAM"
    vi = "Kẹt giấy (hoặc máy báo nạp chồng, giấy lệch, ghim). Mở nắp lấy giấy kẹt ra. " + _RESUME_VI
    en = "Paper jam (or double feed, skew, staple). Open the cover and free the paper. " + _RESUME_EN


class CoverOpen(FeedFault):
    """The cover was opened (nắp mở)."""

    code = "SCN-COVER"
    vi = "Nắp máy quét đang mở. Đóng nắp lại. " + _RESUME_VI
    en = "The scanner's cover is open. Close it. " + _RESUME_EN


class DoubleFeed(FeedFault):
    """Two sheets at once, seen by the scanner's sensor (nạp chồng)."""

    code = "SCN-DOUBLE"
    vi = "Máy quét phát hiện hai tờ dính nhau. Lấy ra, tách rời, xòe lại xấp giấy. " + _RESUME_VI
    en = "The scanner detected a double feed. Take the sheets out and separate them. " + _RESUME_EN


class ParityBroken(FeedFault):
    """Front and back no longer alternate: no sheet of this feed can be trusted."""

    code = "SCN-PARITY"
    vi = "Mặt trước và mặt sau không còn khớp thành tờ ({why}); các tờ sau tờ {last_good} phải quét lại. " + _RESUME_VI
    en = "Fronts and backs do not pair up ({why}); all sheets after {last_good} are void. " + _RESUME_EN


# ---- within a feed: the picture ----------------------------------------------------------------------------


class ShortImage(FeedFault):
    """Fewer lines than the scanner announced."""

    code = "SCN-SHORT"
    vi = "Ảnh của tờ {resume_at} thiếu dòng ({got} trên {expected}). " + _RESUME_VI
    en = "The image of sheet {resume_at} lacks lines ({got} of {expected}). " + _RESUME_EN


class WrongFormat(FeedFault):
    """The picture is not what was asked for."""

    code = "SCN-FORMAT"
    vi = "Ảnh của tờ {resume_at} không đúng yêu cầu ({got}, cần {expected}). Kiểm tra máy quét. " + _RESUME_VI
    en = "The image of sheet {resume_at} is not as asked ({got} instead of {expected}). " + _RESUME_EN


class TornImage(FeedFault):
    """The image file is cut or cannot be decoded."""

    code = "SCN-TORN"
    vi = "Ảnh của tờ {resume_at} bị cắt cụt hoặc hỏng ({why}). " + _RESUME_VI
    en = "The image of sheet {resume_at} is cut off or damaged ({why}). " + _RESUME_EN


class Overwritten(FeedFault):
    """A delivered file was replaced before it was taken: a side is lost."""

    code = "SCN-OVERWRITTEN"
    vi = "Một tệp ảnh bị ghi đè trước khi được nhận; ít nhất một mặt đã mất. " + _RESUME_VI
    en = "A delivered file was replaced before it was taken; at least one side is lost. " + _RESUME_EN


# ---- within a feed: the device -----------------------------------------------------------------------------


class ScannerBusy(FeedFault):
    """Another program uses the scanner, or it warms up."""

    code = "SCN-BUSY"
    vi = "Máy quét đang bận. Đóng chương trình khác đang dùng máy quét, chờ một phút rồi thử lại. " + _RESUME_VI
    en = "The scanner is busy. Close other programs that use it, wait a minute and try again. " + _RESUME_EN
    needs_paper_check = False


class ScannerDenied(FeedFault):
    """The system does not let us at the device."""

    code = "SCN-DENIED"
    vi = "Không có quyền dùng máy quét. Thêm tài khoản vào nhóm scanner hoặc kiểm tra quy tắc udev. " + _RESUME_VI
    en = "Access to the scanner is denied. Add the account to the group scanner, check udev. " + _RESUME_EN
    needs_paper_check = False


class ScannerNoMemory(FeedFault):
    """Out of memory."""

    code = "SCN-MEMORY"
    vi = "Hết bộ nhớ khi quét. Chia xấp giấy nhỏ hơn rồi quét tiếp. " + _RESUME_VI
    en = "Out of memory while scanning. Use smaller stacks. " + _RESUME_EN


class ScannerInvalid(FeedFault):
    """The driver calls it an invalid argument: bad option, device gone, or a page not finished."""

    code = "SCN-INVALID"
    vi = "Trình điều khiển báo tham số không hợp lệ. Tắt rồi bật lại máy quét, thử lại. " + _RESUME_VI
    en = "The driver reports an invalid argument. Switch the scanner off and on, try again. " + _RESUME_EN


class ScannerUnsupported(FeedFault):
    """The driver does not know the operation."""

    code = "SCN-UNSUPPORTED"
    vi = "Trình điều khiển không hỗ trợ thao tác này. Kiểm tra hồ sơ máy quét. " + _RESUME_VI
    en = "The driver does not support this operation. Check the driver profile. " + _RESUME_EN


class ScannerIOError(FeedFault):
    """An exchange with the device failed."""

    code = "SCN-IO"
    vi = "Lỗi trao đổi với máy quét. Kiểm tra cáp và nguồn. " + _RESUME_VI
    en = "The exchange with the scanner failed. Check cable and power. " + _RESUME_EN


class ScannerGone(FeedFault):
    """The scanner vanished in the middle of a stack (mất kết nối)."""

    code = "SCN-GONE"
    vi = "Mất kết nối với máy quét giữa chừng. Cắm lại cáp, bật máy. " + _RESUME_VI
    en = "The scanner vanished in the middle of a stack. Reconnect it and switch it on. " + _RESUME_EN


class FeedCancelled(FeedFault):
    """Someone pressed stop at the device."""

    code = "SCN-CANCEL"
    vi = "Lượt nạp bị dừng ngay trên máy quét. " + _RESUME_VI
    en = "The feed was stopped at the device. " + _RESUME_EN


class ScannerHung(FeedFault):
    """The driver did not answer in time; its process was ended."""

    code = "SCN-HANG"
    vi = "Máy quét không trả lời trong {seconds} giây; đã ngắt trình điều khiển. Tắt rồi bật lại máy. " + _RESUME_VI
    en = "No answer from the scanner for {seconds} s; its driver was ended. Switch it off and on. " + _RESUME_EN


class DriverCrashed(FeedFault):
    """The driver's process died."""

    code = "SCN-CRASH"
    vi = "Trình điều khiển máy quét bị sập ({how}). Tắt rồi bật lại máy. " + _RESUME_VI
    en = "The scanner's driver crashed ({how}). Switch the scanner off and on. " + _RESUME_EN


# ---- within a feed: the end --------------------------------------------------------------------------------


class JobDied(FeedFault):
    """The scanner gave up its job with paper left."""

    code = "SCN-JOB"
    vi = "Máy quét tự bỏ lượt quét khi chưa hết giấy ({why}). " + _RESUME_VI
    en = "The scanner gave up its job before the paper ended ({why}). " + _RESUME_EN


class EndNotProved(FeedFault):
    """The driver says "no more paper" and nothing confirms it."""

    code = "SCN-END"
    vi = (
        "Máy quét báo hết giấy nhưng không chứng minh được ({why}). "
        "Xem khay nạp và đếm khay ra: phải có đúng đến tờ {last_good}. " + _RESUME_VI
    )
    en = (
        "The scanner says the paper ended, but this is not proved ({why}). "
        "Look into the feeder, count the output: it must end with sheet {last_good}. " + _RESUME_EN
    )


class CountNotProved(FeedFault):
    """The scanner fed more or fewer images than we received: no sheet of this feed can be trusted."""

    code = "SCN-COUNT"
    vi = (
        "Số ảnh máy quét báo ({device}) khác số ảnh nhận được ({received}); "
        "các tờ sau tờ {last_good} phải quét lại. " + _RESUME_VI
    )
    en = "The scanner counts {device} images, {received} arrived; sheets after {last_good} are void. " + _RESUME_EN


class SheetsDiffer(FeedFault):
    """The number of sheets is not the one counted beforehand: no sheet of this feed can be trusted."""

    code = "SCN-SHEETS"
    vi = "Đã khai {expected} tờ nhưng nhận được {received} tờ; đếm và quét lại các tờ sau tờ {last_good}. " + _RESUME_VI
    en = "{expected} sheets were declared, {received} arrived; sheets after {last_good} are void. " + _RESUME_EN
