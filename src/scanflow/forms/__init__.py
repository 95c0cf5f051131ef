"""Legal forms: biên bản, danh mục, sổ and thống kê as PDF/A-2b and xlsx, from facts that the station hands in."""
