"""What the console itself refuses (từ chối của bàn điều khiển)."""

from __future__ import annotations

from typing import ClassVar

from scanflow.errors import ExitCode, ScanflowError


class ConsoleError(ScanflowError):
    """Root of this room's causes.

    Attributes:
        status: HTTP status of the page that says it.
    """

    status: ClassVar[int] = 400
    exit_code = ExitCode.USAGE


class AddressBeyondMachine(ConsoleError):
    """Asked to listen where another machine could connect (địa chỉ ngoài máy này)."""

    code = "CON-ADDRESS"
    vi = "Không mở bàn điều khiển ở {address}: chỉ dùng 127.0.0.1:CỔNG, [::1]:CỔNG hoặc unix:/đường/dẫn."
    en = "The console does not listen at {address}: only 127.0.0.1:PORT, [::1]:PORT or unix:/path."


class AddressTaken(ConsoleError):
    """The port or socket is in use (cổng đang có chương trình khác dùng)."""

    code = "CON-TAKEN"
    vi = "Không mở được {address} ({cause}). Có thể một bàn điều khiển khác đang chạy: tắt nó, hoặc chọn cổng khác."
    en = "Cannot listen at {address} ({cause}). Another console may be running: stop it, or choose another port."


class HostRefused(ConsoleError):
    """The request names another host: a foreign page may be behind it (sai tên máy chủ)."""

    code = "CON-HOST"
    vi = "Yêu cầu gửi đến tên máy khác. Mở lại bàn điều khiển đúng địa chỉ của trạm."
    en = "The request names another host. Open the console at the station's own address."
    status = 421


class Forged(ConsoleError):
    """The form did not come from a page of this session (biểu mẫu không phải của phiên này)."""

    code = "CON-FORGED"
    vi = "Biểu mẫu không phải của phiên làm việc này nên không được nhận. Tải lại trang rồi làm lại."
    en = "The form is not of this session and was not accepted. Reload the page and try again."
    status = 403


class SignInNeeded(ConsoleError):
    """Nobody is signed in, or the session was locked (chưa đăng nhập)."""

    code = "CON-SIGN-IN"
    vi = "Chưa đăng nhập, hoặc phiên đã khóa vì để lâu. Đăng nhập rồi làm lại."
    en = "Nobody is signed in, or the session was locked. Sign in and try again."
    status = 401
    exit_code = ExitCode.NOT_AUTHORISED


class RoleRefused(ConsoleError):
    """This role may not do that (không đúng vai trò)."""

    code = "CON-ROLE"
    vi = "Vai trò của bạn ({role}) không được làm việc này. Cần: {needed}."
    en = "Your role ({role}) may not do this. Needed: {needed}."
    status = 403
    exit_code = ExitCode.NOT_AUTHORISED


class TooManyTries(ConsoleError):
    """Too many refused sign-ins in a short time (đăng nhập sai quá nhiều)."""

    code = "CON-WAIT"
    vi = "Đăng nhập sai quá nhiều lần. Chờ {minutes} phút rồi thử lại."
    en = "Too many refused sign-ins. Wait {minutes} minutes and try again."
    status = 429
    exit_code = ExitCode.NOT_AUTHORISED


class QuestionGone(ConsoleError):
    """The question was answered, or another one stands now (câu hỏi không còn)."""

    code = "CON-GONE"
    vi = "Việc này đã có người trả lời hoặc không còn. Xem lại màn hình; chưa ghi nhận gì từ lần bấm vừa rồi."
    en = "This was answered already or is gone. Look at the screen again; your last press changed nothing."
    status = 409


class AnswerUnclear(ConsoleError):
    """A field of the form is missing or impossible (trả lời chưa rõ)."""

    code = "CON-ANSWER"
    vi = "Chưa nhận: ô “{field}” trống hoặc sai. Sửa ô đó rồi bấm lại."
    en = "Not accepted: the field “{field}” is empty or wrong. Correct it and press again."


class NothingToShow(ConsoleError):
    """The console cannot tell what a signature would do, so it takes none (không rõ nội dung ký)."""

    code = "CON-UNSHOWN"
    vi = "Bàn điều khiển không nêu được rõ nội dung cần ký nên không nhận chữ ký. Làm việc này bằng lệnh ở dòng lệnh."
    en = "The console cannot name plainly what would be signed, so it takes no signature. Use the command line."
    status = 409


class NotShown(ConsoleError):
    """A signature for a matter other than the one on the screen (chữ ký không kèm nội dung đang hiện)."""

    code = "CON-NOT-SHOWN"
    vi = "Chữ ký không kèm đúng nội dung đang hiện, nên chưa ký gì. Đọc lại nội dung trên màn hình rồi ký."
    en = "The signature was not for what stands on the screen, and nothing was signed. Read it again, then sign."
    status = 409


class NotReadBack(ConsoleError):
    """A delivery that broke off is said to be done, and the station did not read it whole (chưa đọc lại)."""

    code = "CON-NOT-READ"
    vi = (
        "Chưa ghi gì: trạm chưa đọc thấy lần giao này nguyên vẹn trên thiết bị nhớ. Cắm đúng thiết bị nhớ, "
        "bấm “Đọc thiết bị nhớ đang cắm”, rồi làm lại."
    )
    en = (
        "Nothing was recorded: the station did not read this delivery whole on a medium. Plug that medium in, "
        "have it read, and try again."
    )
    status = 409


class Busy(ConsoleError):
    """Another act is being done (đang có việc khác)."""

    code = "CON-BUSY"
    vi = "Trạm đang làm việc khác. Chờ việc đó xong rồi làm lại."
    en = "The station is busy with something else. Wait until it is done."
    status = 409


class ListGone(ConsoleError):
    """No such handover list in the folder (không có danh mục)."""

    code = "CON-LIST"
    vi = "Không có danh mục này trong thư mục nhận. Chép danh mục vào thư mục rồi chọn lại."
    en = "There is no such list in the folder. Put it there and choose again."
    status = 404


class NoSuchPage(ConsoleError):
    """The address leads nowhere (không có trang)."""

    code = "CON-PAGE"
    vi = "Không có trang này. Về màn hình chính."
    en = "There is no such page. Go back to the main screen."
    status = 404


class BatchAbandoned(ConsoleError):
    """The people left the batch, or the console was closed (bỏ đợt)."""

    code = "CON-ABANDONED"
    vi = "Đã bỏ đợt theo yêu cầu. Mọi trang trong bộ nhớ đã hủy, chưa tài liệu nào rời phòng; nạp lại từ đầu."
    en = "The batch was left on request. All pages in memory are erased and nothing left the room; feed it again."
    exit_code = ExitCode.INTERRUPTED


class Broken(ConsoleError):
    """The program failed at a place where it must not (lỗi chương trình)."""

    code = "CON-BROKEN"
    vi = "Lỗi chương trình ({kind}). Việc đang làm đã dừng và các trang trong bộ nhớ đã hủy. Báo người phụ trách."
    en = "The program failed ({kind}). The work was stopped and the pages in memory erased. Tell the person in charge."
    status = 500
    exit_code = ExitCode.INTERNAL
