"""Metrics by scikit-image, scipy and nistrng: python metrics.py FOLDER prints one JSON object.

FOLDER holds cases.json, a list of {name, width, height, channels, depth}; for each the samples of two images,
NAME.a.raw and NAME.b.raw, little-endian; and bits.raw, one byte a bit.
"""
import json
import sys
from pathlib import Path

import numpy as np
from nistrng import sp800_22r1a as nist
from scipy import stats
from skimage.feature import graycomatrix, graycoprops
from skimage.measure import shannon_entropy
from skimage.metrics import mean_squared_error, peak_signal_noise_ratio, structural_similarity

folder = Path(sys.argv[1])


def image(case, which):
    kind = np.dtype("u1" if case["depth"] == 8 else "<u2")
    samples = np.fromfile(folder / f"{case['name']}.{which}.raw", kind)
    return samples.reshape(case["height"], case["width"], case["channels"])


def correlation(x, y):
    found = stats.pearsonr(x.astype(float).ravel(), y.astype(float).ravel())
    return [found.statistic, *found.confidence_interval(0.95)]


def glcm(a, depth, levels):
    """Contrast, energy (skimage's ASM), homogeneity over |i - j| (skimage's own divides by 1 + (i - j)^2)."""
    angles = [0, np.pi / 2, np.pi / 4, 3 * np.pi / 4]
    shares = graycomatrix((a[:, :, 0] >> (depth - int(np.log2(levels)))).astype("u1"), [1], angles, levels, normed=True)
    i, j = np.indices((levels, levels))
    near = (shares[:, :, 0, :] / (1 + abs(i - j))[:, :, None]).sum((0, 1))
    return np.stack([graycoprops(shares, "contrast")[0], graycoprops(shares, "ASM")[0], near], 1).tolist()


def measure(case):
    a, b = image(case, "a"), image(case, "b")
    most = 2 ** case["depth"] - 1
    counts = np.bincount(a.ravel(), minlength=most + 1)
    window = dict(win_size=11, gaussian_weights=True, sigma=1.5, use_sample_covariance=False)
    return {
        "ssim": structural_similarity(a, b, data_range=most, channel_axis=2, **window),
        "mse": mean_squared_error(a, b),
        "psnr": peak_signal_noise_ratio(a, b, data_range=most),
        "entropy": shannon_entropy(a, base=2),
        "chiSquare": stats.chisquare(counts).statistic,
        "correlation": {
            "horizontal": correlation(a[:, :-1], a[:, 1:]),
            "vertical": correlation(a[:-1], a[1:]),
            "diagonal": correlation(a[:-1, :-1], a[1:, 1:]),
        },
        "glcm": {levels: glcm(a, case["depth"], levels) for levels in (8, 256)} if case["channels"] == 1 else None,
    }


def p_values(test, n):
    """n bits, as a copy: the rank test of nistrng changes its input."""
    bits = np.fromfile(folder / "bits.raw", "u1")[:n].astype(int)
    return np.atleast_1d(test()._execute(bits)._score_list).tolist()


print(
    json.dumps(
        {
            "images": {case["name"]: measure(case) for case in json.loads((folder / "cases.json").read_text())},
            "nist": {
                "frequency": p_values(nist.MonobitTest, 6272),
                "block-frequency": p_values(nist.FrequencyWithinBlockTest, 6272),
                "runs": p_values(nist.RunsTest, 6272),
                "longest-run": p_values(nist.LongestRunOnesInABlockTest, 6272),
                "rank": p_values(nist.BinaryMatrixRankTest, 40960),
                "dft": p_values(nist.DiscreteFourierTransformTest, 6272),
                "serial": p_values(nist.SerialTest, 6272),
                "approximate-entropy": p_values(nist.ApproximateEntropyTest, 6272),
                "cusum": p_values(nist.CumulativeSumsTest, 6272),
            },
        }
    )
)
