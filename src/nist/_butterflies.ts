/**
 * The passes of the Stockham transform (_fft.ts), one radix each. Pass p turns s interleaved transforms of length p m
 * into p s of length m: for j < m, k < s, q < p
 *   y[k + s (p j + q)] = w^(j q s) sum_r x[k + s (j + m r)] exp(-2 pi i q r / p),  w^t = exp(-2 pi i t / n).
 * Arrays hold interleaved (re, im) pairs; radix 3 and 5 use the sums and differences of mirrored terms (Winograd 1978).
 */
type Pass = (x: Float64Array, y: Float64Array, w: Float64Array, m: number, s: number) => void;

const radix2: Pass = (x, y, w, m, s) => {
  for (let j = 0; j < m; j++) {
    const [c, d] = [w[2 * j * s]!, w[2 * j * s + 1]!];
    for (let k = 0, a = 2 * s * j, o = 4 * s * j; k < s; k++, a += 2, o += 2) {
      const b = a + 2 * s * m;
      const re = x[a]! - x[b]!;
      const im = x[a + 1]! - x[b + 1]!;
      y[o] = x[a]! + x[b]!;
      y[o + 1] = x[a + 1]! + x[b + 1]!;
      y[o + 2 * s] = re * c - im * d;
      y[o + 2 * s + 1] = re * d + im * c;
    }
  }
};

const sin3 = Math.sin((2 * Math.PI) / 3);

const radix3: Pass = (x, y, w, m, s) => {
  const [gap, out] = [2 * s * m, 2 * s];
  for (let j = 0; j < m; j++) {
    const [c1, d1] = [w[2 * j * s]!, w[2 * j * s + 1]!];
    const [c2, d2] = [w[4 * j * s]!, w[4 * j * s + 1]!];
    for (let k = 0, a = out * j, o = 3 * out * j; k < s; k++, a += 2, o += 2) {
      const sumRe = x[a + gap]! + x[a + 2 * gap]!;
      const sumIm = x[a + gap + 1]! + x[a + 2 * gap + 1]!;
      const difRe = sin3 * (x[a + gap]! - x[a + 2 * gap]!);
      const difIm = sin3 * (x[a + gap + 1]! - x[a + 2 * gap + 1]!);
      const midRe = x[a]! - sumRe / 2;
      const midIm = x[a + 1]! - sumIm / 2;
      y[o] = x[a]! + sumRe;
      y[o + 1] = x[a + 1]! + sumIm;
      y[o + out] = (midRe + difIm) * c1 - (midIm - difRe) * d1;
      y[o + out + 1] = (midRe + difIm) * d1 + (midIm - difRe) * c1;
      y[o + 2 * out] = (midRe - difIm) * c2 - (midIm + difRe) * d2;
      y[o + 2 * out + 1] = (midRe - difIm) * d2 + (midIm + difRe) * c2;
    }
  }
};

const radix4: Pass = (x, y, w, m, s) => {
  const [gap, out] = [2 * s * m, 2 * s];
  for (let j = 0; j < m; j++) {
    const [c1, d1] = [w[2 * j * s]!, w[2 * j * s + 1]!];
    const [c2, d2] = [w[4 * j * s]!, w[4 * j * s + 1]!];
    const [c3, d3] = [w[6 * j * s]!, w[6 * j * s + 1]!];
    for (let k = 0, a = out * j, o = 4 * out * j; k < s; k++, a += 2, o += 2) {
      const evenRe = x[a]! + x[a + 2 * gap]!;
      const evenIm = x[a + 1]! + x[a + 2 * gap + 1]!;
      const oddRe = x[a + gap]! + x[a + 3 * gap]!;
      const oddIm = x[a + gap + 1]! + x[a + 3 * gap + 1]!;
      const leftRe = x[a]! - x[a + 2 * gap]!;
      const leftIm = x[a + 1]! - x[a + 2 * gap + 1]!;
      const rightRe = x[a + gap]! - x[a + 3 * gap]!;
      const rightIm = x[a + gap + 1]! - x[a + 3 * gap + 1]!;
      y[o] = evenRe + oddRe;
      y[o + 1] = evenIm + oddIm;
      y[o + out] = (leftRe + rightIm) * c1 - (leftIm - rightRe) * d1;
      y[o + out + 1] = (leftRe + rightIm) * d1 + (leftIm - rightRe) * c1;
      y[o + 2 * out] = (evenRe - oddRe) * c2 - (evenIm - oddIm) * d2;
      y[o + 2 * out + 1] = (evenRe - oddRe) * d2 + (evenIm - oddIm) * c2;
      y[o + 3 * out] = (leftRe - rightIm) * c3 - (leftIm + rightRe) * d3;
      y[o + 3 * out + 1] = (leftRe - rightIm) * d3 + (leftIm + rightRe) * c3;
    }
  }
};

