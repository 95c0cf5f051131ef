"""Pictures of sides as arrays: decode, straighten, tell blank from written (xử lý ảnh). Pure functions, no
device.
"""

from __future__ import annotations

import cv2

cv2.setNumThreads(1)
"""Sides are worked in parallel, not the parts of one side: a pool of threads within OpenCV only costs
switches, and its time could not be accounted to a side."""
