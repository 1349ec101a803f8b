/** Plain twins of src/attacks/parameters/: counts of equal pairs, and the tree of values, without tables or side-by-side orbits. */

/** Standard deviations of the equal pairs above noise, of the first samples under r. */
export function pairScorePlain(
  r: number,
  x0: number,
  burnIn: number,
  multiplier: number,
  samples: Uint8Array,
): number {
  let x = x0;
  const next = (): number => {
    x = r * x * (1 - x);
    return x;
  };
  for (let i = 0; i < burnIn; i++) next();
  const values = Array.from(
    samples,
    (sample) => sample ^ Number(BigInt(Math.floor(next() * multiplier)) % 256n),
  );
  const pairs = values.reduce(
    (sum, value, i) => sum + values.slice(0, i).filter((other) => other === value).length,
    0,
  );
  const mean = (values.length * (values.length - 1)) / 512;
  return (pairs - mean) / Math.sqrt(mean);
}

/** Bits by which the values differ from uniform ones: each bit is predicted from those seen behind the same bits before it. */
export function treeBitsPlain(values: readonly number[], depth: number, virtual: readonly number[]): number {
  let bits = 0;
  values.forEach((value, i) => {
    for (let level = 0; level < depth; level++) {
      const place = depth - 1 - level;
      const same = values.slice(0, i).filter((v) => v >> (place + 1) === value >> (place + 1));
      const equal = same.filter((v) => v >> place === value >> place).length;
      bits += Math.log2((2 * (equal + virtual[level]!)) / (same.length + 2 * virtual[level]!));
    }
  });
  return bits;
}
