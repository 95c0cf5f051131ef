"""Why a medium is refused, and what can go wrong on it: one class a cause (lý do từ chối, sự cố).

Two families. :class:`DeviceRefused` is the answer of the policy: the device is not written at all.
:class:`MediumFault` is trouble on a device that was allowed: nothing is said to be delivered.
Facts in the sentences come from untrusted descriptors, so callers pass them through
:func:`scanflow.media.names.shown`.
"""

from __future__ import annotations

from scanflow.errors import ExitCode, ScanflowError


class MediaError(ScanflowError):
    """Anything about an output device (thiết bị nhớ ngoài)."""

    exit_code = ExitCode.MEDIUM


class DeviceRefused(MediaError):
    """The policy says no (từ chối thiết bị). The subclass is the reason."""


# --- what the descriptors show -----------------------------------------------------------------------------


class DescriptorsMalformed(DeviceRefused):
    """The descriptor bytes break the USB grammar (mô tả thiết bị sai chuẩn)."""

    code = "MED-MALFORMED"
    vi = "Thiết bị {device} khai báo sai chuẩn USB nên bị từ chối. Rút ra, giao cán bộ an ninh kiểm tra."
    en = "Device {device} has malformed descriptors ({fault}). Unplug it and hand it to the security officer."


class DescriptorsChanged(DeviceRefused):
    """Two readings of the same device differ (thiết bị khai báo hai lần khác nhau)."""

    code = "MED-CHANGED"
    vi = "Thiết bị {device} khai báo khác đi giữa hai lần đọc, có dấu hiệu giả mạo. Rút ra ngay và báo cán bộ an ninh."
    en = "Device {device} answered differently when read again. Unplug it and call the security officer."


class HubRefused(DeviceRefused):
    """A hub where a stick should be (bộ chia USB)."""

    code = "MED-HUB"
    vi = "{device} là bộ chia USB (hub), không được dùng. Rút ra và cắm thiết bị nhớ trực tiếp vào máy."
    en = "{device} is a USB hub. Unplug it and plug the stick into the machine itself."


class NotStorage(DeviceRefused):
    """No mass-storage interface at all (không phải thiết bị nhớ)."""

    code = "MED-NOT-STORAGE"
    vi = "{device} không phải thiết bị nhớ USB nên không được nhận dữ liệu."
    en = "{device} is no mass-storage device; nothing is written to it."


class ExtraInterface(DeviceRefused):
    """A stick with something else inside, e.g. a keyboard (có thành phần lạ bên trong)."""

    code = "MED-EXTRA-INTERFACE"
    vi = (
        "Thiết bị nhớ {device} có thêm thành phần lạ bên trong ({extra}), có thể là thiết bị tấn công. "
        "Rút ra ngay và báo cán bộ an ninh."
    )
    en = "Stick {device} carries further interfaces ({extra}). Unplug it at once and call the security officer."


class SerialMissing(DeviceRefused):
    """No serial number (thiếu số sê-ri)."""

    code = "MED-NO-SERIAL"
    vi = "Thiết bị nhớ {device} không có số sê-ri nên không thể nhận diện. Dùng thiết bị đã được duyệt."
    en = "Stick {device} has no serial number and cannot be told apart. Use an enrolled one."


class SerialUnfit(DeviceRefused):
    """A serial that identifies nothing: generic, unprintable, too long (số sê-ri không dùng được)."""

    code = "MED-BAD-SERIAL"
    vi = "Số sê-ri của thiết bị nhớ {device} không hợp lệ hoặc là số dùng chung. Dùng thiết bị đã được duyệt."
    en = "The serial number of stick {device} is generic, too long or not plain text. Use an enrolled one."


# --- what the registry says --------------------------------------------------------------------------------


class NotEnrolled(DeviceRefused):
    """Unknown to the registry (chưa được duyệt)."""

    code = "MED-NOT-ENROLLED"
    vi = "Thiết bị nhớ {device} chưa được duyệt. Rút ra, dùng thiết bị đã được đăng ký hoặc đề nghị duyệt."
    en = "Stick {device} is not enrolled. Unplug it and use an enrolled one, or have it enrolled."


class Unclassified(DeviceRefused):
    """Enrolled without a clearance level (chưa được phân loại độ mật)."""

    code = "MED-UNCLASSIFIED"
    vi = "Thiết bị nhớ {device} chưa được phân loại độ mật nên không được nhận tài liệu. Đề nghị phân loại lại."
    en = "Stick {device} is unclassified: it carries no clearance. Have it enrolled anew with one."


