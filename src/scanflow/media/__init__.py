"""Approved media: judged before it is authorised, written yank-safe (thiết bị nhớ được duyệt)."""
