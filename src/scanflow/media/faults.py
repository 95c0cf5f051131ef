"""What an errno on a medium means for the operator (ý nghĩa lỗi của hệ điều hành).

After a yank the kernel answers EIO, ENODEV, ENXIO, ENOENT or EROFS, by chance of timing (measured on vfat,
exfat and ext4); so the errno alone decides nothing but "full": whether the device is still there is asked of
the device.
"""

from __future__ import annotations

import errno
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum

from scanflow.media import errors
from scanflow.media.medium import Medium

GRACE_SECONDS = 1.0
"""After an error, how long a real device is watched before it counts as still there."""


class Step(Enum):
    """Steps of a delivery: Vietnamese, English."""

    MOUNT = ("mở thiết bị", "opening it")
    TOKEN = ("đổi mã luân phiên", "changing the rolling token")
    CHECK = ("kiểm tra chỗ trống", "checking the space")
    DIRECTORY = ("tạo thư mục", "making the directory")
    WRITE = ("ghi tập tin", "writing a file")
    RECEIPT = ("ghi biên nhận", "writing the receipt")
    CLOSE = ("đóng thiết bị sau khi ghi", "closing it after writing")
    READ_BACK = ("đọc lại để kiểm tra", "reading back")
    LIST = ("liệt kê nội dung", "listing it")
    REMOVE = ("xóa phần dở dang", "removing debris")
    ENROL = ("duyệt thiết bị", "enrolling it")


@contextmanager
def told(medium: Medium, step: Step) -> Iterator[None]:
    """Turn every OSError inside into the fault that the operator can act on.

    Raises:
        MediumVanished, MediumSwapped, FilledUp, TurnedReadOnly, WriteFailed: from the OSError.
    """
    try:
        yield
    except OSError as fault:
        raise explain(fault, medium, step) from fault


def look_again(medium: Medium) -> None:
    """After an error: whether the same stick is still plugged, once the kernel has had time to say so.

    Raises:
        MediumVanished, MediumSwapped: it is not.
    """
    medium.still_there()
    if not medium.facts.simulated:
        # The error can be here before the kernel has taken a torn-out device off its lists.
        until = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < until:
            time.sleep(0.05)
            medium.still_there()


def explain(fault: OSError, medium: Medium, step: Step) -> errors.MediaError:
    """The fault behind an errno."""
    vi, en = step.value
    name = medium.facts.describe()
    try:
        look_again(medium)
    except errors.MediumFault as gone:
        if isinstance(gone, errors.MediumVanished):
            return errors.MediumVanished(device=name, step=vi, step_en=en)
        return gone
    except OSError:
        return errors.MediumVanished(device=name, step=vi, step_en=en)
    if fault.errno in (errno.ENODEV, errno.ENXIO, errno.ESHUTDOWN, errno.ENOMEDIUM):
        return errors.MediumVanished(device=name, step=vi, step_en=en)
    if fault.errno in (errno.ENOSPC, errno.EDQUOT):
        return errors.FilledUp(device=name, step=vi, step_en=en)
    if fault.errno == errno.EROFS:
        return errors.TurnedReadOnly(device=name, step=vi, step_en=en)
    return errors.WriteFailed(
        device=name, step=vi, step_en=en, errno=errno.errorcode.get(fault.errno or 0, str(fault.errno))
    )
