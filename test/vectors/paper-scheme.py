"""Known answers for src/cipher/paper.ts, computed independently (Python 3, standard library only).

    python3 test/vectors/paper-scheme.py > test/vectors/paper-scheme.json

Follows the scheme's definition word by word: whole orbits first, Python integers for floor and mod,
sorted() for the argsort, one pixel at a time for the permutations. Sample k of the plain image is the
upper `depth` bits of k * 2654435761 mod 2^32. Hashes are SHA-256 of little-endian bytes (x_index and
y_index as int32, samples as 1 or 2 bytes, row-major, channels interleaved).
"""
import hashlib
import json
import math
import struct

PRESETS = {
    "paper": {"burnIn": 0, "logistic": {8: 1e5, 16: 1e7}, "lorenz": {8: 1e5, 16: 1e7}},
    "sound": {"burnIn": 1000, "logistic": {8: 1e14, 16: 1e14}, "lorenz": {8: 1e9, 16: 1e9}},
}
STARTS = [0.01, 0.02, 0.03]


def logistic(r, x, n):
    out = []
    for _ in range(n):
        x = r * x * (1 - x)
        out.append(x)
    return out


def lorenz_slope(params, state):
    (sigma, rho, beta), (x, y, z) = params, state
    return sigma * (y - x), rho * x - y - x * z, x * y - beta * z


def euler(params, state, dt):
    return tuple(s + dt * d for s, d in zip(state, lorenz_slope(params, state)))


def runge_kutta(params, s, dt):
    def moved(h, k):
        return tuple(a + h * b for a, b in zip(s, k))

    k1 = lorenz_slope(params, s)
    k2 = lorenz_slope(params, moved(dt / 2, k1))
    k3 = lorenz_slope(params, moved(dt / 2, k2))
    k4 = lorenz_slope(params, moved(dt, k3))
    return tuple(s[i] + dt / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]) for i in range(3))


def lorenz(params, n, step):
    state, out = tuple(STARTS), []
    for _ in range(n):
        state = step(params, state, 0.01)
        out.append(state)
    return list(zip(*out))


def key_values(case, w, h, n):
    """x_key, y_key and the n values behind z_key."""
    burn, options = PRESETS[case["preset"]]["burnIn"], case.get("options", {})
    first = options.get("firstValue", "iterate") == "iterate"
    if case["map"] == "lorenz":
        step = runge_kutta if options.get("integrator") == "rk4" else euler
        x, y, z = lorenz(case["params"], burn + n, step)
        before = [[s] for s in STARTS]
    else:
        r = case["params"][0]
        if options.get("orbits") == "one":
            orbit = logistic(r, STARTS[0], burn + w + h + n)[burn:]
            return orbit[:w], orbit[w:w + h], orbit[w + h:]
        x, y, z = (logistic(r, x0, burn + n) for x0 in STARTS)
        before = [[s] for s in STARTS]
    if not first:
        x, y, z = (b + list(v) for b, v in zip(before, (x, y, z)))
    return x[burn:burn + w], y[burn:burn + h], z[burn:burn + n]


def argsort(values, descending):
    return sorted(range(len(values)), key=lambda i: values[i], reverse=descending)


def sha(pattern, values):
    return hashlib.sha256(struct.pack("<%d%s" % (len(values), pattern), *values)).hexdigest()


def solve(case):
    w, h, c, depth = case["width"], case["height"], case["channels"], case["depth"]
    n = w * h * c
    x_key, y_key, z_values = key_values(case, w, h, n)
    descending = case.get("options", {}).get("order") == "descending"
    x_index, y_index = argsort(x_key, descending), argsort(y_key, descending)
    multiplier = PRESETS[case["preset"]][case["map"]][depth]
    z_key = [math.floor(abs(v) * multiplier) % 2 ** depth for v in z_values]
    plain = [(k * 2654435761 % 2 ** 32) >> (32 - depth) for k in range(n)]
    cipher = []
    for i in range(h):
        for j in range(w):
            for ch in range(c):
                pixel = plain[(y_index[i] * w + x_index[j]) * c + ch]
                cipher.append(pixel ^ z_key[len(cipher)])
    pattern = "B" if depth == 8 else "H"
    case["sha256"] = {
        "xIndex": sha("i", x_index), "yIndex": sha("i", y_index),
        "zKey": sha(pattern, z_key), "cipher": sha(pattern, cipher),
    }
    case["first"] = {
        "xKey": list(x_key[:3]), "xIndex": x_index[:8], "yIndex": y_index[:8], "zKey": z_key[:8], "cipher": cipher[:8],
    }
    return case


def parameters_from_sigmoid(ranges, outputs):
    """p = lo + (hi - lo) s, s a float32 clamped to [2^-24, 1 - 2^-24]."""
    float32 = [struct.unpack("<f", struct.pack("<f", s))[0] for s in outputs]
    clamped = [min(max(s, 2 ** -24), 1 - 2 ** -24) for s in float32]
    return [lo + (hi - lo) * s for (lo, hi), s in zip(ranges, clamped)]


RANGES = {"logistic": [(3.57, 4)], "lorenz": [(9, 11), (26, 32), (2.5, 2.9)]}
SIGMOIDS = {
    "logistic": [[0.8837209302], [0.123456789], [1.0], [0.0], [1e-9]],
    "lorenz": [[0.5, 1 / 3, 0.4175], [0.9137, 0.271828, 0.0618], [1.0, 0.0, 0.999999999]],
}
BASELINES = {"logistic": [3.95], "lorenz": [10, 28, 2.667]}
SHAPES = [  # width, height, channels, depth
    (1, 1, 1, 8), (2, 3, 1, 8), (5, 1, 3, 8), (131, 200, 1, 8), (200, 131, 3, 8), (257, 129, 4, 8),
    (1, 300, 1, 16), (131, 200, 1, 16), (129, 140, 3, 16), (130, 128, 4, 16),
]


def main():
    sigmoids = [
        {"map": m, "sigmoid": s, "params": parameters_from_sigmoid(RANGES[m], s)}
        for m in SIGMOIDS for s in SIGMOIDS[m]
    ]
    chosen = {m: [BASELINES[m]] + [v["params"] for v in sigmoids if v["map"] == m][:2] for m in RANGES}
    cases = []
    for k, (w, h, c, depth) in enumerate(SHAPES):
        for m in ("logistic", "lorenz"):
            for i, preset in enumerate(PRESETS):
                params = chosen[m][(k + i) % 3]
                cases.append({"map": m, "params": params, "preset": preset,
                              "width": w, "height": h, "channels": c, "depth": depth})
    variants = [
        ("lorenz", {"integrator": "rk4"}), ("lorenz", {"order": "descending"}), ("lorenz", {"firstValue": "start"}),
        ("logistic", {"orbits": "one"}), ("logistic", {"order": "descending"}), ("logistic", {"firstValue": "start"}),
    ]
    for m, options in variants:
        for preset in PRESETS:
            cases.append({"map": m, "params": chosen[m][1], "preset": preset, "options": options,
                          "width": 131, "height": 150, "channels": 1, "depth": 8})
    lines = ",\n".join("  " + json.dumps(solve(case)) for case in cases)
    sigmoid_lines = ",\n".join("  " + json.dumps(s) for s in sigmoids)
    print('{"sigmoids": [\n%s\n],\n"cases": [\n%s\n]}' % (sigmoid_lines, lines))


main()
