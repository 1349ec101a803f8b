/**
 * The special functions behind the p-values.
 * igamc: regularised upper incomplete gamma Q(a, x) = Gamma(a, x) / Gamma(a) (DLMF 8.2.4): the series 8.11.4 for
 * x < a + 1, else the continued fraction 8.9.2 by Lentz's method (Press et al., Numerical Recipes, section 6.2).
 * erfc(x) = Q(1/2, x^2) for x >= 0 (DLMF 7.11.2). Relative error below 1e-12 for a <= 1e6, against 60-digit values.
 */

/** Below it Gamma(a + 1) is taken as a number, above it Stirling's series ends with 1e-17. */
const large = 20;

/** Q(a, x) for a > 0, x >= 0. */
export function igamc(a: number, x: number): number {
  if (!(a > 0 && x >= 0)) throw new RangeError(`igamc expected a > 0 and x >= 0, got a = ${a}, x = ${x}`);
  if (x === 0) return 1;
  const factor = powerFactor(a, x);
  if (factor === 0) return x < a ? 1 : 0;
  return x < a + 1 ? 1 - factor * series(a, x) : factor * a * fraction(a, x);
}

/** Complementary error function. */
export const erfc = (x: number): number => (x < 0 ? 2 - igamc(0.5, x * x) : igamc(0.5, x * x));

/** Distribution function of the standard normal. */
export const normalCdf = (x: number): number => erfc(-x / Math.SQRT2) / 2;

/** 1 + x / (a+1) + x^2 / ((a+1)(a+2)) + ... */
function series(a: number, x: number): number {
  let [sum, term] = [1, 1];
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= x / (a + k);
    sum += term;
  }
  return sum;
}

/** 1/(x+1-a - 1(1-a)/(x+3-a - 2(2-a)/(x+5-a - ...))). No denominator vanishes for x >= a + 1. */
function fraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = Number.MAX_VALUE;
  let d = 1 / b;
  let h = d;
  for (let k = 1, step = 0; Math.abs(step - 1) > 1e-16; k++) {
    const numerator = -k * (k - a);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    step = c * d;
    h *= step;
  }
  return h;
}

/**
 * x^a e^-x / Gamma(a + 1). For large a as exp(-a (u - ln(1+u))) / sqrt(2 pi a), u = (x - a) / a, over Stirling's
 * correction: the plain form would lose five digits at a = 16384 (serial test).
 */
function powerFactor(a: number, x: number): number {
  if (a < large) return (x ** a * Math.exp(-x)) / gamma(a + 1);
  return Math.exp(-a * lessLog((x - a) / a) - stirling(a)) / Math.sqrt(2 * Math.PI * a);
}

/** ln Gamma(a) - (a - 1/2) ln a + a - ln(2 pi) / 2 (DLMF 5.11.1). */
function stirling(a: number): number {
  const s = 1 / (a * a);
  return (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s / 1188)))) / a;
}

/** u - ln(1 + u), without cancellation near 0. */
function lessLog(u: number): number {
  if (Math.abs(u) > 0.1) return u - Math.log1p(u);
  let sum = 0;
  for (let k = 18; k >= 2; k--) sum = (k % 2 === 0 ? 1 : -1) / k + u * sum;
  return u * u * sum;
}

/** Gamma(y), 0 < y <= large + 1: moved up by the recurrence, then Stirling. */
function gamma(y: number): number {
  let product = 1;
  let at = y;
  for (; at < large; at++) product *= at;
  return (Math.sqrt((2 * Math.PI) / at) * (at / Math.E) ** at * Math.exp(stirling(at))) / product;
}
