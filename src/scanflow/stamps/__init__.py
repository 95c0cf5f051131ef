"""Marks on a side: find them, read them, judge the level they give (dấu chỉ độ mật)."""
