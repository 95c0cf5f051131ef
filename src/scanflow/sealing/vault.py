"""The pages of one document, encrypted under a key of their own from the moment of examination (P1, P4).

A side is `hold`-ed as ciphertext (AES-256-GCM, its place in the document as associated data) until the gate's
permit clears it; what is sealed is always what the permit carries. :meth:`DocumentVault.erase` destroys the
key: every stray copy of a page is then ciphertext without one. What this cannot cover (OpenSSL's key schedule
during a call, the plaintext of the one page that is lent) is stated in docs/sealing.md.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import NoReturn

import cv2
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from scanflow.gate import ClearedPage
from scanflow.levels import Level
from scanflow.ocr import jpeg
from scanflow.pages import Face, Pose, RawPage, SideLabel
from scanflow.sealing.errors import (
    NothingToSeal,
    PageCorrupt,
    PagesHeld,
    PageTwice,
    PageUnknown,
    TopSecretRefused,
    UnusableImage,
    VaultErased,
)
from scanflow.sealing.secretmem import KeyHome, SecretMemory

_KEY_SIZE = 32
_TAG_SIZE = 16
_FACE_ORDER = {Face.RECTO: 0, Face.VERSO: 1}


@dataclass(frozen=True, slots=True, order=True)
class PageKey:
    """A side's place in the batch: sheet, then recto before verso."""

    sheet: int
    face_order: int

    @classmethod
    def of(cls, sheet: int, face: Face) -> PageKey:
        """The key of a side."""
        return cls(sheet, _FACE_ORDER[face])

    @property
    def face(self) -> Face:
        """Recto or verso."""
        return tuple(_FACE_ORDER)[self.face_order]


@dataclass(frozen=True, slots=True)
class Clearance:
    """What the gate's permit says of a cleared side."""

    pose: Pose
    label: SideLabel
    level: Level


@dataclass(frozen=True, slots=True)
class Side:
    """What may be said in the open of a side in the vault; ``clearance`` is None while it is held."""

    sheet: int
    face: Face
    clearance: Clearance | None
    size: int


@dataclass(frozen=True, slots=True, eq=False)
class LentPage:
    """One cleared page in the clear, for the length of one step of :meth:`DocumentVault.pages`.

    Attributes:
        jpeg: the image; the scanner's own bytes if ``original``, else encoded once by us.
        width, height: of the JPEG, pixels.
    """

    sheet: int
    face: Face
    jpeg: bytes = field(repr=False)
    original: bool
    width: int
    height: int
    dpi: int
    clearance: Clearance


@dataclass(frozen=True, slots=True)
class _Sealed:
    nonce: bytes
    ciphertext: bytes = field(repr=False)
    width: int
    height: int
    dpi: int
    original: bool
    clearance: Clearance | None


