"""Why the command itself refuses: a file that it was told to read or write."""

from __future__ import annotations

from scanflow.errors import ExitCode, ScanflowError, Words


class FileRefused(ScanflowError):
    """A file that was named cannot be read or made (tệp không đọc hoặc không ghi được)."""

    code = "CLI-FILE"
    exit_code = ExitCode.USAGE
    vi = "Tệp {path}: {why}. Kiểm tra tên tệp, quyền và chỗ trống rồi làm lại."
    en = "The file {path}: {why}. Check its name, the rights and the free space, and try again."

    @classmethod
    def of(cls, fault: OSError) -> FileRefused:
        """The refusal for what the system said of a file."""
        why = _WHY.get(type(fault), Words("hệ thống từ chối", "the system refused"))
        return cls(path=fault.filename, why=why)


_WHY: dict[type[OSError], Words] = {
    FileNotFoundError: Words("không có", "is not there"),
    FileExistsError: Words("đã có, không ghi đè", "exists; nothing was overwritten"),
    IsADirectoryError: Words("là thư mục", "is a folder"),
    NotADirectoryError: Words("nằm trong một tệp, không phải thư mục", "lies in a file, not in a folder"),
    PermissionError: Words("không có quyền", "may not be used"),
}
