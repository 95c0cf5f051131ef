"""A document's pages under their own key: held, cleared, lent, destroyed."""

from __future__ import annotations

import copy
import gc
import os
import pickle
import subprocess
import sys
import threading
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from scanflow.levels import Level
from scanflow.pages import Face, Pose, RawPage, SideLabel
from scanflow.sealing import DocumentVault
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
from scanflow.sealing.vault import PageKey

from .conftest import raw_page
from .paper import as_jpeg
from .permits import permit


def test_cleared_pages_come_out_in_the_order_of_the_paper(vault: DocumentVault) -> None:
    vault.clear(permit(raw_page(10)))
    vault.clear(permit(raw_page(2, Face.VERSO)))
    assert [(page.sheet, page.face) for page in vault.pages()] == [
        (1, Face.RECTO),
        (1, Face.VERSO),
        (2, Face.RECTO),
        (2, Face.VERSO),
        (10, Face.RECTO),
    ]


def test_the_scanners_own_bytes_come_out_untouched() -> None:
    vault = DocumentVault("D1.1")
    page = raw_page(1)
    vault.clear(permit(page, Pose(90, 1.25), SideLabel.BLANK, Level.TOI_MAT))
    (lent,) = vault.pages()
    assert (lent.jpeg, lent.original, lent.width, lent.height, lent.dpi) == (page.jpeg, True, 90, 120, 100)
    assert (lent.clearance.pose, lent.clearance.label) == (Pose(90, 1.25), SideLabel.BLANK)
    assert vault.level is Level.TOI_MAT


