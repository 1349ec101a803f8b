"""Reads image files with other people's readers: paths come on stdin, samples go to files in the folder argv[1].

A line of JSON for each: shape and file, or the error. Samples are as README's "as stored" has them: rows, pixels,
channels; 16 bits with the low byte first.
"""

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
        if page.planarconfig not in (1, 2):
            raise ValueError("planar configuration is no number")
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
        colour = np.array(info["transparent"]) & (2 ** info["bitdepth"] - 1)  # of fewer bits the low ones count
        clear = (stored == colour).all(-1, keepdims=True)
        a = np.concatenate([a, np.where(clear, 0, 65535 if depth == 16 else 255)], -1)
    return a.astype("u2" if depth == 16 else "u1"), 1


def pillow(path):
    from PIL import Image

    with Image.open(path) as image:
        pages = getattr(image, "n_frames", 1)
        image.load()
        gif = image.format == "GIF"
        if image.mode in ("P", "1"):
            image = image.convert("RGBA" if "transparency" in image.info else "RGB")
        a = np.array(image)
    if gif and a.shape[-1] == 4:
        a[a[..., 3] == 0] = 0
    return a if a.ndim == 3 else a[..., None], pages


LOSSY = {f"1.2.840.10008.1.2.4.{n}" for n in (50, 51, 81, 91, 93, 112, 203)}


def dicom(path):
    import pydicom
    from pydicom.pixels import apply_color_lut, pixel_array

    data = pydicom.dcmread(path, force=True)
    a = pixel_array(data, index=0)
    a = a if a.ndim == 3 else a[..., None]
    bits, high = data.BitsStored, data.HighBit
    if data.PhotometricInterpretation == "PALETTE COLOR":
        if data.original_encoding == (False, False):
            swap_palettes(data)
        a = apply_color_lut(a[..., 0], data)[..., :3]
        return a.astype("u2" if a.max() > 255 or data.RedPaletteColorLookupTableDescriptor[2] == 16 else "u1"), 1
    a = (a.astype("i8") >> (high + 1 - bits)) & (2**bits - 1)
    if data.PixelRepresentation == 1:
        a ^= 2 ** (bits - 1)
    if data.BitsAllocated == 1:
        a *= 255
    return a.astype("u2" if bits > 8 else "u1"), 1


def swap_palettes(data):
    """pydicom takes the words of big-endian palettes as they are."""
    for colour in ("Red", "Green", "Blue"):
        name = f"{colour}PaletteColorLookupTableData"
        setattr(data, name, np.frombuffer(getattr(data, name), ">u2").astype("<u2").tobytes())


def tolerance(path):
    """Of lossy DICOM: decoders round differently, and fill in left-out colours each in its way."""
    import pydicom

    data = pydicom.dcmread(path, stop_before_pixels=True, force=True)
    if data.file_meta.get("TransferSyntaxUID") not in LOSSY:
        return 0
    return 8 if data.PhotometricInterpretation in ("YBR_FULL_422", "YBR_PARTIAL_420") else 2


def reader_of(path):
    head = open(path, "rb").read(132)
    if head[:8] == b"\x89PNG\r\n\x1a\n":
        return png
    if head[128:] == b"DICM" or path.endswith(".dcm"):
        return dicom
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return tiff
    return pillow


def look(path, out):
    try:
        reader = reader_of(path)
        a, pages = reader(path)
        height, width, channels = a.shape
        np.ascontiguousarray(a.astype(a.dtype.newbyteorder("<"))).tofile(out)
        apart = tolerance(path) if reader is dicom else 0
        shape = {"width": width, "height": height, "channels": channels, "depth": 8 * a.dtype.itemsize}
        return {**shape, "pages": pages, "tolerance": apart}
    except BaseException as error:
        return {"error": " ".join(f"{type(error).__name__}: {error}".split())[:200]}


for i, line in enumerate(io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8")):
    out = f"{sys.argv[1]}/{i}.raw"
    print(json.dumps({"path": line.rstrip("\n"), "samples": out, **look(line.rstrip("\n"), out)}), flush=True)