class ClearanceTooLow(DeviceRefused):
    """The document's level is above the stick's clearance (thiết bị không đủ độ mật)."""

    code = "MED-CLEARANCE"
    vi = (
        "Thiết bị nhớ {device} chỉ được chứa tài liệu đến độ {clearance}, tài liệu này ở độ {level}. "
        "Dùng thiết bị có độ mật phù hợp."
    )
    en = "Stick {device} is cleared up to {clearance}, the document is {level}. Use a stick of enough clearance."


class NeverOnMedium(DeviceRefused):
    """TUYỆT MẬT leaves on no medium, whatever its clearance (tuyệt mật không được xuất ra)."""

    code = "MED-TOP-SECRET"
    vi = "Tài liệu Tuyệt mật không được ghi ra thiết bị nhớ và không có thiết bị nào được duyệt cho độ này."
    en = "Nothing TUYET MAT is ever written to a medium, and no stick is cleared for it."


class Revoked(DeviceRefused):
    """Taken off the list (đã thu hồi)."""

    code = "MED-REVOKED"
    vi = "Thiết bị nhớ {device} đã bị thu hồi quyền sử dụng. Rút ra và nộp lại cho cán bộ an ninh."
    en = "Stick {device} was revoked. Unplug it and return it to the security officer."


class OutsideValidity(DeviceRefused):
    """Before or after its dates (ngoài thời hạn sử dụng)."""

    code = "MED-VALIDITY"
    vi = "Thiết bị nhớ {device} ngoài thời hạn được phép ({since} đến {until}). Đề nghị gia hạn hoặc đổi thiết bị."
    en = "Stick {device} is outside its validity ({since} to {until}). Renew it or take another."


class ShapeDiffers(DeviceRefused):
    """The triple is enrolled, but the device is built otherwise (trùng mã nhưng cấu tạo khác)."""

    code = "MED-SHAPE"
    vi = (
        "Thiết bị {device} mang mã của thiết bị đã duyệt nhưng cấu tạo khác, có dấu hiệu giả mạo. "
        "Rút ra ngay và báo cán bộ an ninh."
    )
    en = "Device {device} bears an enrolled identity but is built differently. Call the security officer."


class SpeedNotEnrolled(DeviceRefused):
    """Right device, but this bus speed was never recorded (cổng có tốc độ chưa đăng ký)."""

    code = "MED-SPEED"
    vi = "Thiết bị nhớ {device} chưa được đăng ký ở tốc độ cổng này ({speed} Mb/s). Cắm vào cổng đã dùng khi duyệt."
    en = "Stick {device} was never enrolled at this port speed ({speed} Mb/s). Use the port it was enrolled on."


class CloneSuspected(DeviceRefused):
    """Token or record do not match, or the identity is there twice (nghi thiết bị nhân bản)."""

    code = "MED-CLONE"
    vi = (
        "Thiết bị nhớ {device} không khớp lần dùng trước ({why}): có thể đã bị sao chép nguyên bản. "
        "Ngừng dùng và báo cán bộ an ninh."
    )
    en = "Stick {device} does not match its last use ({why}): a copy may exist. Stop and call the security officer."


class RecordInvalid(DeviceRefused):
    """The signed enrolment record is missing or wrong (bản ghi duyệt trên thiết bị thiếu hoặc sai)."""

    code = "MED-RECORD"
    vi = "Bản ghi duyệt trên thiết bị nhớ {device} thiếu hoặc không đúng chữ ký ({why}). Báo cán bộ an ninh."
    en = "The enrolment record on stick {device} is missing or wrong ({why}). Call the security officer."


class RegistryTampered(DeviceRefused):
    """A registry row does not bear the station's signature (sổ thiết bị bị sửa)."""

    code = "MED-REGISTRY"
    vi = "Mục đăng ký của thiết bị nhớ {device} không đúng chữ ký của trạm. Ngừng dùng và báo cán bộ an ninh."
    en = "The registry entry of stick {device} does not verify. Stop and call the security officer."


class SameStickTwice(DeviceRefused):
    """The second copy would land on the first copy's stick (bản thứ hai phải nằm trên thiết bị khác)."""

    code = "MED-SAME-STICK"
    vi = "Thiết bị nhớ {device} đã giữ bản thứ nhất. Rút ra và cắm thiết bị khác cho bản thứ hai."
    en = "Stick {device} already holds the first copy. Plug another one for the second."


