"""A reader of medchaos' files, written from docs/FORMAT.md alone, with numpy, cryptography and pydicom.

format_reader.py VECTORS.json KEYS.json runs it on vectors and exits with 1 where it disagrees with one.
"""
import base64
import hashlib
import hmac
import io
import json
import math
import re
import struct
import sys
import unicodedata
import warnings
import zlib

import numpy as np
import pydicom
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, x25519
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.concatkdf import ConcatKDFHash
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap

warnings.filterwarnings("ignore")


class Refused(Exception):
    pass


def require(condition, why):
    if not condition:
        raise Refused(why)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def hkdf(secret, salt, info, length):
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_whole(value):
    return is_number(value) and math.isfinite(value) and value == int(value)


def is_text(value):
    return isinstance(value, str)


def is_hex(value, length):
    return is_text(value) and re.fullmatch("[0-9a-f]{%d}" % (2 * length), value) is not None


def no_number(text):
    raise ValueError(text)


def json_object(data):
    try:
        value = json.loads(data.decode(), parse_constant=no_number)
    except ValueError as error:
        raise Refused("JSON") from error
    require(isinstance(value, dict), "no object")
    return value


# 2. Pictures and cipher PNG


class Picture:
    """Samples of shape (height, width, channels)."""

    def __init__(self, shape, data):
        self.shape = check_shape(shape)
        width, height, channels, depth = shape
        require(len(data) == width * height * channels * depth // 8, "length")
        self.samples = np.frombuffer(data, "u1" if depth == 8 else "<u2").reshape(height, width, channels)

    def bytes(self):
        return self.samples.tobytes()


def check_shape(shape):
    require(all(is_whole(value) for value in shape), "shape")
    width, height, channels, depth = shape
    require(width >= 1 and height >= 1 and 1 <= channels <= 4 and depth in (8, 16), "shape")
    require(width * height * channels < 2**31, "samples")
    return tuple(int(value) for value in shape)


def shape_in(fields):
    require(isinstance(fields, dict), "shape")
    return check_shape([fields.get(name) for name in ("width", "height", "channels", "depth")])


def png(data):
    require(data[:8] == b"\x89PNG\r\n\x1a\n", "signature")
    at, chunks = 8, []
    while not chunks or chunks[-1][0] != b"IEND":
        require(at + 12 <= len(data), "cut")
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        require(at + 12 + size <= len(data), "cut")
        body = data[at + 8 : at + 8 + size]
        crc = struct.unpack(">I", data[at + 8 + size : at + 12 + size])[0]
        require(re.fullmatch(b"[A-Za-z]{4}", kind) and kind != b"acTL", "chunk")
        if not kind[:1].islower():
            require(kind in (b"IHDR", b"IDAT", b"IEND") and zlib.crc32(kind + body) == crc, "critical chunk")
        chunks.append((kind, body))
        at += 12 + size
    require(chunks[0][0] == b"IHDR" and len(chunks[0][1]) == 13, "header")
    width, height, depth, colour, compression, method, interlace = struct.unpack(">IIBBBBB", chunks[0][1])
    require(colour in (0, 4, 2, 6) and (compression, method, interlace) == (0, 0, 0), "kind")
    shape = check_shape((width, height, (0, 4, 2, 6).index(colour) + 1, depth))
    try:
        rows = zlib.decompress(b"".join(body for kind, body in chunks if kind == b"IDAT"))
    except zlib.error as error:
        raise Refused("pixels") from error
    samples = unfiltered(rows, shape)
    return Picture(shape, samples if depth == 8 else np.frombuffer(samples, ">u2").astype("<u2").tobytes())


def unfiltered(rows, shape):
    width, height, channels, depth = shape
    pixel = channels * depth // 8
    stride = width * pixel
    require(len(rows) == height * (stride + 1), "pixels")
    out, above = bytearray(), bytes(stride)
    for row in range(height):
        kind, *line = rows[row * (stride + 1) : (row + 1) * (stride + 1)]
        require(kind <= 4, "filter")
        for i in range(stride):
            a = line[i - pixel] if i >= pixel else 0
            c = above[i - pixel] if i >= pixel else 0
            line[i] = (line[i] + (0, a, above[i], (a + above[i]) // 2, paeth(a, above[i], c))[kind]) & 255
        above = bytes(line)
        out += above
    return bytes(out)


def paeth(a, b, c):
    p = a + b - c
    return min((a, b, c), key=lambda value: abs(p - value))


# 3 and 4. Envelopes

MOST_RECIPIENTS = 100
CURVES = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1()}


def private_key(pkcs8):
    key = serialization.load_der_private_key(pkcs8, None)
    if isinstance(key, rsa.RSAPrivateKey):
        require(key.key_size >= 2048, "small key")
    elif isinstance(key, ec.EllipticCurvePrivateKey):
        require(key.curve.name in [curve.name for curve in CURVES.values()], "curve")
    else:
        require(isinstance(key, x25519.X25519PrivateKey), "key")
    return key


OAEP = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)


def open_envelope(data, key):
    """Header and payload."""
    if data[:1] == b"\x30":
        content = open_authenticated(data, key)
        require(b"\n" in content, "no header")
        line, payload = content.split(b"\n", 1)
        return json_object(line), payload
    return open_jwe(data, key)


def base64url(text):
    require(is_text(text) and re.fullmatch(r"[A-Za-z0-9_-]*", text) and len(text) % 4 != 1, "base64url")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    require(base64.urlsafe_b64encode(data).rstrip(b"=").decode() == text, "not canonical")
    return data


def open_jwe(data, key):
    text = data.decode("latin-1").strip()
    if text.startswith("{"):
        jwe = json_object(text.encode())
        recipients = jwe.get("recipients")
        require(isinstance(recipients, list), "recipients")
        require(1 <= len(recipients) <= MOST_RECIPIENTS, "number of recipients")
        require(all(isinstance(one, dict) for one in recipients), "recipients")
        parts = [jwe.get(name) for name in ("protected", "iv", "ciphertext", "tag")]
        additional = parts[0] + ("." + jwe["aad"] if "aad" in jwe else "") if is_text(parts[0]) else ""
        headers = [(one.get("header", {}), one.get("encrypted_key")) for one in recipients]
    else:
        require(text.count(".") == 4, "parts")
        protected, wrapped, *rest = text.split(".")
        parts, additional, headers = [protected, *rest], protected, [({}, wrapped)]
    _, iv, ciphertext, tag = [base64url(part) for part in parts]
    wrapped_keys = [base64url(wrapped) for _, wrapped in headers]
    shared = json_object(base64url(parts[0]))
    require("zip" not in shared and "crit" not in shared, "zip or crit")
    size = {"A128GCM": 16, "A256GCM": 32}.get(shared.get("enc"))
    require(size and len(iv) == 12 and len(tag) == 16, "content encryption")
    for (own, _), wrapped in zip(headers, wrapped_keys):
        try:
            content_key = unwrapped_jwe({**own, **shared}, wrapped, key)
            require(len(content_key) == size, "key length")
            payload = AESGCM(content_key).decrypt(iv, ciphertext + tag, additional.encode())
        except Exception:  # one answer, whatever failed
            continue
        header = {n: v for n, v in shared.items() if n not in ("alg", "enc", "epk", "apu", "apv")}
        return header, payload
    raise Refused("does not open")


def unwrapped_jwe(header, wrapped, key):
    if header.get("alg") == "RSA-OAEP-256":
        return key.decrypt(wrapped, OAEP)
    require(header.get("alg") == "ECDH-ES+A256KW", "alg")
    epk = header["epk"]
    if epk["kty"] == "OKP":
        require(epk["crv"] == "X25519", "curve")
        secret = key.exchange(x25519.X25519PublicKey.from_public_bytes(base64url(epk["x"])))
    else:
        x, y = [int.from_bytes(base64url(epk[name]), "big") for name in ("x", "y")]
        secret = key.exchange(ec.ECDH(), ec.EllipticCurvePublicNumbers(x, y, CURVES[epk["crv"]]).public_key())
    party = [base64url(header.get(name, "")) for name in ("apu", "apv")]
    fields = [b"ECDH-ES+A256KW", *party]
    info = b"".join(struct.pack(">I", len(one)) + one for one in fields) + struct.pack(">I", 256)
    return aes_key_unwrap(ConcatKDFHash(hashes.SHA256(), 32, info).derive(secret), wrapped)


class Der:
    """One element: its tag, its content, and its encoding as it stands."""

    def __init__(self, data, at=0):
        require(at + 2 <= len(data), "cut")
        self.tag, length, start = data[at], data[at + 1], at + 2
        require(length != 0x80, "BER")
        if length > 0x80:
            count = length - 0x80
            require(start + count <= len(data) and count <= 6, "cut")
            length, start = int.from_bytes(data[start : start + count], "big"), start + count
        self.end = start + length
        require(self.end <= len(data), "cut")
        self.content, self.encoded = data[start : self.end], data[at : self.end]

    def parts(self):
        found, at = [], 0
        while at < len(self.content):
            found.append(Der(self.content, at))
            at = found[-1].end
        return found

    def expect(self, tag):
        require(self.tag == tag, f"tag {self.tag:02x}")
        return self


def oid(element):
    element.expect(0x06)
    numbers, value = [], 0
    for byte in element.content:
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            numbers.append(value)
            value = 0
    first = min(numbers[0] // 40, 2)
    return ".".join(map(str, [first, numbers[0] - 40 * first, *numbers[1:]]))


def cms_fields(data, kind):
    """Recipients, algorithm, its parameters, content, further fields, and all fields."""
    try:
        return fields_of(data, kind)
    except (IndexError, ValueError) as error:
        raise Refused("structure") from error


def fields_of(data, kind):
    info = Der(data).expect(0x30)
    require(info.end == len(data), "trailing bytes")
    parts = info.parts()
    require(len(parts) == 2 and oid(parts[0]) == kind, "content type")
    fields = parts[1].expect(0xA0).parts()[0].expect(0x30).parts()
    _, *rest = fields
    if rest and rest[0].tag == 0xA0:
        rest = rest[1:]
    require(len(rest) >= 2, "fields")
    recipients = rest[0].expect(0x31).parts()
    count = sum(len(one.parts()[-1].parts()) if one.tag == 0xA1 else 1 for one in recipients)
    require(count <= MOST_RECIPIENTS, "number of recipients")
    content = rest[1].expect(0x30).parts()
    require(len(content) == 3 and content[2].tag == 0x80, "content")
    algorithm, parameters = content[1].expect(0x30).parts()
    return recipients, oid(algorithm), parameters, content[2].content, rest[2:], fields


def open_authenticated(data, key):
    kind = "1.2.840.113549.1.9.16.1.23"
    recipients, algorithm, parameters, body, rest, _ = cms_fields(data, kind)
    require(algorithm == "2.16.840.1.101.3.4.1.46", "algorithm")
    additional = b""
    if rest and rest[0].tag == 0xA1:
        additional = b"\x31" + rest.pop(0).encoded[1:]
    require(rest and rest[0].tag == 0x04 and len(rest[0].content) == 16, "tag")
    require(all(field.tag == 0xA2 for field in rest[1:]) and len(rest) <= 2, "fields")
    numbers = parameters.expect(0x30).parts()
    require(len(numbers) == 2 and len(numbers[0].expect(0x04).content) == 12, "nonce")
    require(numbers[1].encoded == b"\x02\x01\x10", "length of the tag")
    try:
        content_key = cms_key(recipients, key)
        return AESGCM(content_key).decrypt(numbers[0].content, body + rest[0].content, additional)
    except Exception as error:
        raise Refused("does not open") from error


def cms_key(recipients, key):
    require(not isinstance(key, x25519.X25519PrivateKey), "key")
    if isinstance(key, rsa.RSAPrivateKey):
        public = serialization.PublicFormat.PKCS1
        own = key.public_key().public_bytes(serialization.Encoding.DER, public)
        for one in recipients:
            if one.tag != 0x30:
                continue
            _, rid, algorithm, wrapped = one.parts()
            name = oid(algorithm.parts()[0])
            if (rid.tag, rid.content) == (0x80, hashlib.sha1(own).digest()) and name == "1.2.840.113549.1.1.7":
                return key.decrypt(wrapped.content, OAEP)
        raise Refused("no recipient")
    for one in recipients:
        if one.tag == 0xA1:
            try:
                return agreed(one, key)
            except Exception:  # somebody else's
                continue
    raise Refused("no recipient")


KDF_HASHES = {
    "1.3.132.1.11.1": hashlib.sha256,
    "1.3.132.1.11.2": hashlib.sha384,
    "1.3.132.1.11.3": hashlib.sha512,
}


def agreed(recipient, key):
    _, originator, algorithm, wrapped_keys = recipient.parts()
    named, point = originator.parts()[0].expect(0xA1).parts()
    require(oid(named.expect(0x30).parts()[0]) == "1.2.840.10045.2.1", "kind of key")
    point = point.expect(0x03).content
    require(point[:1] == b"\0", "unused bits")
    public = ec.EllipticCurvePublicKey.from_encoded_point(key.curve, point[1:])
    scheme, wrap = algorithm.parts()
    require(oid(wrap.parts()[0]) == "2.16.840.1.101.3.4.1.45", "key wrap")
    bits = struct.pack(">I", 256)
    inner = wrap.encoded + b"\xa2\x06\x04\x04" + bits
    info = b"\x30" + bytes([len(inner)]) + inner
    secret = key.exchange(ec.ECDH(), public)
    make = KDF_HASHES[oid(scheme)]
    wrapping = make(secret + struct.pack(">I", 1) + info).digest()[:32]
    for one in wrapped_keys.parts():
        try:
            return aes_key_unwrap(wrapping, one.parts()[1].expect(0x04).content)
        except Exception:  # another recipient's
            continue
    raise Refused("no recipient")


MAC_HEAD = bytes.fromhex("a13d303b0615" + "6982ffe89498c3abe2a29183a8cbb1ba9d94917d01" + "31220420")


def enveloped_parts(data):
    kind = "1.2.840.113549.1.7.3"
    recipients, algorithm, parameters, body, rest, fields = cms_fields(data, kind)
    require(algorithm == "2.16.840.1.101.3.4.1.42", "algorithm")
    require(len(parameters.expect(0x04).content) == 16 and len(body) % 16 == 0, "blocks")
    require(len(rest) <= 1 and all(field.tag == 0xA1 for field in rest), "fields")
    covered = b"".join(field.encoded for field in fields if field not in rest)
    return recipients, parameters.content, body, rest[0].encoded if rest else b"", covered


def open_enveloped(data, key):
    """Content, and whether a MAC covered it; without one the padding stays."""
    recipients, iv, body, attributes, covered = enveloped_parts(data)
    try:
        content_key = cms_key(recipients, key)
        demands = demands_mac(content_key)
        if demands:
            secret = hkdf(content_key, b"", b"medchaos cms mac 1", 32)
            mac = MAC_HEAD + hmac.digest(secret, covered, "sha256")
            require(hmac.compare_digest(mac, attributes), "MAC")
        cipher = Cipher(algorithms.AES(content_key), modes.CBC(iv)).decryptor()
        content = cipher.update(body) + cipher.finalize()
    except Exception as error:
        raise Refused("does not open") from error
    return (content[: -content[-1]] if demands else content), demands


def demands_mac(key):
    require(len(key) == 32, "key length")
    return key[26:] == hashlib.sha256(b"medchaos cms key 1\0" + key[:26]).digest()[:6]


# 5. Header


def check_header(header, cipher):
    known = {"paper": ("application/x-npz", "application/json"), "hardened": ("application/json",)}
    scheme, kind = header.get("scheme"), header.get("cty")
    require(is_text(scheme) and scheme in known and kind in known[scheme], "scheme")
    require(is_text(header.get("preset")) and is_text(header.get("cipher_sha256")), "members")
    require(shape_in(header) == cipher.shape, "shape")
    require(header["cipher_sha256"] == sha256(cipher.bytes()), "another picture")
    return scheme, kind


# 6.1 npz


def zip_members(data):
    end = len(data) - 22
    require(end >= 0 and data[end : end + 4] == b"PK\x05\x06", "end record")
    count, = struct.unpack("<H", data[end + 10 : end + 12])
    at, = struct.unpack("<I", data[end + 16 : end + 20])
    members = {}
    for _ in range(count):
        require(at + 46 <= end and data[at : at + 4] == b"PK\x01\x02", "directory")
        flags, method = struct.unpack("<HH", data[at + 8 : at + 12])
        crc, packed, size, name, extra, comment = struct.unpack("<IIIHHH", data[at + 16 : at + 34])
        local, = struct.unpack("<I", data[at + 42 : at + 46])
        text = data[at + 46 : at + 46 + name].decode("latin-1")
        require(flags & 1 == 0 and method == 0 and packed == size and text not in members, "member")
        require(local + 30 <= end and data[local : local + 4] == b"PK\x03\x04", "member")
        start = local + 30 + sum(struct.unpack("<HH", data[local + 26 : local + 30]))
        members[text] = data[start : start + size]
        require(start + size <= end and zlib.crc32(members[text]) == crc, "CRC")
        at += 46 + name + extra + comment
    require(at == end, "directory")
    return members


NPY = re.compile(r"\{'descr': '([^']{1,8})', 'fortran_order': False, 'shape': \(([\d, ]*)\), ?\}\s*")


def npy(data, dtypes, dimensions):
    require(data[:8] == b"\x93NUMPY\x01\x00" and len(data) >= 10, "npy")
    start = 10 + struct.unpack("<H", data[8:10])[0]
    found = NPY.fullmatch(data[10:start].decode("latin-1"))
    require(found and start <= len(data) and found[1] in dtypes, "npy")
    shape = [int(side) for side in found[2].split(",") if side.strip()]
    require(len(shape) in dimensions, "dimensions")
    require(len(data) - start == math.prod(shape) * np.dtype(found[1]).itemsize, "length")
    return np.frombuffer(data[start:], found[1]).reshape(shape)


def read_npz(data):
    """Columns, rows, key samples of shape (height, width, channels), and the name."""
    members = zip_members(data)
    name = members.pop("name.npy", None)
    require(set(members) == {"xindex.npy", "yindex.npy", "zkey.npy"}, "members")
    x, y = [npy(members[f"{axis}index.npy"], ("<i4",), (1,)) for axis in "xy"]
    z = npy(members["zkey.npy"], ("|u1", "<u2"), (2, 3))
    z = z.reshape(*z.shape, 1) if z.ndim == 2 else z
    height, width, channels = z.shape
    check_shape((width, height, channels, 8 * z.itemsize))
    for index, length in ((x, width), (y, height)):
        require(sorted(index.tolist()) == list(range(length)), "permutation")
    return x, y, z, None if name is None else name_in(npy(name, ("|u1",), (1,)).tobytes())


def name_in(data):
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise Refused("name") from error


# 6.2 compact

WORDS = {
    "firstValue": ("iterate", "start"),
    "order": ("ascending", "descending"),
    "colour": ("samples", "plane"),
    "precision": ("float64", "float32"),
    "quantiser": ("integer", "fraction"),
}


RANGES = {
    "logistic": [(0, 4)], "lorenz": [(0, math.inf)] * 3, "tent": [(0, 2)], "lts": [(0, 4)],
    "henon": [(0, 1.42), (-1, 1)], "chen": [(30, 40), (1, 5), (18, 30)], "lu": [(30, 40), (1, 5), (12, 29)],
}


def parameters_in(file):
    chaos, decimal, text = file.get("map"), file.get("parameters"), file.get("parametersHex")
    require(is_text(chaos) and chaos in RANGES, "map")
    require(isinstance(decimal, list) and isinstance(text, list), "parameters")
    require(len(decimal) == len(text) == len(RANGES[chaos]), "parameters")
    for number, digits in zip(decimal, text):
        require(is_number(number) and struct.pack(">d", number).hex() == digits, "parameters disagree")
    values = [float(number) for number in decimal]
    for value, (low, high) in zip(values, RANGES[chaos]):
        require(low <= value <= high and math.isfinite(value), "range")
    require(chaos in FURTHER or all(value > 0 for value in values), "range")
    return chaos, values


def read_options(options):
    require(isinstance(options, dict), "options")
    options = {"precision": "float64", "quantiser": "integer", **options}
    require(set(options) == {*WORDS, "burnIn", "starts", "logistic", "lorenz"}, "options")
    for name, words in WORDS.items():
        require(is_text(options[name]) and options[name] in words, name)
    require(is_whole(options["burnIn"]) and 0 <= options["burnIn"] <= 100000, "burnIn")
    starts = options["starts"]
    require(isinstance(starts, list) and len(starts) == 3, "starts")
    require(all(is_number(start) and math.isfinite(start) for start in starts), "starts")
    members = {"logistic": {"orbits", "multipliers"}, "lorenz": {"integrator", "dt", "multipliers"}}
    for chaos, names in members.items():
        own = options[chaos]
        require(isinstance(own, dict) and set(own) == names, chaos)
        factors = own["multipliers"]
        require(isinstance(factors, dict) and set(factors) == {"8", "16"}, "multipliers")
        require(all(is_number(factor) and 1 <= factor <= 1e30 for factor in factors.values()), "multipliers")
    require(options["logistic"]["orbits"] in ("three", "one"), "orbits")
    require(options["lorenz"]["integrator"] in ("euler", "rk4"), "integrator")
    dt = options["lorenz"]["dt"]
    require(is_number(dt) and math.isfinite(dt) and dt > 0, "dt")
    return options


def read_compact(data):
    file = json_object(data)
    require(file.get("format") == "medchaos compact key 1" and file.get("scheme") == "paper", "format")
    chaos, parameters = parameters_in(file)
    options = read_options(file.get("options"))
    shape = shape_in(file.get("shape"))
    return chaos, parameters, options, shape, json_name(file)


def json_name(file):
    return file["name"] if is_text(file.get("name")) else None


# 7. The paper scheme


def sequences(chaos, parameters, options):
    number = np.float32 if options["precision"] == "float32" else np.float64
    starts = [np.float64(start) for start in options["starts"]]
    if chaos in FURTHER:
        require(number is np.float64, "float32 of a further map")
        return further_sequences(chaos, parameters, starts, options)
    if chaos == "lorenz":
        steps = lorenz_steps([number(value) for value in parameters], options["lorenz"], number)
        return [Sequence(steps, starts, options, number, axis) for axis in range(3)]
    orbits = 1 if options["logistic"]["orbits"] == "one" else 3
    require(all(0 < start < 1 for start in starts[:orbits]), "start")
    steps = logistic_steps(number(parameters[0]), number)
    made = [Sequence(steps, [start], options, number, 0) for start in starts[:orbits]]
    return made if orbits == 3 else made * 3


def tent(mu):
    return lambda s: [mu * min(s[0], 1 - s[0])]


def lts(r):
    return lambda s: [math.fmod((r * s[0]) * (1 - s[0]) + ((4 - r) * min(s[0], 1 - s[0])) / 2, 1)]


def henon(a, b):
    return lambda s: [(1 - a * (s[0] * s[0])) + s[1], b * s[0]]


def flow(slope):
    return lambda s: [value + 0.001 * k for value, k in zip(s, slope(*s))]


def chen(a, b, c):
    return flow(lambda x, y, z: (a * (y - x), ((c - a) * x - x * z) + c * y, x * y - b * z))


def lu(a, b, c):
    return flow(lambda x, y, z: (a * (y - x), c * y - x * z, x * y - b * z))


# Those with a sine are refused, as a reader may: the last bit of a sine is the library's.
FURTHER = {"tent": (tent, 1), "lts": (lts, 1), "henon": (henon, 2), "chen": (chen, 3), "lu": (lu, 3)}


def further_sequences(chaos, parameters, starts, options):
    make, dimension = FURTHER[chaos]
    steps = make(*parameters)
    if dimension == 3:
        return [Sequence(steps, starts, options, float, axis) for axis in range(3)]
    return [Sequence(steps, [start, 0.02][:dimension], options, float, 0) for start in starts]


def logistic_steps(r, number):
    one = number(1)
    return lambda state: [(r * state[0]) * (one - state[0])]


def lorenz_steps(parameters, options, number):
    sigma, rho, beta = parameters
    dt, two = number(options["dt"]), number(2)

    def slope(s):
        x, y, z = s
        return [sigma * (y - x), (rho * x - y) - x * z, x * y - beta * z]

    def shifted(s, h, k):
        return [a + h * b for a, b in zip(s, k)]

    def euler(s):
        return shifted(s, dt, slope(s))

    def rk4(s):
        half, sixth = dt / two, dt / number(6)
        k1 = slope(s)
        k2 = slope(shifted(s, half, k1))
        k3 = slope(shifted(s, half, k2))
        k4 = slope(shifted(s, dt, k3))
        return shifted(s, sixth, [((a + two * b) + two * c) + d for a, b, c, d in zip(k1, k2, k3, k4)])

    return euler if options["integrator"] == "euler" else rk4


class Sequence:
    def __init__(self, steps, start, options, number, axis):
        self.steps, self.axis = steps, axis
        self.state = [number(value) for value in start]
        first = start[axis]
        for _ in range(int(options["burnIn"])):
            first = self.next()
        self.waiting = [first] if options["firstValue"] == "start" else []

    def next(self):
        self.state = self.steps(self.state)
        require(all(abs(value) < 1e100 for value in self.state), "diverges")
        return self.state[self.axis]

    def take(self, count):
        values = [self.waiting.pop() if self.waiting else self.next() for _ in range(count)]
        return [float(value) for value in values]


def derive_keys(chaos, parameters, options, shape):
    width, height, channels, depth = shape
    with np.errstate(all="ignore"):
        sx, sy, sz = sequences(chaos, parameters, options)
        orders = [np.array(sequence.take(count)) for sequence, count in ((sx, width), (sy, height))]
        planes = 1 if options["colour"] == "plane" else channels
        values = sz.take(width * height * planes)
    if options["order"] == "descending":
        orders = [-values_of for values_of in orders]
    x, y = [np.argsort(values_of, kind="stable").astype("<i4") for values_of in orders]
    dimension = FURTHER[chaos][1] if chaos in FURTHER else {"logistic": 1, "lorenz": 3}[chaos]
    factor = float(options["logistic" if dimension == 1 else "lorenz"]["multipliers"][str(depth)])
    quantise = {"integer": whole_part, "fraction": fraction}[options["quantiser"]]
    z = np.array([quantise(abs(v) * factor, depth) for v in values], "u1" if depth == 8 else "<u2")
    return x, y, np.repeat(z.reshape(height, width, planes), channels // planes, 2)


def whole_part(value, depth):
    return int(value) % 2**depth


def fraction(value, depth):
    return int(math.fmod(value, 1) * 2**depth)


def decrypt_paper(samples, x, y, z):
    require(samples.shape == z.shape and samples.dtype == z.dtype, "shape")
    plain = np.empty_like(samples)
    plain[np.ix_(y, x)] = samples ^ z
    return plain


# 6.3 and 8. The hardened scheme

SOUND = {
    "burnIn": 1000, "firstValue": "iterate", "order": "ascending", "colour": "samples",
    "precision": "float64", "quantiser": "integer",
    "logistic": {"orbits": "three", "multipliers": {"8": 1e14, "16": 1e14}},
    "lorenz": {"integrator": "euler", "dt": 0.01, "multipliers": {"8": 1e9, "16": 1e9}},
}


def read_hardened(data):
    file = json_object(data)
    require(file.get("format") == "medchaos hardened 1", "format")
    file["map"], file["parameters"] = parameters_in(file)
    require("metadata" in file and (file["metadata"] is None or is_text(file["metadata"])), "metadata")
    for name, length in (("key", 32), ("nonce", 32), ("tag", 16)):
        require(is_hex(file.get(name), length), name)
        file[name] = bytes.fromhex(file[name])
    file["shape"] = shape_in(file.get("shape"))
    return file


ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def json_text(text):
    def one(char):
        if char in ESCAPES:
            return ESCAPES[char]
        code = ord(char)
        return "\\u%04x" % code if code < 0x20 or 0xD800 <= code < 0xE000 else char

    return '"' + "".join(map(one, text)) + '"'


def derivation(file):
    width, height, channels, depth = file["shape"]
    numbers = ",".join('"%s"' % struct.pack(">d", value).hex() for value in file["parameters"])
    metadata = "null" if file["metadata"] is None else json_text(file["metadata"])
    context = (
        '{"format":"medchaos hardened 1","map":"%s","parameters":[%s],"metadata":%s,' % (file["map"], numbers, metadata)
        + '"width":%d,"height":%d,"channels":%d,"depth":%d}' % (width, height, channels, depth)
    ).encode()
    digest = hashlib.sha256(context).digest()

    def derive(label, length):
        return hkdf(file["key"], file["nonce"], label + b"\0" + digest, length)

    starts = [((word >> 12) + 0.5) / 2**52 for word in struct.unpack(">3Q", derive(b"starts", 24))]
    return {
        "context": context,
        "key": derive(b"aes-256-gcm key", 32),
        "iv": derive(b"aes-256-gcm iv", 12),
        "starts": starts,
        "seeds": derive(b"feedback", 8),
    }


def decrypt_hardened(cipher, file):
    require(cipher.shape == file["shape"], "shape")
    found = derivation(file)
    try:
        data = AESGCM(found["key"]).decrypt(found["iv"], cipher.bytes() + file["tag"], found["context"])
    except Exception as error:
        raise Refused("tag") from error
    samples = Picture(cipher.shape, data).samples
    flat = samples.reshape(-1).tolist()
    first, second = struct.unpack(">2I", found["seeds"])
    undo_pass(flat, range(len(flat) - 1, -1, -1), second, cipher.shape[3])
    undo_pass(flat, range(len(flat)), first, cipher.shape[3])
    options = {**SOUND, "starts": found["starts"]}
    keys = derive_keys(file["map"], file["parameters"], options, cipher.shape)
    return decrypt_paper(np.array(flat, samples.dtype).reshape(samples.shape), *keys), found


def undo_pass(samples, order, state, depth):
    for k in order:
        out = samples[k]
        samples[k] = out ^ state >> 32 - depth
        t = state ^ out
        state = ((t ^ t >> 15) * 0x2C1B3C6D + 0x9E3779B9) % 2**32


def open_image(header, payload, cipher):
    """Plain samples, metadata, name and id of the ledger."""
    scheme, kind = check_header(header, cipher)
    require(kind == "application/x-npz" or payload[:1] == b"{", "JSON")
    if scheme == "hardened":
        file = read_hardened(payload)
        plain, _ = decrypt_hardened(cipher, file)
        return plain, file["metadata"], json_name(file), "nonce:" + sha256(file["nonce"])
    if kind == "application/x-npz":
        x, y, z, name = read_npz(payload)
    else:
        chaos, parameters, options, shape, name = read_compact(payload)
        require(shape == cipher.shape, "shape")
        x, y, z = derive_keys(chaos, parameters, options, shape)
    return decrypt_paper(cipher.samples, x, y, z), None, name, "cipher:" + header["cipher_sha256"]


# 9. Sealed files

LINE = b"medchaos sealed 1\n"


def open_sealed(data, key):
    require(data[:18] == LINE and len(data) >= 22, "first line")
    length, = struct.unpack(">I", data[18:22])
    require(length <= 2**20 and 22 + length <= len(data), "envelope")
    header, payload = open_envelope(data[22 : 22 + length], key)
    require(header.get("scheme") == "sealed", "scheme")
    inside = json_object(payload)
    require(inside.get("format") == "medchaos sealed 1" and is_text(inside.get("name")), "members")
    require("path" not in inside or is_text(inside["path"]), "path")
    require(is_whole(inside.get("bytes")) and 0 <= inside["bytes"] <= 2**36 - 32, "bytes")
    require(is_hex(inside.get("key"), 32) and is_hex(inside.get("nonce"), 12), "key")
    require(len(data) == 22 + length + inside["bytes"] + 16, "size")
    secrets = [bytes.fromhex(inside[name]) for name in ("key", "nonce")]
    try:
        plain = AESGCM(secrets[0]).decrypt(secrets[1], data[22 + length :], LINE)
    except Exception as error:
        raise Refused("tag") from error
    return plain, inside["name"], inside.get("path"), "nonce:" + sha256(b"".join(secrets))


# 10. Encrypted DICOM objects


def open_dicom(data, key):
    try:
        outer = pydicom.dcmread(io.BytesIO(data))
        sealed = outer.EncryptedAttributesSequence[0].EncryptedContent
        method = outer.DeidentificationMethod
        cells = cells_of(outer)
    except Refused:
        raise
    except Exception as error:
        raise Refused("no encrypted object") from error
    require(str(method).startswith("medchaos:"), "another program")
    content, has_mac = open_enveloped(sealed[: Der(sealed).end], key)
    try:
        return restored(content, cells, has_mac)
    except Exception as error:  # one answer
        raise Refused("does not open") from error


def cells_of(outer):
    if "PixelData" not in outer:
        return None
    columns, rows, samples, bits = outer.Columns, outer.Rows, outer.SamplesPerPixel, outer.BitsAllocated
    require(bits in (1, 8, 16, 32) and 1 <= samples <= 4 and columns and rows, "cells")
    lines = rows * int(outer.get("NumberOfFrames") or 1)
    if bits == 1 and columns % 8 == 0:
        shape = (columns * samples // 8, lines, 1)
    elif bits == 1:
        shape = (-(-columns * lines * samples // 8), 1, 1)
    elif bits == 32:
        shape = (2 * columns * samples, lines, 1)
    elif outer.PhotometricInterpretation == "YBR_FULL_422":
        shape = (2 * columns, lines, 1)
    elif samples > 1 and outer.PlanarConfiguration == 1:
        shape = (columns, lines * samples, 1)
    else:
        shape = (columns, lines, samples)
    depth = 16 if bits > 8 else 8
    size = math.prod(shape) * depth // 8
    require(len(outer.PixelData) >= size, "pixel data")
    return Picture((*shape, depth), outer.PixelData[:size])


LONG = (b"OB", b"UT", b"SQ")
TAGS = [(0x77, 0x10, b"LO"), (0x77, 0x1001, b"UT"), (0x77, 0x1002, b"OB"), (0x77, 0x1003, b"OB"), (0x77, 0x1004, b"OB")]


def restored(content, cells, has_mac):
    values, end = [], 0
    for group, element, vr in TAGS:
        found = struct.unpack("<HH2s", content[end : end + 6])
        require(found == (group, element, vr), "element")
        size, start = (struct.unpack("<I", content[end + 8 : end + 12])[0], end + 12) if vr in LONG else (
            struct.unpack("<H", content[end + 6 : end + 8])[0], end + 8)
        end = start + size
        require(end <= len(content), "cut")
        values.append(content[start:end])
    require(values[0] == b"MEDCHAOS RESTORE 1", "version")
    join = json_object(values[1])
    lengths = [join.get(name) for name in ("head", "tail", "key", "filled")]
    require(all(is_whole(length) and length >= 0 for length in lengths), "lengths")
    require(isinstance(join.get("swapped"), bool) and is_hex(join.get("sha256"), 32), "members")
    require(all(name not in join or is_text(join[name]) for name in ("path", "id")), "texts")
    head, tail, key = [value[:length] for value, length in zip(values[2:], lengths)]
    require([len(head), len(tail), len(key)] == lengths[:3], "cut")
    if not has_mac:
        require_exact(content, join, head, tail, key)
    if cells is None:
        require(not key and join.get("id"), "document")
        file, ledger_id = head, "nonce:" + sha256(join["id"].encode())
    else:
        require(b"\n" in key, "key")
        line, payload = key.split(b"\n", 1)
        plain, _, _, ledger_id = open_image(json_object(line), payload, cells)
        middle = plain.tobytes()[: join["filled"]]
        if join["swapped"]:
            middle = np.frombuffer(middle, "<u2").byteswap().tobytes()
        file = head + middle + tail
    require(sha256(file) == join["sha256"], "hash")
    return file, join.get("path"), ledger_id


def require_exact(content, join, head, tail, key):
    """10.5, for key files in JSON; it refuses npz, as readers may."""
    members = ("head", "filled", "tail", "key", "swapped", "sha256", "path", "id")
    text = json.dumps({n: join[n] for n in members if n in join}, separators=(",", ":"), ensure_ascii=False)
    line, payload = key.split(b"\n", 1)
    header, file = json_object(line), json_object(payload)
    names = ("cty", "scheme", "preset", "width", "height", "channels", "depth", "cipher_sha256")
    line = json.dumps({name: header[name] for name in names}, separators=(",", ":"), ensure_ascii=False)
    require(header["preset"] in ("paper", "sound"), "preset")
    again = (line + "\n" + json.dumps(file, indent=2, ensure_ascii=False) + "\n").encode()
    values = [b"MEDCHAOS RESTORE 1", text.encode(), head, tail, again]
    expected = b""
    for (group, element, vr), value in zip(TAGS, values):
        padded = value + (b" " if vr == b"UT" else b"\0") * (len(value) % 2)
        size = struct.pack("<HI", 0, len(padded)) if vr in LONG else struct.pack("<H", len(padded))
        expected += struct.pack("<HH2s", group, element, vr) + size + padded
    require(content.startswith(expected), "another encoding")


# 11. Original names


def restorable(name):
    for part in name.split("/"):
        require(part and part[0] not in ".\\:" and "\\" not in part, "name")
        require(not any(unicodedata.category(char) == "Cc" for char in part), "control character")
    return name


# 12. Ledger


def may_open(ledger, encryption):
    owners, written, lines = {}, set(), 0
    for text in ledger.decode(errors="replace").split("\n")[:-1]:
        try:
            line = json.loads(text)
        except ValueError:
            continue
        if not isinstance(line, dict):
            continue
        if is_text(line.get("written")):
            written.add(line["written"])
        elif is_text(line.get("id")) and is_text(line.get("claim")):
            owner = owners.get(line["id"])
            if owner is None or (line.get("takes") == owner and owner not in written):
                owners[line["id"]] = line["claim"]
        else:
            continue
        lines += 1
    require(lines or not ledger.strip(), "no ledger")
    require(encryption not in owners, "replay")  # who is opening it lives on another host
    return True


# Vectors


def described(shape, samples):
    names = ("width", "height", "channels", "depth")
    return {**dict(zip(names, shape)), "sha256": sha256(samples.tobytes())}


def key_file_found(x, y, z, name):
    height, width, channels = z.shape
    joined = b"".join(array.tobytes() for array in (x, y, z))
    shape = {"width": width, "height": height, "channels": channels, "depth": 8 * z.itemsize}
    return {**shape, "sha256": sha256(joined), "name": name}


def read_vector(kind, vector, data, key):
    if kind == "png":
        picture = png(data("file"))
        return described(picture.shape, picture.samples)
    if kind == "envelope":
        header, payload = open_envelope(data("envelope"), key())
        return {"header": header, "sha256": sha256(payload)}
    if kind == "enveloped-data":
        content, has_mac = open_enveloped(data("envelope"), key())
        require(has_mac, "no MAC")
        return {"sha256": sha256(content)}
    if kind == "npz":
        return key_file_found(*read_npz(data("payload")))
    if kind == "compact":
        chaos, parameters, options, shape, name = read_compact(data("payload"))
        return key_file_found(*derive_keys(chaos, parameters, options, shape), name)
    if kind == "hardened":
        file = read_hardened(data("payload"))
        shape = shape_in(json.loads(vector["input"]["shape"]))
        plain, found = decrypt_hardened(Picture(shape, data("samples")), file)
        derived = {
            "context_sha256": sha256(found["context"]),
            "aes_key": found["key"].hex(),
            "aes_iv": found["iv"].hex(),
            "starts": [struct.pack(">d", start).hex() for start in found["starts"]],
            "seeds": found["seeds"].hex(),
        }
        return {**described(shape, plain), "metadata": file["metadata"], "derived": derived}
    if kind == "cipher-image":
        cipher = png(data("cipher"))
        plain, metadata, name, ledger_id = open_image(*open_envelope(data("keys"), key()), cipher)
        return {**described(cipher.shape, plain), "metadata": metadata, "name": name, "id": ledger_id}
    if kind == "sealed-file":
        plain, name, path, ledger_id = open_sealed(data("file"), key())
        return {"bytes": len(plain), "sha256": sha256(plain), "name": name, "path": path, "id": ledger_id}
    if kind == "dicom-object":
        file, path, ledger_id = open_dicom(data("file"), key())
        return {"bytes": len(file), "sha256": sha256(file), "path": path, "id": ledger_id}
    if kind == "original-name":
        return {"name": restorable(vector["input"]["name"])}
    if kind == "ledger":
        return {"opens": may_open(data("ledger"), vector["input"]["encryption"])}
    raise ValueError(kind)


def input_bytes(vectors, vector, name):
    stored = vector["input"][name]
    if isinstance(stored, str):
        return base64.b64decode(stored)
    if "text" in stored:
        return stored["text"].encode()
    if "zlib" in stored:
        return zlib.decompress(base64.b64decode(stored["zlib"]))
    base = input_bytes(vectors, vectors[stored["of"]], name)
    return base[: stored["at"]] + base64.b64decode(stored["put"]) + base[stored["at"] + stored["cut"] :]


def disagreement(kind, vector, vectors, keys):
    def data(name):
        return input_bytes(vectors, vector, name)

    def key():
        return private_key(base64.b64decode(keys[vector["input"]["privateKey"]]["pkcs8"]))

    try:
        found = read_vector(kind, vector, data, key)
    except Refused as refused:
        return f"refused: {refused}" if vector["result"] == "valid" else None
    if vector["result"] == "invalid":
        return "opened"
    return None if found == vector["expected"] else f"found {found}, expected {vector['expected']}"


def main(vectors_file, keys_file):
    with open(vectors_file, encoding="utf-8") as file:
        groups = json.load(file)["groups"]
    with open(keys_file, encoding="utf-8") as file:
        keys = json.load(file)["keys"]
    vectors = {vector["id"]: vector for group in groups for vector in group["vectors"]}
    wrong = 0
    for group in groups:
        for vector in group["vectors"]:
            why = disagreement(group["type"], vector, vectors, keys)
            if why:
                wrong += 1
                print(f"{vector['id']} ({vector['comment']}): {why}", file=sys.stderr)
    print(f"{len(vectors) - wrong} of {len(vectors)} vectors agree")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
