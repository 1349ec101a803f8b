"""Reads image files with other people's readers; paths come on stdin. A line of JSON each: shape and SHA-256, or the error.

Samples are as README's "as stored" has them: rows, pixels, channels; 16 bits with the low byte first.
"""

import hashlib
import io
import json
import sys
import warnings

import numpy as np

warnings.simplefilter("ignore")


def tiff(path):
    import tifffile

    with tifffile.TiffFile(path) as file:
        page = file.pages[0]
        a = page.asarray()
        pages = len(file.pages)
    if page.dtype is not None and page.samplesperpixel == 1:
        a = a.reshape(page.imagelength, page.imagewidth, 1)
    elif page.planarconfig == 2:
        a = np.moveaxis(a.reshape(page.samplesperpixel, page.imagelength, page.imagewidth), 0, -1)
    bits = page.bitspersample
    if page.photometric == 3:
        table = page.colormap
        a = (table >> 8 if table.max() > 255 else table).T[a[..., 0]].astype("u1")
    elif isinstance(bits, int) and bits < 8:
        a = a.astype("u1") * (255 // (2**bits - 1))
    return a, pages


def png(path):
    import png as pypng

    reader = pypng.Reader(bytes=open(path, "rb").read())
    width, height, rows, info = reader.read()
    rows = [list(row) for row in rows]
    a = np.array(rows).reshape(height, width, info["planes"])
    depth = info["bitdepth"]
    if "palette" in info:
        a = np.array(info["palette"])[a[..., 0]]
        depth = 8
    if depth < 8:
        a = a * (255 // (2**depth - 1))
    if "transparent" in info and "palette" not in info:
        stored = np.array(rows).reshape(height, width, info["planes"])
        clear = (stored == np.array(info["transparent"])).all(-1, keepdims=True)
        a = np.concatenate([a, np.where(clear, 0, 65535 if depth == 16 else 255)], -1)
    return a.astype("u2" if depth == 16 else "u1"), 1


def pillow(path):
    from PIL import Image

    with Image.open(path) as image:
        pages = getattr(image, "n_frames", 1)
        image.load()
        if image.mode in ("P", "1"):
            image = image.convert("RGBA" if "transparency" in image.info else "RGB")
        a = np.asarray(image)
    return a if a.ndim == 3 else a[..., None], pages


def dicom(path):
    import pydicom

    data = pydicom.dcmread(path, force=True)
    a = data.pixel_array
    frames = int(data.get("NumberOfFrames", 1) or 1)
    a = a[0] if frames > 1 else a
    a = a if a.ndim == 3 else a[..., None]
    if a.dtype.kind == "i":
        a = (a.astype("i8") + 2 ** (8 * a.dtype.itemsize - 1)).astype(f"u{a.dtype.itemsize}")
    return a, 1


def reader_of(path):
    head = open(path, "rb").read(132)
    if head[:8] == b"\x89PNG\r\n\x1a\n":
        return png
    if head[128:] == b"DICM":
        return dicom
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return tiff
    return pillow


def look(path):
    try:
        a, pages = reader_of(path)(path)
        height, width, channels = a.shape
        data = np.ascontiguousarray(a.astype(a.dtype.newbyteorder("<")))
        return {
            "width": width, "height": height, "channels": channels, "depth": 8 * a.dtype.itemsize,
            "sha256": hashlib.sha256(data.tobytes()).hexdigest(), "pages": pages,
        }
    except BaseException as error:
        return {"error": " ".join(f"{type(error).__name__}: {error}".split())[:200]}


for line in io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8"):
    print(json.dumps({"path": line.rstrip("\n"), **look(line.rstrip("\n"))}), flush=True)
