"""The console: server-rendered pages on loopback for the people of the room; one more desk, no power of its own.

Bàn điều khiển: mỗi việc đi qua đúng những cửa mà lệnh ``scanflow`` đi qua.
"""
