"""Legal forms (biên bản, danh mục, sổ, thống kê) as PDF/A-2b and xlsx, from facts the station hands in."""
