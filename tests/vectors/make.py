"""Writes the container vectors of this folder: ``python -m tests.vectors.make``. Each fault is made on purpose, once."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from scanflow.sealing import cms, der
from scanflow.sealing.cms import OaepHash
from scanflow.sealing.keyops import key_identifier, wrap_key
from scanflow.sealing.keys import Algorithm, Issued, new_ca, new_certificate

FOLDER = Path(__file__).parent
PLAIN = b"scanflow vector\n" * 16

Fault = tuple[str, str, str, bytes]
"""Name, expectation, what is wrong, the bytes."""


@dataclass(frozen=True)
class Parts:
    """A container taken apart, every part as it will stand in the bytes."""

    recipients: bytes
    version: bytes
    inner_type: bytes
    cipher: bytes
    parameters: bytes
    ciphertext: bytes
    tag: bytes
    outer_type: bytes = cms.AUTH_ENVELOPED_DATA
    before_recipients: bytes = b""
    after_content: bytes = b""
    after_tag: bytes = b""

    def build(self) -> bytes:
        content = der.sequence(self.inner_type, der.sequence(self.cipher, self.parameters), self.ciphertext)
        body = der.sequence(
            *(self.version, self.before_recipients, self.recipients, content),
            *(self.after_content, der.octets(self.tag), self.after_tag),
        )
        return der.sequence(self.outer_type, der.tlv(0xA0, body))


def gcm(key: bytes, nonce: bytes, tag_size: int = 16) -> tuple[bytes, bytes]:
    mode = modes.GCM(nonce, min_tag_length=4) if tag_size < 16 else modes.GCM(nonce)
    encryptor = Cipher(algorithms.AES(key), mode).encryptor()
    ciphertext = encryptor.update(PLAIN) + encryptor.finalize()
    return ciphertext, encryptor.tag[:tag_size]


def parameters(nonce: bytes, icv: int | None = 16) -> bytes:
    return der.sequence(der.octets(nonce), b"" if icv is None else der.integer(icv))


def parts_for(key: bytes, recipients: bytes, nonce: bytes | None = None, tag_size: int = 16) -> Parts:
    nonce = cms.bound_nonce(recipients) if nonce is None else nonce
    ciphertext, tag = gcm(key, nonce, tag_size)
    return Parts(
        recipients,
        der.integer(0),
        cms.DATA,
        cms.AES256_GCM,
        parameters(nonce),
        der.tlv(0x80, ciphertext),
        tag,
    )


def all_faults(ec: Issued, rsa: Issued, other: Issued) -> Iterator[Fault]:
    key = os.urandom(32)
    infos = tuple(wrap_key(key, one.certificate, OaepHash.SHA256) for one in (ec, rsa, other))
    recipients = cms.encode_recipients(infos)
    good = parts_for(key, recipients)
    yield "good-ec-rsa", "open", "nothing", good.build()
    sha1 = cms.encode_recipients((infos[0], wrap_key(key, rsa.certificate, OaepHash.SHA1)))
    yield (
        "good-oaep-sha1",
        "open",
        "nothing; OAEP with SHA-1, as some tokens need",
        parts_for(key, sha1).build(),
    )
    yield from content_faults(key, recipients, good)
    yield from recipient_faults(key, infos, ec, rsa, other)
    yield from encoding_faults(good)
    yield from forgeries(key, recipients, good, infos, rsa, ec)


def content_faults(key: bytes, recipients: bytes, good: Parts) -> Iterator[Fault]:
    iv = os.urandom(16)
    encryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
    cbc = encryptor.update(PLAIN) + encryptor.finalize()
    no_aead = replace(
        good,
        cipher=der.oid("2.16.840.1.101.3.4.1.42"),
        parameters=der.octets(iv),
        ciphertext=der.tlv(0x80, cbc),
        tag=bytes(16),
    )
    bad = "malformed"
    yield (
        "cve-2026-34182-cbc",
        bad,
        "AES-256-CBC under AuthEnvelopedData: decrypts without authentication",
        no_aead.build(),
    )
    for size in (4, 8, 12):
        short = parts_for(key, recipients, tag_size=size)
        nonce = cms.bound_nonce(recipients)
        short = replace(short, parameters=parameters(nonce, size))
        yield (
            f"cve-2026-34182-tag-{size}",
            bad,
            f"a tag of {size} bytes, announced and correct",
            short.build(),
        )
    nonce = cms.bound_nonce(recipients)
    twelve = parts_for(key, recipients, tag_size=12)
    yield (
        "icvlen-absent",
        bad,
        "no ICVlen: the default is 12",
        replace(twelve, parameters=parameters(nonce, None)).build(),
    )
    yield "tag-empty", bad, "an empty tag under ICVlen 16", replace(good, tag=b"").build()
    yield "tag-12-under-icvlen-16", bad, "12 bytes of tag under ICVlen 16", twelve.build()
    yield "tag-17", bad, "a tag of 17 bytes", replace(good, tag=good.tag + b"\0").build()
    yield (
        "icvlen-12-under-tag-16",
        bad,
        "ICVlen 12 with a tag of 16",
        replace(good, parameters=parameters(nonce, 12)).build(),
    )
    yield (
        "icvlen-long-form",
        bad,
        "ICVlen 16 in two octets",
        replace(good, parameters=der.sequence(der.octets(nonce), bytes.fromhex("02020010"))).build(),
    )
    for size in (0, 8, 16):
        other = os.urandom(size)
        made = parts_for(key, recipients, other) if size >= 8 else good
        yield (
            f"nonce-{size}",
            bad,
            f"a nonce of {size} bytes",
            replace(made, parameters=parameters(other)).build(),
        )
    for name, dotted in (
        ("aes128-gcm", "2.16.840.1.101.3.4.1.6"),
        ("aes256-wrap", "2.16.840.1.101.3.4.1.45"),
    ):
        yield (
            f"cipher-{name}",
            bad,
            f"the content cipher is {name}",
            replace(good, cipher=der.oid(dotted)).build(),
        )
    yield "cipher-without-parameters", bad, "no GCM parameters", replace(good, parameters=b"").build()
    attribute = der.sequence(der.oid("1.2.840.113549.1.9.3"), der.set_of([cms.DATA]))
    yield (
        "auth-attrs",
        bad,
        "authenticated attributes",
        replace(good, after_content=der.tlv(0xA1, attribute)).build(),
    )
    yield (
        "unauth-attrs",
        bad,
        "unauthenticated attributes",
        replace(good, after_tag=der.tlv(0xA2, attribute)).build(),
    )
    yield "originator-info", bad, "originatorInfo", replace(good, before_recipients=der.tlv(0xA0)).build()
    yield "version-1", bad, "version 1", replace(good, version=der.integer(1)).build()
    yield (
        "outer-enveloped-data",
        bad,
        "the outer type is EnvelopedData",
        replace(good, outer_type=der.oid("1.2.840.113549.1.7.3")).build(),
    )
    yield (
        "inner-signed-data",
        bad,
        "the inner type is SignedData",
        replace(good, inner_type=der.oid("1.2.840.113549.1.7.2")).build(),
    )
    yield "content-absent", bad, "no encrypted content (detached)", replace(good, ciphertext=b"").build()
    yield (
        "content-empty",
        "forged",
        "empty encrypted content under the old tag",
        replace(good, ciphertext=der.tlv(0x80)).build(),
    )


def recipient_faults(
    key: bytes, infos: tuple[cms.RecipientInfo, ...], ec: Issued, rsa: Issued, other: Issued
) -> Iterator[Fault]:
    bad = "malformed"
    one = cms.encode_recipients(infos[:1])
    agreement = one[2:] if one[1] < 0x80 else one[3:]
    transport_set = cms.encode_recipients(infos[1:2])
    transport = transport_set[4:]

    def with_list(*entries: bytes, ordered: bool = True) -> bytes:
        members = sorted(entries) if ordered else list(entries)
        return parts_for(key, der.tlv(der.SET, *members)).build()

    def swapped(entry: bytes, old: bytes, new: bytes) -> bytes:
        assert entry.count(old) == 1, old.hex()
        assert len(old) == len(new)
        return entry.replace(old, new)

    yield "recipients-none", bad, "an empty list of recipients", with_list()
    yield "recipients-twice", bad, "the same entry twice", with_list(agreement, agreement)
    yield (
        "recipients-unordered",
        bad,
        "entries not in DER order",
        with_list(*sorted((agreement, transport), reverse=True), ordered=False),
    )
    many = [cms.encode_recipients((wrap_key(key, ec.certificate, OaepHash.SHA256),)) for _ in range(65)]
    yield (
        "recipients-65",
        bad,
        "more entries than allowed",
        with_list(*(one[2:] if one[1] < 0x80 else one[3:] for one in many)),
    )
    yield (
        "recipient-kek",
        bad,
        "a KEKRecipientInfo beside ours",
        with_list(agreement, der.tlv(0xA2, der.integer(4))),
    )
    yield (
        "recipient-password",
        bad,
        "a PasswordRecipientInfo beside ours",
        with_list(agreement, der.tlv(0xA3, der.integer(0))),
    )
    pkcs1 = der.sequence(
        der.integer(2),
        der.tlv(0x80, key_identifier(rsa.certificate) or b""),
        der.sequence(der.oid("1.2.840.113549.1.1.1"), der.tlv(der.NULL)),
        der.octets(rsa.certificate.public_key().encrypt(key, padding.PKCS1v15())),
    )
    yield "recipient-pkcs1-v15", bad, "key transport by PKCS#1 v1.5", with_list(agreement, pkcs1)
    label = der.sequence(der.tlv(0xA2, der.sequence(der.oid("1.2.840.113549.1.1.9"), der.octets(b"label"))))
    labelled = der.sequence(
        der.integer(2),
        der.tlv(0x80, key_identifier(rsa.certificate) or b""),
        der.sequence(cms.RSAES_OAEP, label),
        der.octets(bytes(384)),
    )
    yield "recipient-oaep-label", bad, "OAEP with a label", with_list(agreement, labelled)
    yield (
        "recipient-kdf-sha1",
        bad,
        "X9.63 KDF with SHA-1",
        with_list(
            der.tlv(0xA1, agreement_body(agreement).replace(cms.ECDH_SHA256_KDF, der.oid("1.3.133.16.840.63.0.2")))
        ),
    )
    yield (
        "recipient-wrap-aes128",
        bad,
        "AES-128 key wrap",
        with_list(swapped(agreement, cms.AES256_WRAP, der.oid("2.16.840.1.101.3.4.1.5"))),
    )
    yield (
        "recipient-wrap-parameters",
        bad,
        "parameters behind the wrap algorithm",
        with_list(reframed(agreement, der.sequence(cms.AES256_WRAP), der.sequence(cms.AES256_WRAP, der.tlv(der.NULL)))),
    )
    yield (
        "recipient-version",
        bad,
        "KeyAgreeRecipientInfo of version 2",
        with_list(swapped(agreement, bytes.fromhex("020103a0"), bytes.fromhex("020102a0"))),
    )
    info = infos[0]
    assert isinstance(info, cms.Agreement)
    point = info.point
    compressed = bytes([2 + (point[-1] & 1)]) + point[1:49]
    yield "point-compressed", bad, "a compressed ephemeral point", with_list(with_point(info, compressed))
    yield "point-infinity", bad, "the point at infinity", with_list(with_point(info, b"\0"))
    yield (
        "point-unused-bits",
        bad,
        "a BIT STRING with unused bits",
        with_list(swapped(agreement, b"\x03\x62\x00\x04", b"\x03\x62\x01\x04")),
    )
    off = point[:-1] + bytes([point[-1] ^ 1])
    yield (
        "point-off-curve",
        "forged",
        "an ephemeral point that is not on the curve",
        with_list(with_point(info, off)),
    )
    yield (
        "wrapped-key-short",
        bad,
        "a wrapped key of 32 bytes",
        with_list(cms_entry(replace(info, wrapped=info.wrapped[:32]))),
    )
    yield (
        "not-addressed",
        "not-yours",
        "only somebody else is a recipient",
        with_list(cms_entry(wrap_key(key, other.certificate, OaepHash.SHA256))),
    )


def agreement_body(entry: bytes) -> bytes:
    return bytes(der.Reader(entry).value(0xA1))


def cms_entry(info: cms.RecipientInfo) -> bytes:
    return bytes(der.Reader(cms.encode_recipients((info,))).value(der.SET))


def with_point(info: cms.Agreement, point: bytes) -> bytes:
    return cms_entry(replace(info, point=point))


def reframed(entry: bytes, old: bytes, new: bytes) -> bytes:
    """Replace inside a KeyAgreeRecipientInfo and mend the two lengths around it."""
    algorithm = der.sequence(cms.ECDH_SHA256_KDF, old)
    body = agreement_body(entry)
    assert body.count(algorithm) == 1
    return der.tlv(0xA1, body.replace(algorithm, der.sequence(cms.ECDH_SHA256_KDF, new)))


def encoding_faults(good: Parts) -> Iterator[Fault]:
    bad, data = "malformed", good.build()
    body = data[4:]
    yield "empty", bad, "no bytes", b""
    yield "trailing-byte", bad, "one byte after the end", data + b"\0"
    yield "leading-byte", bad, "one byte before the start", b"\0" + data
    yield "truncated-1", bad, "one byte short", data[:-1]
    yield "truncated-half", bad, "half of it", data[: len(data) // 2]
    yield (
        "length-not-minimal",
        bad,
        "the outer length in three octets",
        b"\x30\x83" + len(body).to_bytes(3, "big") + body,
    )
    yield "length-indefinite", bad, "BER: indefinite outer length", b"\x30\x80" + body + b"\0\0"
    yield "length-9-octets", bad, "a length of nine octets", b"\x30\x89" + len(body).to_bytes(9, "big") + body
    yield "length-huge", bad, "a length of 2^63", b"\x30\x88\x80" + bytes(7) + body
    inner = good.ciphertext[3:] if good.ciphertext[1] == 0x81 else good.ciphertext[4:]
    pieces = der.octets(inner[:100]) + der.octets(inner[100:])
    yield (
        "ciphertext-constructed",
        bad,
        "BER: the ciphertext in two pieces",
        replace(good, ciphertext=der.tlv(0xA0, pieces)).build(),
    )
    yield (
        "version-two-octets",
        bad,
        "version 0 in two octets",
        replace(good, version=bytes.fromhex("02020000")).build(),
    )
    yield "version-negative", bad, "version -1", replace(good, version=bytes.fromhex("0201ff")).build()
    pem = b"-----BEGIN CMS-----\nMIIB\n-----END CMS-----\n"
    yield "pem", bad, "PEM instead of DER", pem


def forgeries(
    key: bytes,
    recipients: bytes,
    good: Parts,
    infos: tuple[cms.RecipientInfo, ...],
    rsa: Issued,
    ec: Issued,
) -> Iterator[Fault]:
    forged = "forged"
    flip: Callable[[bytes, int], bytes] = lambda data, at: data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]  # noqa: E731
    yield (
        "ciphertext-first-bit",
        forged,
        "a bit of the first ciphertext byte",
        replace(good, ciphertext=flip(good.ciphertext, len(good.ciphertext) - len(PLAIN))).build(),
    )
    yield (
        "ciphertext-last-bit",
        forged,
        "a bit of the last ciphertext byte",
        replace(good, ciphertext=flip(good.ciphertext, len(good.ciphertext) - 1)).build(),
    )
    yield (
        "ciphertext-shorter",
        forged,
        "the last ciphertext byte left out",
        replace(good, ciphertext=der.tlv(0x80, good.ciphertext[len(good.ciphertext) - len(PLAIN) : -1])).build(),
    )
    yield "tag-bit", forged, "a bit of the tag", replace(good, tag=flip(good.tag, 15)).build()
    yield "tag-zero", forged, "a tag of zeros", replace(good, tag=bytes(16)).build()
    nonce = cms.bound_nonce(recipients)
    yield (
        "nonce-bit",
        forged,
        "a bit of the nonce",
        replace(good, parameters=parameters(flip(nonce, 0))).build(),
    )
    yield (
        "nonce-random",
        forged,
        "correct in itself, but the nonce is not bound to the recipients",
        parts_for(key, recipients, os.urandom(12)).build(),
    )
    fewer = cms.encode_recipients(infos[:2])
    yield (
        "recipient-removed",
        forged,
        "another recipient's entry removed",
        replace(good, recipients=fewer).build(),
    )
    yield (
        "recipient-removed-rebound",
        forged,
        "an entry removed and the nonce made to fit, the tag left",
        replace(good, recipients=fewer, parameters=parameters(cms.bound_nonce(fewer))).build(),
    )
    more = cms.encode_recipients((*infos, wrap_key(os.urandom(32), ec.certificate, OaepHash.SHA256)))
    yield "recipient-added", forged, "an entry added", replace(good, recipients=more).build()
    wrong = cms.encode_recipients(
        tuple(wrap_key(os.urandom(32), one.certificate, OaepHash.SHA256) for one in (ec, rsa))
    )
    yield (
        "key-other",
        forged,
        "the wrapped key is another one",
        replace(good, recipients=wrong, parameters=parameters(cms.bound_nonce(wrong))).build(),
    )
    short = cms.Transport(
        cms.KeyId(key_identifier(rsa.certificate) or b""),
        OaepHash.SHA256,
        rsa.certificate.public_key().encrypt(key[:16], _oaep()),
    )
    listed = cms.encode_recipients((short,))
    yield "rsa-key-16-bytes", forged, "OAEP holds a key of 16 bytes", parts_for(key, listed).build()
    garbage = cms.encode_recipients((replace(short, wrapped=bytes(384)),))
    yield "rsa-garbage", forged, "OAEP does not decrypt", parts_for(key, garbage).build()


def _oaep() -> padding.OAEP:
    from cryptography.hazmat.primitives import hashes

    return padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)


def main() -> int:
    ca = new_ca("scanflow vectors CA", years=70)
    ec = new_certificate(ca, "vector EC", years=70)
    rsa = new_certificate(ca, "vector RSA", years=70, algorithm=Algorithm.RSA)
    other = new_certificate(ca, "vector other", years=70)
    for stem, issued in (("ec", ec), ("rsa", rsa)):
        (FOLDER / f"{stem}.crt.pem").write_bytes(issued.certificate.public_bytes(serialization.Encoding.PEM))
        (FOLDER / f"{stem}.key.pem").write_bytes(
            issued.key.key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
    for name, expect, fault, data in [*all_faults(ec, rsa, other), *foreign()]:
        extra = f"sha256: {hashlib.sha256(PLAIN).hexdigest()}\n" if expect.startswith("open") else ""
        extra += f"why: {reason(data)}\n" if expect == "malformed" else ""
        lines = "\n".join(data.hex()[at : at + 110] for at in range(0, len(data.hex()), 110))
        (FOLDER / f"{name}.txt").write_text(f"expect: {expect}\nfault: {fault}\n{extra}\n{lines}\n")
    return 0


def reason(data: bytes) -> str:
    """What the structure is refused for; written down so that a vector cannot be refused for another reason."""
    try:
        cms.parse(data)
    except der.DerError as fault:
        return str(fault)
    raise AssertionError("the fault does not show")


def foreign() -> Iterator[Fault]:
    version = subprocess.run(["openssl", "version"], capture_output=True, text=True, check=True).stdout.split()[1]
    ways = {
        "ec": ["-keyopt", "ecdh_kdf_md:sha256"],
        "rsa": ["-keyopt", "rsa_padding_mode:oaep", "-keyopt", "rsa_oaep_md:sha256"],
    }
    for stem, options in ways.items():
        words = ["openssl", "cms", "-encrypt", "-binary", "-aes-256-gcm", "-outform", "DER"]
        done = subprocess.run(
            [*words, "-recip", str(FOLDER / f"{stem}.crt.pem"), *options],
            input=PLAIN,
            capture_output=True,
            check=True,
        )
        yield f"openssl-{stem}", "open-foreign", f"nothing; made by openssl cms {version}", done.stdout


if __name__ == "__main__":
    sys.exit(main())
