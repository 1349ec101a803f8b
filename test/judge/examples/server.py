"""The same keystream for every picture, as a server: docs/judge.md, "A program that stays"."""
import hashlib
import struct
import sys

read, write = sys.stdin.buffer.read, sys.stdout.buffer
while len(start := read(4)) == 4:
    body = read(struct.unpack("<I", start)[0])
    operation, width, height, channels, depth, key_bytes, extra_bytes = struct.unpack("<7I", body[:28])
    key, samples = body[28 : 28 + key_bytes], body[28 + key_bytes + extra_bytes :]
    stream = hashlib.shake_256(key).digest(len(samples))
    answer = bytes(a ^ b for a, b in zip(samples, stream))
    write.write(struct.pack("<7I", 24 + len(answer), 0, width, height, channels, depth, 0) + answer)
    write.flush()