# --- what is plugged ---------------------------------------------------------------------------------------


class NoStick(DeviceRefused):
    """Nothing there (chưa có thiết bị nhớ)."""

    code = "MED-NONE"
    vi = "Chưa có thiết bị nhớ nào được cắm. Cắm thiết bị đã được duyệt."
    en = "No stick is plugged in. Plug in an enrolled one."


class TwoSticks(DeviceRefused):
    """More than one candidate (nhiều thiết bị cùng lúc)."""

    code = "MED-TWO"
    vi = "Đang cắm {count} thiết bị nhớ cùng lúc. Chỉ để lại đúng một thiết bị được duyệt."
    en = "{count} sticks are plugged in. Leave exactly one enrolled stick."


class LunsDiffer(DeviceRefused):
    """Not the set of drives the model was enrolled with (số ổ bên trong khác khi duyệt)."""

    code = "MED-LUNS"
    vi = "Thiết bị nhớ {device} hiện {found} ổ, khác với khi được duyệt. Rút ra và báo cán bộ an ninh."
    en = "Stick {device} shows {found} drive(s), unlike at enrolment. Unplug it and call the security officer."


class MediumLocked(DeviceRefused):
    """An encrypting stick that is still locked (thiết bị mã hóa chưa mở khóa)."""

    code = "MED-LOCKED"
    vi = "Thiết bị nhớ {device} chưa mở khóa. Mở khóa theo hướng dẫn của thiết bị rồi thử lại."
    en = "Stick {device} is still locked. Unlock it the way its maker says, then try again."


class NoMedium(DeviceRefused):
    """A drive without a disk in it, or of zero size (ổ rỗng)."""

    code = "MED-EMPTY"
    vi = "Thiết bị nhớ {device} không có dung lượng. Rút ra, kiểm tra hoặc thay thiết bị."
    en = "Stick {device} reports no capacity. Check or replace it."


class MediumReadOnly(DeviceRefused):
    """Write-protected (thiết bị chỉ đọc)."""

    code = "MED-READ-ONLY"
    vi = "Thiết bị nhớ {device} đang ở chế độ chỉ đọc. Mở khóa ghi hoặc thay thiết bị."
    en = "Stick {device} is write-protected. Slide its switch or take another."


class WrongFilesystem(DeviceRefused):
    """Neither FAT32, exFAT nor ext4, or not the enrolled one (hệ thống tập tin không đúng)."""

    code = "MED-FILESYSTEM"
    vi = (
        "Thiết bị nhớ {device} có hệ thống tập tin không được hỗ trợ hoặc đã bị định dạng lại ({found}). Cần duyệt lại."
    )
    en = "Stick {device} has an unsupported or changed file system ({found}). It must be enrolled anew."


class FilesystemDirty(DeviceRefused):
    """It was pulled out while being written (hệ thống tập tin chưa được đóng đúng cách)."""

    code = "MED-DIRTY"
    vi = "Thiết bị nhớ {device} bị rút khi đang ghi ở lần trước. Chạy scanflow media repair rồi thử lại."
    en = "Stick {device} was not unmounted cleanly ({found}). Run scanflow media repair, then try again."


class HostileLabel(DeviceRefused):
    """Control characters in the volume label (nhãn ổ chứa ký tự điều khiển)."""

    code = "MED-LABEL"
    vi = "Nhãn của thiết bị nhớ {device} chứa ký tự không cho phép. Rút ra và báo cán bộ an ninh."
    en = "The volume label of stick {device} holds forbidden characters. Call the security officer."


class FakeCapacity(DeviceRefused):
    """The stick holds less than it claims (dung lượng giả)."""

    code = "MED-FAKE-SIZE"
    vi = "Thiết bị nhớ {device} khai dung lượng giả: dữ liệu ghi ở {offset} byte không đọc lại được. Không được duyệt."
    en = "Stick {device} claims a false capacity: what was written at byte {offset} does not come back."


# --- host ---------------------------------------------------------------------------------------------------


class NotRoot(MediaError):
    """The broker needs root to open a port and to mount (cần quyền quản trị)."""

    code = "MED-NOT-ROOT"
    vi = "Chương trình không có quyền điều khiển cổng USB. Khởi động dịch vụ scanflow với quyền root."
    en = "No right to control USB ports or mount. Run the scanflow service as root."
    exit_code = ExitCode.NOT_AUTHORISED


