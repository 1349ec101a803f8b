"""Colour pictures of more than 8 bits in JPEG 2000, which dcmjs-codecs does not encode: jpeg2000-colours.json.

pylibjpeg-openjpeg 2.6.0 (OpenJPEG) and imagecodecs (OpenJPH): python jpeg2000-colours.py > jpeg2000-colours.json
"""
import base64
import json

import imagecodecs
import numpy as np
from openjpeg.utils import encode_array

row, column = np.mgrid[0:33, 0:34]


def ramp(bits):
    planes = [700 * row + 500 * column, 100 * row + 900 * column, 300 * row + 33 * column]
    return np.ascontiguousarray((np.stack(planes, -1) % 2**bits).astype(np.uint16))


def openjpeg(bits, transform):
    return encode_array(ramp(bits), bits_stored=bits, photometric_interpretation=1, use_mct=transform)


streams = {
    "j2k-10": openjpeg(10, False),
    "j2k-16": openjpeg(16, False),
    "j2k-16-mct": openjpeg(16, True),
    "htj2k-16": imagecodecs.htj2k_encode(ramp(16)),
}
print(json.dumps({name: base64.b64encode(stream).decode() for name, stream in streams.items()}))
