/**
 * Fast Fourier transform of any length, X_k = sum_j x_j exp(-2 pi i j k / n), on interleaved (re, im) pairs.
 * Lengths 2^a 3^b 5^c: Stockham's self-sorting form with radices 5, 4, 3, 2 (Van Loan 1992, Computational Frameworks
 * for the FFT, section 1.7); others: Bluestein 1970 (chirp-z), by a convolution of a power of two.
 * Real input of even length goes as half as many complex values. A million reals: about 50 ms, 40 MB.
 */
import { passes } from './_butterflies.ts';

/** |X_k|^2 for k = 0 .. floor(n / 2) - 1 of n real values; the input is overwritten. */
export function powerSpectrum(x: Float64Array): Float64Array {
  const n = x.length;
  return n % 2 === 0 ? evenSpectrum(x, n) : oddSpectrum(x, n);
}

function oddSpectrum(x: Float64Array, n: number): Float64Array {
  const pairs = new Float64Array(2 * n);
  for (let j = 0; j < n; j++) pairs[2 * j] = x[j]!;
  const X = fft(pairs);
  return Float64Array.from({ length: Math.floor(n / 2) }, (_, k) => X[2 * k]! ** 2 + X[2 * k + 1]! ** 2);
}

/** z_j = x_2j + i x_2j+1; X_k = (Z_k + conj Z_h-k) / 2 - i w^k (Z_k - conj Z_h-k) / 2, w = exp(-2 pi i / n). */
function evenSpectrum(x: Float64Array, n: number): Float64Array {
  const half = n / 2;
  const Z = fft(x);
  const w = roots(n, half);
  const power = new Float64Array(half);
  for (let k = 0; k < half; k++) {
    const m = k === 0 ? 0 : half - k;
    const evenRe = Z[2 * k]! + Z[2 * m]!;
    const evenIm = Z[2 * k + 1]! - Z[2 * m + 1]!;
    const oddRe = Z[2 * k + 1]! + Z[2 * m + 1]!;
    const oddIm = Z[2 * m]! - Z[2 * k]!;
    const re = evenRe + w[2 * k]! * oddRe - w[2 * k + 1]! * oddIm;
    const im = evenIm + w[2 * k]! * oddIm + w[2 * k + 1]! * oddRe;
    power[k] = (re * re + im * im) / 4;
  }
  return power;
}

/** Transform of n = x.length / 2 complex values; may return `x` itself, overwritten, or another array. */
export function fft(x: Float64Array): Float64Array {
  const n = x.length / 2;
  const factors = smallFactors(n);
  return factors ? stockham(x, n, factors) : bluestein(x, n);
}

/** Radices whose product is n, or null. */
function smallFactors(n: number): number[] | null {
  const factors: number[] = [];
  for (const radix of [5, 4, 3, 2]) for (; n % radix === 0; n /= radix) factors.push(radix);
  return n === 1 ? factors : null;
}

/** exp(-2 pi i k / n) for k < count, each the product of two of about sqrt(count) computed ones. */
function roots(n: number, count: number): Float64Array {
  const step = Math.ceil(Math.sqrt(count));
  const angle = (-2 * Math.PI) / n;
  const fine = Float64Array.from({ length: 2 * step }, (_, k) => wave(k & 1, angle * (k >> 1)));
  const out = new Float64Array(2 * count);
  for (let from = 0; from < count; from += step) {
    const [c, s] = [Math.cos(angle * from), Math.sin(angle * from)];
    for (let k = 0; k < step && from + k < count; k++) {
      const [re, im] = [fine[2 * k]!, fine[2 * k + 1]!];
      out[2 * (from + k)] = c * re - s * im;
      out[2 * (from + k) + 1] = c * im + s * re;
    }
  }
  return out;
}

const wave = (imaginary: number, angle: number): number => (imaginary ? Math.sin(angle) : Math.cos(angle));

/** One pass a factor; `s` transforms already interleaved, `m` butterflies left in each. */
function stockham(x: Float64Array, n: number, factors: readonly number[]): Float64Array {
  const w = roots(n, n);
  let from: Float64Array = x;
  let to: Float64Array = new Float64Array(2 * n);
  let stride = 1;
  for (const radix of factors) {
    passes[radix]!(from, to, w, n / stride / radix, stride);
    [from, to] = [to, from];
    stride *= radix;
  }
  return from;
}

/** X_k = c_k sum_j (x_j c_j) conj(c_{k-j}), c_j = exp(-pi i j^2 / n): a convolution, taken at a power of two. */
function bluestein(x: Float64Array, n: number): Float64Array {
  const size = 2 ** Math.ceil(Math.log2(2 * n - 1));
  const chirp = chirpOf(n);
  const data = new Float64Array(2 * size);
  const kernel = new Float64Array(2 * size);
  for (let j = 0; j < n; j++) {
    const [re, im] = [chirp[2 * j]!, chirp[2 * j + 1]!];
    data[2 * j] = x[2 * j]! * re - x[2 * j + 1]! * im;
    data[2 * j + 1] = x[2 * j]! * im + x[2 * j + 1]! * re;
    const mirror = j === 0 ? 0 : size - j;
    kernel[2 * j] = kernel[2 * mirror] = re;
    kernel[2 * j + 1] = kernel[2 * mirror + 1] = -im;
  }
  const product = multiplyConjugate(fft(data), fft(kernel));
  return unchirp(fft(product), chirp, n, size);
}

/** j^2 is taken modulo 2 n by steps, so that the angle keeps its digits. */
function chirpOf(n: number): Float64Array {
  const chirp = new Float64Array(2 * n);
  for (let j = 0, square = 0; j < n; j++) {
    chirp[2 * j] = Math.cos((Math.PI * square) / n);
    chirp[2 * j + 1] = -Math.sin((Math.PI * square) / n);
    square = (square + 2 * j + 1) % (2 * n);
  }
  return chirp;
}

/** conj(a b), in place of a: a forward transform of it is the conjugate of the inverse one, times its length. */
function multiplyConjugate(a: Float64Array, b: Float64Array): Float64Array {
  for (let i = 0; i < a.length; i += 2) {
    const re = a[i]! * b[i]! - a[i + 1]! * b[i + 1]!;
    a[i + 1] = -(a[i]! * b[i + 1]! + a[i + 1]! * b[i]!);
    a[i] = re;
  }
  return a;
}

function unchirp(y: Float64Array, chirp: Float64Array, n: number, size: number): Float64Array {
  const X = new Float64Array(2 * n);
  for (let k = 0; k < n; k++) {
    const [re, im] = [y[2 * k]! / size, -y[2 * k + 1]! / size];
    X[2 * k] = re * chirp[2 * k]! - im * chirp[2 * k + 1]!;
    X[2 * k + 1] = re * chirp[2 * k + 1]! + im * chirp[2 * k]!;
  }
  return X;
}
