"""Views of synthetic pictures by torchvision's transforms on Pillow images: python test/vectors/pictures.py > test/vectors/pictures.json

Sample (x, y, channel c) of an input is (7 x + 13 y + 29 c + (x y) mod 251 + 40 ((x // 9 + y // 5) mod 3)) mod 256.
`centred`: Resize(resize), bilinear and antialiased, then CenterCrop(size). `cropped`: resized_crop(top, left, height,
width) to size x size. `rotated`: Pillow's rotate by degrees, bilinear. Of each the SHA-256 of the bytes, and the first 12.
"""
import hashlib
import json

import numpy
import PIL
import torchvision
from PIL import Image
from torchvision.transforms import CenterCrop, Compose, Resize
from torchvision.transforms.functional import resized_crop


def picture(width, height, channels):
    y, x, c = numpy.mgrid[0:height, 0:width, 0:channels]
    levels = (7 * x + 13 * y + 29 * c + (x * y) % 251 + 40 * ((x // 9 + y // 5) % 3)) % 256
    levels = levels.astype(numpy.uint8)
    return Image.fromarray(levels[:, :, 0] if channels == 1 else levels)


def digest(image):
    data = numpy.asarray(image).tobytes()
    return {"sha256": hashlib.sha256(data).hexdigest(), "first": list(data[:12])}


shapes = [(300, 200, 1), (200, 300, 3), (640, 481, 3), (50, 41, 1), (1000, 999, 1), (37, 37, 3), (33, 500, 1)]
sides = [(256, 224), (73, 64), (37, 32), (65, 64), (32, 32)]
boxes = [(300, 200, 3, [13, 21, 150, 111], 64), (300, 200, 1, [0, 0, 300, 200], 224), (90, 70, 3, [80, 60, 10, 9], 32)]
angles = [-10, -3.5, 0, 4.25, 10]
result = {
    "made": f"torchvision {torchvision.__version__.split('+')[0]}, Pillow {PIL.__version__}",
    "centred": [
        {"shape": shape, "resize": resize, "size": size, **digest(Compose([Resize(resize), CenterCrop(size)])(picture(*shape)))}
        for shape in shapes
        for resize, size in sides
    ],
    "cropped": [
        {"shape": [w, h, c], "box": box, "size": size,
         **digest(resized_crop(picture(w, h, c), box[1], box[0], box[3], box[2], [size, size]))}
        for w, h, c, box, size in boxes
    ],
    "rotated": [
        {"shape": [48, 40, 1], "angle": angle,
         "bytes": list(numpy.asarray(picture(48, 40, 1).rotate(angle, Image.BILINEAR)).tobytes())}
        for angle in angles
    ],
}
print(json.dumps(result))
