"""Decrypts with numpy and jwcrypto alone: receiver.py NAME.cipher.png NAME.keys.jwe private.pem OUT.npy"""
import io, sys, zlib
import numpy as np
from jwcrypto import jwe, jwk

png, at, idat = open(sys.argv[1], "rb").read(), 33, b""
while at < len(png):  # after signature and IHDR come IDAT and IEND only
    size = int.from_bytes(png[at:at + 4], "big")
    idat, at = idat + png[at + 8:at + 8 + size], at + 12 + size
box = jwe.JWE()
box.deserialize(open(sys.argv[2]).read(), jwk.JWK.from_pem(open(sys.argv[3], "rb").read()))
key = np.load(io.BytesIO(box.payload))
x, y, z = key["xindex"], key["yindex"], key["zkey"]
rows = np.frombuffer(zlib.decompress(idat), "u1").reshape(len(z), -1)
rows = np.cumsum(rows[:, 1:], 0, "u1") if rows[0, 0] == 2 else rows[:, 1:].copy()  # PNG filters 2 and 0
cipher = rows.view(">u2" if z.itemsize == 2 else "u1").reshape(z.shape) ^ z
plain = np.empty_like(z)
plain[np.ix_(y, x)] = cipher
np.save(sys.argv[4], plain)
