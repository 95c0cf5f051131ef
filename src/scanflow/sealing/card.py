"""How a container is opened without scanflow: the one line, for the demo and for READ-ME.txt on a stick."""

from __future__ import annotations

import shlex


def openssl_line(container: str, certificate: str, key: str, pdf: str | None = None) -> str:
    """The command that opens a container with stock OpenSSL 3.

    OpenSSL 3.0 writes all plaintext before it has checked the tag, so the output gets its name only
    afterwards.

    Args:
        container: file name of the container (``….p7m``).
        certificate: the recipient's certificate, PEM.
        key: the recipient's private key, PEM.
        pdf: name of what comes out; the container's with ``.pdf`` if None.
    """
    target = pdf if pdf is not None else container.removesuffix(".p7m") + ".pdf"
    part = target + ".part"
    words = ["openssl", "cms", "-decrypt", "-binary", "-inform", "DER", "-in", container]
    words += ["-recip", certificate, "-inkey", key, "-out", part]
    tidy = f"{{ {shlex.join(['rm', '-f', part])}; false; }}"
    return f"{shlex.join(words)} && {shlex.join(['mv', part, target])} || {tidy}"


def read_me(line: str) -> str:
    """READ-ME.txt for a stick: how to open what is on it, nothing about the content (vi, then en)."""
    return (
        "Mỗi tệp .p7m là một tài liệu đã niêm phong (CMS AuthEnvelopedData, AES-256-GCM).\n"
        "Chỉ người nhận có khóa riêng mở được.\n"
        "Mở trên máy được phép xử lý bí mật nhà nước, không nối mạng:\n\n"
        f"  {line}\n\n"
        "Nếu lệnh báo lỗi: tệp đã hỏng hoặc bị sửa. Không dùng phần đã ra; lấy bản sao lưu khác.\n\n"
        "Each .p7m file is a sealed document (CMS AuthEnvelopedData, AES-256-GCM).\n"
        "Only a recipient's private key opens it, with OpenSSL 3.0 or newer and the line above.\n"
        "On an error discard the output.\n"
    )