def test_pixels_are_encoded_once_where_there_is_no_jpeg() -> None:
    vault = DocumentVault("D1.1")
    page = raw_page(1, own=False)
    vault.clear(permit(page))
    (lent,) = vault.pages()
    assert not lent.original
    again = cv2.imdecode(np.frombuffer(lent.jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert np.abs(again.astype(int) - page.pixels).mean() < 3


def test_a_jpeg_that_lies_otherwise_than_its_pixels_is_not_used() -> None:
    upright = raw_page(1)
    turned = RawPage(1, Face.RECTO, np.ascontiguousarray(np.rot90(upright.pixels)), 100, upright.jpeg)
    vault = DocumentVault("D1.1")
    vault.clear(permit(turned))
    (lent,) = vault.pages()
    assert (lent.original, lent.width, lent.height) == (False, 120, 90)


def test_a_jpeg_that_shows_something_else_than_was_judged_is_not_used() -> None:
    judged, other = raw_page(1), raw_page(3)
    stamped = judged.pixels.copy()
    cv2.rectangle(stamped, (10, 80), (70, 100), (20, 20, 200), 2)
    for jpeg in (other.jpeg, as_jpeg(stamped)):
        vault = DocumentVault("D1.1")
        vault.clear(permit(RawPage(1, Face.RECTO, judged.pixels, 100, jpeg)))
        (lent,) = vault.pages()
        assert not lent.original
        again = cv2.imdecode(np.frombuffer(lent.jpeg, np.uint8), cv2.IMREAD_COLOR)
        assert np.abs(again.astype(int) - judged.pixels).mean() < 3


@pytest.mark.parametrize("quality", [40, 75, 95])
@pytest.mark.parametrize("channels", [1, 3])
def test_a_jpeg_that_shows_what_was_judged_is_used_whatever_its_quality(quality: int, channels: int) -> None:
    pixels = raw_page(1, size=(411, 302)).pixels
    pixels = pixels if channels == 3 else np.ascontiguousarray(pixels[:, :, 0])
    data = as_jpeg(pixels, quality)
    seen = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    vault = DocumentVault("D1.1")
    vault.clear(permit(RawPage(1, Face.RECTO, seen, 100, data)))
    (lent,) = vault.pages()
    assert (lent.jpeg, lent.original) == (data, True)


def test_a_held_page_stops_the_document_until_a_permit_comes(vault: DocumentVault) -> None:
    vault.hold(raw_page(3))
    assert [(side.sheet, side.face) for side in vault.held] == [(3, Face.RECTO)]
    with pytest.raises(PagesHeld) as caught:
        vault.pages()
    assert caught.value.facts["held"] == 1
    with vault.lend_raw(3, Face.RECTO) as page:
        assert page.jpeg == raw_page(3).jpeg
        vault.clear(permit(page))
    assert page.pixels.max() == 0
    assert vault.held == ()
    assert [lent.sheet for lent in vault.pages()] == [1, 1, 2, 3]


def test_what_is_sealed_is_what_was_cleared() -> None:
    vault = DocumentVault("D1.1")
    vault.hold(raw_page(1))
    looked_at = RawPage(1, Face.RECTO, raw_page(7).pixels, 100, raw_page(7).jpeg)
    vault.clear(permit(looked_at))
    (lent,) = vault.pages()
    assert lent.jpeg == looked_at.jpeg


def test_a_page_held_while_the_others_are_lent_out_is_never_lent(vault: DocumentVault) -> None:
    lending = vault.pages()
    next(lending)
    vault.hold(raw_page(9))
    assert [page.sheet for page in lending] == [1, 2]
    with pytest.raises(PagesHeld):
        vault.pages()


def test_only_the_gates_permit_clears(vault: DocumentVault) -> None:
    with pytest.raises(TypeError):
        vault.clear(raw_page(5))  # type: ignore[arg-type]


def test_top_secret_has_no_place_here(vault: DocumentVault) -> None:
    with pytest.raises(TopSecretRefused):
        vault.clear(permit(raw_page(5), level=Level.TUYET_MAT))
    assert len(vault.sides) == 3


def test_a_side_is_put_once(vault: DocumentVault) -> None:
    for again in (lambda: vault.hold(raw_page(1)), lambda: vault.clear(permit(raw_page(1)))):
        with pytest.raises(PageTwice):
            again()
    vault.hold(raw_page(5))
    with pytest.raises(PageTwice):
        vault.hold(raw_page(5))


def test_an_empty_vault_seals_nothing() -> None:
    with pytest.raises(NothingToSeal):
        DocumentVault("D1.1").pages()


def test_an_unknown_side(vault: DocumentVault) -> None:
    with pytest.raises(PageUnknown), vault.lend_raw(9, Face.VERSO):
        pass


@pytest.mark.parametrize("pixels", [np.zeros((0, 4, 3), np.uint8), np.zeros((4, 4, 3), np.float64)])
def test_pixels_that_are_no_image(pixels: np.ndarray) -> None:
    with pytest.raises(UnusableImage):
        DocumentVault("D1.1").hold(RawPage(1, Face.RECTO, pixels, 300, None))


def test_erasing_is_final(vault: DocumentVault) -> None:
    lending = vault.pages()
    next(lending)
    vault.erase()
    vault.erase()
    assert vault.erased
    assert len(vault.sides) == 3  # the ledger still learns the counts
    for access in (
        lambda: next(lending),
        vault.pages,
        vault.demand_cleared,
        lambda: vault.hold(raw_page(8)),
        lambda: vault.clear(permit(raw_page(8))),
        lambda: vault.lend_raw(1, Face.RECTO).__enter__(),
    ):
        with pytest.raises(VaultErased):
            access()


def test_pages_changed_or_exchanged_in_memory_are_noticed(vault: DocumentVault) -> None:
    first, second = sorted(vault._sides)[:2]
    vault._sides[first], vault._sides[second] = vault._sides[second], vault._sides[first]
    with pytest.raises(PageCorrupt):
        list(vault.pages())


def test_a_page_of_another_document_does_not_fit(vault: DocumentVault) -> None:
    other = DocumentVault("D1.2")
    other.clear(permit(raw_page(1)))
    place = min(other._sides)
    vault._sides[place] = other._sides[place]
    with pytest.raises(PageCorrupt):
        list(vault.pages())


def test_it_shows_no_content_and_is_not_copied(vault: DocumentVault) -> None:
    (page, *_) = vault.pages()
    for shown in (repr(vault), repr(vault.sides), repr(page), repr(vault._sides), str(vault)):
        assert "xff" not in shown
        assert len(shown) < 2000
    for attempt in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError):
            attempt(vault)
    with pytest.raises(TypeError):
        bytes(vault)  # type: ignore[call-overload]


def test_every_document_has_a_key_of_its_own() -> None:
    one, other = DocumentVault("D1.1"), DocumentVault("D1.1")
    for vault in (one, other):
        vault.clear(permit(raw_page(1)))
    place = min(one._sides)
    assert one._sides[place].nonce == other._sides[place].nonce
    assert one._sides[place].ciphertext != other._sides[place].ciphertext


def test_no_nonce_is_used_twice(vault: DocumentVault) -> None:
    seen = {side.nonce for side in vault._sides.values()}
    vault.hold(raw_page(7))
    seen.add(vault._sides[max(vault._sides)].nonce)
    vault.clear(permit(raw_page(7)))
    seen.add(vault._sides[max(vault._sides)].nonce)
    assert len(seen) == 5


def test_several_threads_put_at_once() -> None:
    vault = DocumentVault("D1.1")
    threads = [threading.Thread(target=vault.clear, args=(permit(raw_page(n)),)) for n in range(1, 30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [page.sheet for page in vault.pages()] == list(range(1, 30))


_SEARCH = """
import gc, os, sys
import numpy as np
sys.path.insert(0, {root!r})
from tests.sealing.conftest import raw_page
from tests.sealing.permits import permit
from scanflow.pages import Face, RawPage
from scanflow.sealing import DocumentVault
half = os.urandom(16)  # the marker is never whole in memory but in the page
vault = DocumentVault("D1.1")
page = raw_page(1)
canary = page.jpeg[:-2] + half + bytes(b ^ 0x5A for b in half) + page.jpeg[-2:]
vault.hold(RawPage(1, Face.RECTO, page.pixels, 100, canary))
if len(sys.argv) < 2:
    del canary, page
gc.collect()
hits = 0
with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", buffering=0) as memory:
    for line in maps:
        span, rights = line.split()[:2]
        if not rights.startswith("rw"):
            continue
        low, high = (int(part, 16) for part in span.split("-"))
        try:
            memory.seek(low)
            block = memory.read(high - low)
        except (OSError, OverflowError, ValueError):
            continue
        start = 0
        while (at := block.find(half, start)) >= 0:
            tail = block[at + 16 : at + 32]
            hits += len(tail) == 16 and all(a ^ 0x5A == b for a, b in zip(half, tail))
            start = at + 1
print(hits)
"""


def test_a_held_page_lies_nowhere_in_memory_in_the_clear() -> None:
    root = str(Path(__file__).parents[2])
    program = _SEARCH.replace("{root!r}", repr(root))
    environment = os.environ | {"MALLOC_PERTURB_": "85"}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.stdout.strip() == "0", done.stdout + done.stderr
    control = subprocess.run([*command, "keep"], capture_output=True, text=True, env=environment)
    assert int(control.stdout) > 0  # the search does find a page that is still there


class VaultMachine(RuleBasedStateMachine):
    """Any order of acts against a plain model: order, permits and erasing hold."""

    sheets = st.integers(1, 4)
    faces = st.sampled_from(list(Face))

    @initialize()
    def begin(self) -> None:
        self.vault = DocumentVault("D1.1")
        self.model: dict[tuple[int, int], tuple[bytes, bool]] = {}

    def key(self, sheet: int, face: Face) -> tuple[int, int]:
        return sheet, list(Face).index(face)

    @precondition(lambda self: not self.vault.erased)
    @rule(sheet=sheets, face=faces)
    def hold(self, sheet: int, face: Face) -> None:
        page = raw_page(sheet, face)
        if self.key(sheet, face) in self.model:
            with pytest.raises(PageTwice):
                self.vault.hold(page)
            return
        self.vault.hold(page)
        self.model[self.key(sheet, face)] = (page.jpeg or b"", False)

    @precondition(lambda self: not self.vault.erased)
    @rule(sheet=sheets, face=faces, shade=st.integers(0, 255))
    def clear(self, sheet: int, face: Face, shade: int) -> None:
        pixels = np.full((16, 16, 3), shade, np.uint8)
        page = RawPage(sheet, face, pixels, 100, as_jpeg(pixels))
        if self.model.get(self.key(sheet, face), (b"", False))[1]:
            with pytest.raises(PageTwice):
                self.vault.clear(permit(page))
            return
        self.vault.clear(permit(page))
        self.model[self.key(sheet, face)] = (page.jpeg or b"", True)

    @rule()
    def lend(self) -> None:
        if self.vault.erased:
            with pytest.raises(VaultErased):
                self.vault.pages()
        elif not self.model:
            with pytest.raises(NothingToSeal):
                self.vault.pages()
        elif not all(cleared for _, cleared in self.model.values()):
            with pytest.raises(PagesHeld):
                self.vault.pages()
        else:
            assert [page.jpeg for page in self.vault.pages()] == [data for _, (data, _) in sorted(self.model.items())]

    @precondition(lambda self: len(self.model) > 5)
    @rule()
    def erase(self) -> None:
        self.vault.erase()

    @invariant()
    def counts_agree(self) -> None:
        if hasattr(self, "model"):
            assert len(self.vault.sides) == len(self.model)
            assert len(self.vault.held) == sum(not cleared for _, cleared in self.model.values())

    def teardown(self) -> None:
        if hasattr(self, "vault"):
            self.vault.erase()
        gc.collect(0)


TestVaultMachine = VaultMachine.TestCase
TestVaultMachine.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


def test_what_was_read_lies_under_the_same_key_and_goes_with_it() -> None:
    vault = DocumentVault("D1.1")
    vault.clear(permit(raw_page(1)))
    vault.clear(permit(raw_page(2)))
    for sheet in (1, 2, 3):  # there is no sheet 3 (any more)
        vault.keep_text(sheet, Face.RECTO, b"doc %d" % sheet)
    assert vault.texts() == {(1, Face.RECTO): b"doc 1", (2, Face.RECTO): b"doc 2"}
    assert vault.read == {(1, Face.RECTO), (2, Face.RECTO)}
    assert [page.sheet for page in vault.pages(leaving_out=[(1, Face.RECTO)])] == [2]
    assert not any(b"doc" in part for pair in vault._texts.values() for part in pair)
    vault.drop(1)
    assert vault.texts() == {(2, Face.RECTO): b"doc 2"}
    vault.erase()
    for use in (vault.texts, lambda: vault.keep_text(2, Face.RECTO, b"late")):
        with pytest.raises(VaultErased):
            use()
    assert not vault.read


def test_a_sheet_dropped_while_pages_are_lent_is_passed_over() -> None:
    vault = DocumentVault("D1.1")
    for sheet in (1, 2, 3):
        vault.clear(permit(raw_page(sheet)))
    lent = vault.pages()
    assert next(lent).sheet == 1
    vault.drop(2)
    assert [page.sheet for page in lent] == [3]


def test_a_text_cannot_be_moved_to_another_side() -> None:
    vault = DocumentVault("D1.1")
    vault.clear(permit(raw_page(1)))
    vault.clear(permit(raw_page(2)))
    vault.keep_text(1, Face.RECTO, b"one")
    vault._texts[PageKey.of(2, Face.RECTO)] = vault._texts.pop(PageKey.of(1, Face.RECTO))
    with pytest.raises(PageCorrupt):
        vault.texts()
