"""Sealing: from cleared pages to a container that opens without scanflow (niêm phong tài liệu)."""

from scanflow.ocr.text import Line, TextLayer, Word
from scanflow.sealing.card import openssl_line, read_me
from scanflow.sealing.facts import DocumentFacts
from scanflow.sealing.keyops import SoftwareKey, load_private_key
from scanflow.sealing.ocr import OcrFailure, OcrFault, OcrOutcome, OcrPool
from scanflow.sealing.pdf import build_pdf, read_manifest
from scanflow.sealing.reader import list_recipients, open_container, open_message
from scanflow.sealing.sealer import Addressee, CmsSealer, Container, Sealer
from scanflow.sealing.trust import Recipient, RecipientRole, judge_recipients, load_certificate
from scanflow.sealing.vault import DocumentVault, LentPage, Side

__all__ = [
    "Addressee",
    "CmsSealer",
    "Container",
    "DocumentFacts",
    "DocumentVault",
    "LentPage",
    "Line",
    "OcrFailure",
    "OcrFault",
    "OcrOutcome",
    "OcrPool",
    "Recipient",
    "RecipientRole",
    "Sealer",
    "Side",
    "SoftwareKey",
    "TextLayer",
    "Word",
    "build_pdf",
    "judge_recipients",
    "list_recipients",
    "load_certificate",
    "load_private_key",
    "open_container",
    "open_message",
    "openssl_line",
    "read_manifest",
    "read_me",
]