class NoUsbHere(MediaError):
    """No USB bus or no libusb on this host (máy không có USB)."""

    code = "MED-NO-USB"
    vi = "Máy này không có cổng USB dùng được ({why}). Kiểm tra máy, hoặc chọn thiết bị mô phỏng trong cấu hình."
    en = "No usable USB on this host ({why}). Check it, or choose the simulated stick in the configuration."
    exit_code = ExitCode.HOST_UNFIT


class AlreadyMounted(MediaError):
    """Somebody else mounted the stick, or the mount point is taken (thiết bị đã bị chương trình khác gắn)."""

    code = "MED-MOUNTED"
    vi = "Thiết bị nhớ {device} đang bị chương trình khác giữ. Tắt tự động gắn thiết bị, rút ra và cắm lại."
    en = "Stick {device} is held by another mount or program. Turn the automounter off, unplug and plug again."


class MountFailed(MediaError):
    """The kernel refused the file system (không gắn được hệ thống tập tin)."""

    code = "MED-MOUNT"
    vi = "Không mở được hệ thống tập tin trên thiết bị nhớ {device} ({why}). Chạy scanflow media repair hoặc thay."
    en = "The file system on stick {device} cannot be mounted ({why}). Run scanflow media repair or take another."


class CheckerMissing(MediaError):
    """The checker of this file system is not installed (thiếu chương trình kiểm tra)."""

    code = "MED-CHECKER"
    vi = "Máy thiếu chương trình {tool} để sửa thiết bị nhớ. Cài gói {package} rồi thử lại."
    en = "This host lacks {tool} to repair sticks. Install the package {package} and try again."
    exit_code = ExitCode.HOST_UNFIT


class RepairFailed(MediaError):
    """The file system's own checker could not make it whole (không sửa được)."""

    code = "MED-REPAIR"
    vi = (
        "Không sửa được hệ thống tập tin trên thiết bị nhớ {device} ({why}). Các gói đã giao vẫn tính theo biên nhận; "
        "sao chúng sang thiết bị khác rồi thu hồi thiết bị này."
    )
    en = "The file system on stick {device} cannot be repaired ({why}). Copy what is whole and revoke the stick."


# --- on the medium ------------------------------------------------------------------------------------------


class MediumFault(MediaError):
    """A delivery broke off: nothing of it counts as delivered (việc ghi bị gián đoạn)."""


class MediumVanished(MediumFault):
    """Pulled out or dead (thiết bị biến mất)."""

    code = "MED-VANISHED"
    vi = "Thiết bị nhớ {device} đã bị rút hoặc mất kết nối khi {step}. Chưa bàn giao gì; cắm lại và ghi lại từ đầu."
    en = "Stick {device} vanished while {step_en}. Nothing was delivered; plug it in and deliver again."


class MediumSwapped(MediumFault):
    """Another device stands where the judged one stood (thiết bị bị tráo)."""

    code = "MED-SWAPPED"
    vi = "Thiết bị nhớ {device} đã bị tráo sau khi kiểm tra. Dừng lại và báo cán bộ an ninh."
    en = "The device is not the one that was judged ({device}). Stop and call the security officer."


class MediumFull(MediumFault):
    """Not enough room; checked before the first byte (không đủ chỗ)."""

    code = "MED-FULL"
    vi = "Thiết bị nhớ {device} không đủ chỗ: cần {need} byte, còn {free} byte. Dùng thiết bị khác."
    en = "Stick {device} is full: {need} bytes needed, {free} free. Take another."


class FilledUp(MediumFault):
    """No room left while writing, although there was enough before (hết chỗ giữa chừng)."""

    code = "MED-FILLED-UP"
    vi = "Thiết bị nhớ {device} hết chỗ khi {step}. Chưa bàn giao gì; dùng thiết bị khác."
    en = "Stick {device} ran out of room while: {step_en}. Nothing was delivered; take another."


class WriteFailed(MediumFault):
    """An input or output error with the stick still there (lỗi ghi)."""

    code = "MED-IO"
    vi = "Lỗi ghi trên thiết bị nhớ {device} khi {step} ({errno}). Chưa bàn giao gì; thay thiết bị và ghi lại."
    en = "I/O error on stick {device} while {step_en} ({errno}). Nothing was delivered; take another stick."


class TurnedReadOnly(MediumFault):
    """The kernel set the file system read-only under us (hệ thống tập tin chuyển sang chỉ đọc)."""

    code = "MED-TURNED-RO"
    vi = "Thiết bị nhớ {device} chuyển sang chỉ đọc khi {step}. Chưa bàn giao gì; thay thiết bị và ghi lại."
    en = "Stick {device} turned read-only while {step_en}. Nothing was delivered; take another stick."