class DocumentVault:
    """One document's pages under one key. Safe for several threads; not copied, not pickled."""

    def __init__(self, document: str) -> None:
        """Make the key.

        Args:
            document: opaque name of the document, used in messages and bound into each page's ciphertext.

        Raises:
            HostWithoutSafeMemory: this host keeps no key safely.
        """
        self.document = document
        self._memory = SecretMemory(_KEY_SIZE)
        self.key_home: KeyHome = self._memory.home
        self._memory.randomise()
        self._sides: dict[PageKey, _Sealed] = {}
        self._texts: dict[PageKey, tuple[bytes, bytes]] = {}
        self._counter = 0
        self._lock = threading.RLock()

    # ------------------------------------------------------------------------------------------- putting in

    def hold(self, page: RawPage) -> None:
        """Put an examined side that is not cleared; it waits here as ciphertext.

        Raises:
            PageTwice: the side is already there.
            UnusableImage: neither JPEG nor pixels can be used.
            VaultErased: the key is gone.
        """
        self._put(page, None)

    def clear(self, permit: ClearedPage) -> None:
        """Put a cleared side, or clear one that is held: the permit's image takes the held one's place.

        Raises:
            TopSecretRefused: the permit says TUYỆT MẬT.
            PageTwice: the side was already cleared.
            UnusableImage, VaultErased: as `hold`.
        """
        if not isinstance(permit, ClearedPage):
            raise TypeError("only the gate's permit clears a page")
        if permit.level >= Level.TUYET_MAT:
            raise TopSecretRefused(document=self.document)
        self._put(permit.page, Clearance(permit.pose, permit.label, permit.level))

    def _put(self, page: RawPage, clearance: Clearance | None) -> None:
        data, original, head = _image_of(page)
        place = PageKey.of(page.sheet, page.face)
        with self._lock:
            present = self._sides.get(place)
            if present is not None and (clearance is None or present.clearance is not None):
                raise PageTwice(document=self.document, sheet=page.sheet, face=page.face)
            side = _Sealed(b"", b"", head.width, head.height, page.dpi, original, clearance)
            self._sides[place] = self._encrypted(place, side, data)

    def drop(self, sheet: int) -> None:
        """Let go of both sides of a sheet whose scan does not count; nothing happens when it is not there."""
        with self._lock:
            for place in [key for key in self._sides if key.sheet == sheet]:
                del self._sides[place]
                self._texts.pop(place, None)

    # --------------------------------------------------------------------------------------------- looking

    @property
    def sides(self) -> tuple[Side, ...]:
        """Every side in the vault, in order; also after erasing, for the counts of the ledger's entry."""
        with self._lock:
            items = sorted(self._sides.items())
        return tuple(Side(key.sheet, key.face, one.clearance, len(one.ciphertext)) for key, one in items)

    @property
    def held(self) -> tuple[Side, ...]:
        """The sides that wait for a person's decision."""
        return tuple(side for side in self.sides if side.clearance is None)

    @property
    def level(self) -> Level:
        """The highest level among the cleared sides."""
        levels = [side.clearance.level for side in self.sides if side.clearance is not None]
        return max(levels, default=Level.THUONG)

    @property
    def erased(self) -> bool:
        """Whether the key is gone."""
        return not self._memory.alive

    @contextmanager
    def lend_raw(self, sheet: int, face: Face) -> Iterator[RawPage]:
        """A side as it was put: for the person who decides, and for the permit after that decision.

        The pixels are overwritten when the ``with`` ends.

        Raises:
            PageUnknown: no such side.
            VaultErased, PageCorrupt: the key is gone; the ciphertext does not authenticate.
        """
        place = PageKey.of(sheet, face)
        with self._lock:
            side = self._sides.get(place)
            data = None if side is None else self._decrypted(place, side)
        if side is None or data is None:
            raise PageUnknown(document=self.document, sheet=sheet, face=face)
        pixels = jpeg.decode(data)
        if pixels is None:
            raise UnusableImage(sheet=sheet, face=face, why="JPEG")
        try:
            yield RawPage(sheet, face, pixels, side.dpi, data)
        finally:
            pixels.fill(0)

    # ------------------------------------------------------------------------------------------- taking out

    def pages(self, leaving_out: Collection[tuple[int, Face]] = (), *, order: Sequence[int] = ()) -> Iterator[LentPage]:
        """Every side in order, one decrypted at a time; asks that all of them are cleared.

        Args:
            leaving_out: sides, as (sheet, face), that are not wanted.
            order: sheets in reading order, where that is not the order in which they were fed (a sheet that was
                scanned again comes late); sheets that it does not name follow.

        Raises:
            NothingToSeal: the vault is empty.
            PagesHeld: a side waits for a decision.
            VaultErased, PageCorrupt: the key is gone, at the start or meanwhile; a side does not
                authenticate.
        """
        self.demand_cleared()
        unwanted = {PageKey.of(sheet, face) for sheet, face in leaving_out}
        return self._lend_all(unwanted, {sheet: at for at, sheet in enumerate(order)})

    def demand_cleared(self) -> None:
        """Refuse unless there are sides and all of them are cleared.

        Raises:
            NothingToSeal, PagesHeld, VaultErased: as `pages`.
        """
        if self.erased:
            raise VaultErased(document=self.document)
        if not self._sides:
            raise NothingToSeal(document=self.document)
        if held := self.held:
            raise PagesHeld(document=self.document, held=len(held))

    def _lend_all(self, leaving_out: set[PageKey], order: Mapping[int, int]) -> Iterator[LentPage]:
        with self._lock:
            wanted = self._sides.keys() - leaving_out
        places = sorted(wanted, key=lambda place: (order.get(place.sheet, len(order)), place))
        for place in places:
            with self._lock:
                side = self._sides.get(place)
                if side is None:  # dropped meanwhile: its paper is fed again
                    continue
                data = self._decrypted(place, side)
            if side.clearance is None:  # pragma: no cover - nothing un-clears a side
                raise PagesHeld(document=self.document, held=1)
            yield LentPage(
                place.sheet,
                place.face,
                data,
                side.original,
                side.width,
                side.height,
                side.dpi,
                side.clearance,
            )

    # -------------------------------------------------------------------------------- what was read on them

    def keep_text(self, sheet: int, face: Face, text: bytes) -> None:
        """Keep what was read on a side, under the pages' own key; nothing happens when the side was dropped.

        Raises:
            VaultErased: the key is gone.
        """
        place = PageKey.of(sheet, face)
        with self._lock, self._key() as key:
            if place in self._sides:
                nonce = self._next_nonce()
                self._texts[place] = (nonce, AESGCM(key).encrypt(nonce, text, self._text_of(place)))

    def texts(self) -> dict[tuple[int, Face], bytes]:
        """What was kept by `keep_text`, by (sheet, face).

        Raises:
            VaultErased, PageCorrupt: the key is gone; a text does not authenticate.
        """
        found = {}
        with self._lock, self._key() as key:
            for place, (nonce, ciphertext) in self._texts.items():
                try:
                    text = AESGCM(key).decrypt(nonce, ciphertext, self._text_of(place))
                except InvalidTag as fault:
                    raise PageCorrupt(document=self.document, sheet=place.sheet, face=place.face) from fault
                found[place.sheet, place.face] = text
        return found

    @property
    def read(self) -> frozenset[tuple[int, Face]]:
        """The sides that have a text."""
        with self._lock:
            return frozenset((place.sheet, place.face) for place in self._texts)

    def _text_of(self, place: PageKey) -> bytes:
        return json.dumps([self.document, place.sheet, place.face, "text"]).encode()

    # ------------------------------------------------------------------------------------------ the key

    def erase(self) -> None:
        """Destroy the key and drop the ciphertexts (hủy khóa); idempotent, nothing works afterwards."""
        with self._lock:
            self._memory.destroy()
            self._sides = {place: replace(side, ciphertext=b"") for place, side in self._sides.items()}
            self._texts.clear()

    def _encrypted(self, place: PageKey, side: _Sealed, data: bytes) -> _Sealed:
        nonce = self._next_nonce()
        with self._key() as key:
            ciphertext = AESGCM(key).encrypt(nonce, data, self._associated(place, side))
        return replace(side, nonce=nonce, ciphertext=ciphertext)

    def _next_nonce(self) -> bytes:
        self._counter += 1  # one key, a nonce each: a counter cannot repeat
        return self._counter.to_bytes(12, "big")

    def _decrypted(self, place: PageKey, side: _Sealed) -> bytes:
        with self._key() as key:
            try:
                return AESGCM(key).decrypt(side.nonce, side.ciphertext, self._associated(place, side))
            except InvalidTag as fault:
                raise PageCorrupt(document=self.document, sheet=place.sheet, face=place.face) from fault

    def _associated(self, place: PageKey, side: _Sealed) -> bytes:
        facts = (self.document, place.sheet, place.face, side.width, side.height, side.dpi, side.original)
        cleared = side.clearance and (
            side.clearance.pose.turn,
            side.clearance.pose.skew_deg,
            side.clearance.label,
            side.clearance.level,
        )
        return json.dumps([*facts, cleared]).encode()

    @contextmanager
    def _key(self) -> Iterator[memoryview]:
        if not self._memory.alive:
            raise VaultErased(document=self.document)
        with self._memory.lent() as view:
            yield view

    def __repr__(self) -> str:
        state = "erased" if self.erased else self.key_home
        return f"<DocumentVault {self.document!r} {len(self._sides)} sides, {state}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a vault is not copied or pickled")


def _image_of(page: RawPage) -> tuple[bytes, bool, jpeg.JpegHead]:
    """JPEG bytes, whether they are the scanner's own, and their head."""
    if page.jpeg is not None:
        head = jpeg.read_head(page.jpeg)
        # the gate judged the pixels: bytes that lie otherwise (EXIF turn) or show something else are not used
        same_size = head is not None and (head.height, head.width) == page.pixels.shape[:2]
        if head is not None and same_size and jpeg.shows(page.jpeg, page.pixels):
            return page.jpeg, True, head
    try:
        data = jpeg.encode(page.pixels)
    except (ValueError, cv2.error) as fault:
        raise UnusableImage(sheet=page.sheet, face=page.face, why="pixels") from fault
    height, width = page.pixels.shape[:2]
    return data, False, jpeg.JpegHead(width, height, 1 if page.pixels.ndim == 2 else 3)