const [cos51, cos52] = [Math.cos((2 * Math.PI) / 5), Math.cos((4 * Math.PI) / 5)];
const [sin51, sin52] = [Math.sin((2 * Math.PI) / 5), Math.sin((4 * Math.PI) / 5)];

const radix5: Pass = (x, y, w, m, s) => {
  const [gap, out] = [2 * s * m, 2 * s];
  for (let j = 0; j < m; j++) {
    const [c1, d1] = [w[2 * j * s]!, w[2 * j * s + 1]!];
    const [c2, d2] = [w[4 * j * s]!, w[4 * j * s + 1]!];
    const [c3, d3] = [w[6 * j * s]!, w[6 * j * s + 1]!];
    const [c4, d4] = [w[8 * j * s]!, w[8 * j * s + 1]!];
    for (let k = 0, a = out * j, o = 5 * out * j; k < s; k++, a += 2, o += 2) {
      const sum1Re = x[a + gap]! + x[a + 4 * gap]!;
      const sum1Im = x[a + gap + 1]! + x[a + 4 * gap + 1]!;
      const sum2Re = x[a + 2 * gap]! + x[a + 3 * gap]!;
      const sum2Im = x[a + 2 * gap + 1]! + x[a + 3 * gap + 1]!;
      const dif1Re = x[a + gap]! - x[a + 4 * gap]!;
      const dif1Im = x[a + gap + 1]! - x[a + 4 * gap + 1]!;
      const dif2Re = x[a + 2 * gap]! - x[a + 3 * gap]!;
      const dif2Im = x[a + 2 * gap + 1]! - x[a + 3 * gap + 1]!;
      const mid1Re = x[a]! + cos51 * sum1Re + cos52 * sum2Re;
      const mid1Im = x[a + 1]! + cos51 * sum1Im + cos52 * sum2Im;
      const mid2Re = x[a]! + cos52 * sum1Re + cos51 * sum2Re;
      const mid2Im = x[a + 1]! + cos52 * sum1Im + cos51 * sum2Im;
      const side1Re = sin51 * dif1Re + sin52 * dif2Re;
      const side1Im = sin51 * dif1Im + sin52 * dif2Im;
      const side2Re = sin52 * dif1Re - sin51 * dif2Re;
      const side2Im = sin52 * dif1Im - sin51 * dif2Im;
      y[o] = x[a]! + sum1Re + sum2Re;
      y[o + 1] = x[a + 1]! + sum1Im + sum2Im;
      y[o + out] = (mid1Re + side1Im) * c1 - (mid1Im - side1Re) * d1;
      y[o + out + 1] = (mid1Re + side1Im) * d1 + (mid1Im - side1Re) * c1;
      y[o + 2 * out] = (mid2Re + side2Im) * c2 - (mid2Im - side2Re) * d2;
      y[o + 2 * out + 1] = (mid2Re + side2Im) * d2 + (mid2Im - side2Re) * c2;
      y[o + 3 * out] = (mid2Re - side2Im) * c3 - (mid2Im + side2Re) * d3;
      y[o + 3 * out + 1] = (mid2Re - side2Im) * d3 + (mid2Im + side2Re) * c3;
      y[o + 4 * out] = (mid1Re - side1Im) * c4 - (mid1Im + side1Re) * d4;
      y[o + 4 * out + 1] = (mid1Re - side1Im) * d4 + (mid1Im + side1Re) * c4;
    }
  }
};

export const passes: Readonly<Record<number, Pass>> = { 2: radix2, 3: radix3, 4: radix4, 5: radix5 };