class ReadBackDiffers(MediumFault):
    """What was read from the medium is not what was sealed (đọc lại không khớp)."""

    code = "MED-READ-BACK"
    vi = "Tập tin {name} đọc lại từ thiết bị nhớ {device} không khớp. Chưa bàn giao; thay thiết bị và ghi lại."
    en = "File {name} read back from stick {device} differs. Not delivered; take another stick."


class ReceiptInvalid(MediumFault):
    """A receipt is missing, cut or not signed by the station (biên nhận không hợp lệ)."""

    code = "MED-RECEIPT"
    vi = "Biên nhận {name} trên thiết bị nhớ thiếu hoặc sai chữ ký. Không được coi là đã bàn giao."
    en = "Receipt {name} on the stick is missing or does not verify. It does not count as delivered."


class AlreadyDelivered(MediumFault):
    """The job's directory is there already: a second run, or debris (đợt này đã có trên thiết bị)."""

    code = "MED-EXISTS"
    vi = "Trên thiết bị nhớ {device} đã có thư mục {name}. Xem danh sách phần dở dang hoặc dùng thiết bị khác."
    en = "Stick {device} already holds directory {name}. Look at the debris list or take another stick."


class TooSlow(MediumFault):
    """It no longer takes data at a useful rate (thiết bị ghi quá chậm)."""

    code = "MED-SLOW"
    vi = "Thiết bị nhớ {device} ghi quá chậm ({seconds} giây cho một phần). Chưa bàn giao; thay thiết bị."
    en = "Stick {device} is too slow ({seconds} s for one piece). Not delivered; take another stick."


# --- misuse of the room -------------------------------------------------------------------------------------


class PermitSpent(MediaError):
    """A write permit is good for one delivery (giấy phép ghi đã dùng)."""

    code = "MED-PERMIT"
    vi = "Giấy phép ghi đã được dùng. Kiểm tra lại thiết bị nhớ để lấy giấy phép mới."
    en = "The write permit was already used. Judge the stick again for a new one."


class NameUnfit(MediaError):
    """A file or job name that would not travel or would tell too much (tên tập tin không hợp lệ)."""

    code = "MED-NAME"
    vi = "Tên tập tin xuất ra không hợp lệ. Tên chỉ gồm chữ cái không dấu, số, gạch nối, không mang nội dung."
    en = "An output name is not plain short ASCII, or is given twice."


class FileTooLarge(MediaError):
    """FAT32 holds files below 4 GiB (tập tin quá lớn cho FAT32)."""

    code = "MED-TOO-LARGE"
    vi = "Tập tin {name} lớn hơn giới hạn 4 GiB của FAT32. Dùng thiết bị nhớ định dạng exFAT hoặc ext4."
    en = "File {name} is beyond the 4 GiB limit of FAT32. Take a stick with exFAT or ext4."


class ContainerDiffers(MediaError):
    """The bytes handed over are not the ones that were digested (tập tin không khớp mã băm)."""

    code = "MED-DIGEST"
    vi = "Tập tin {name} không khớp mã băm khi giao cho khâu ghi. Đóng gói lại tài liệu."
    en = "Container {name} does not match its digest before writing. Seal the document again."


class ModelUnfit(MediaError):
    """The description of a model of stick cannot be used (mô tả loại thiết bị sai)."""

    code = "MED-MODEL"
    vi = "Tệp mô tả loại thiết bị nhớ {path} không dùng được: {why}. Sửa theo mẫu trong config/media."
    en = "The model description {path} is refused: {why}. Correct it after the examples in config/media."
    exit_code = ExitCode.USAGE


class SignOffMissing(MediaError):
    """Enrolment needs two persons over exactly this statement (chưa đủ hai người duyệt)."""

    code = "MED-SIGN-OFF"
    vi = "Chưa có đủ hai người ký duyệt cho đúng nội dung này. Hai người khác nhau phải ký."
    en = "Two different persons have not signed exactly this statement."
    exit_code = ExitCode.NOT_AUTHORISED


class AlreadyEnrolled(MediaError):
    """The identity is in the registry (thiết bị đã được đăng ký)."""

    code = "MED-ENROLLED"
    vi = "Thiết bị nhớ {device} đã có trong sổ đăng ký. Thu hồi mục cũ trước khi duyệt lại."
    en = "Stick {device} is already in the registry. Revoke the old entry before enrolling it anew."
