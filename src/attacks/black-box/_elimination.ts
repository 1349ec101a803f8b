/** Linear equations over Z_256 and GF(2), by Gauss and Jordan. Over Z_256 a pivot must be odd, so that it has an inverse. */
import type { Raster } from '../../shared/types.ts';
import type { Ring } from './affine-prediction.ts';

/**
 * Plain samples x with cipher = zero + sum of x_k (columns_k - zero).
 * @param zero cipher of the black picture
 * @param columns ciphers of the unit pictures: a sample of 1, or for xor one bit, eight to a sample
 * @returns null where the equations do not determine every unknown
 */
export function solveAffine(
  zero: Raster,
  columns: readonly Raster[],
  targets: readonly Raster[],
  ring: Ring,
): Uint8Array[] | null {
  const rows = ring === 'xor' ? bitRows(zero, columns, targets) : sampleRows(zero, columns, targets);
  const solved = eliminate(rows, columns.length, ring === 'xor' ? 2 : 256);
  if (!solved) return null;
  return targets.map((_, t) => {
    const unknowns = solved.map((row) => row[columns.length + t]!);
    return ring === 'xor' ? bytesOfBits(unknowns) : Uint8Array.from(unknowns);
  });
}

function sampleRows(zero: Raster, columns: readonly Raster[], targets: readonly Raster[]): Uint8Array[] {
  return Array.from(zero.data, (base, j) =>
    Uint8Array.from([...columns, ...targets], ({ data }) => data[j]! - base),
  );
}

function bitRows(zero: Raster, columns: readonly Raster[], targets: readonly Raster[]): Uint8Array[] {
  return Array.from({ length: zero.depth * zero.data.length }, (_, row) => {
    const [j, bit] = [Math.floor(row / zero.depth), row % zero.depth];
    return Uint8Array.from([...columns, ...targets], ({ data }) => ((data[j]! ^ zero.data[j]!) >> bit) & 1);
  });
}

const bytesOfBits = (bits: readonly number[]): Uint8Array =>
  Uint8Array.from({ length: bits.length / 8 }, (_, i) =>
    bits.slice(8 * i, 8 * i + 8).reduce((sum, bit, b) => sum + (bit << b), 0),
  );

/** The rows of the reduced form, one for each unknown. */
function eliminate(rows: Uint8Array[], unknowns: number, modulus: 2 | 256): Uint8Array[] | null {
  const left = [...rows];
  const solved: Uint8Array[] = [];
  for (let column = 0; column < unknowns; column++) {
    const at = left.findIndex((row) => row[column]! % 2 === 1);
    if (at < 0) return null;
    const [pivot] = left.splice(at, 1) as [Uint8Array];
    const inverse = inverseOf(pivot[column]!);
    for (let k = 0; k < pivot.length; k++) pivot[k] = (pivot[k]! * inverse) % modulus;
    for (const row of [...left, ...solved]) subtract(row, pivot, row[column]!, modulus);
    solved.push(pivot);
  }
  return solved;
}

/** Of an odd number modulo 256 (Newton: each step doubles the bits that are right). */
function inverseOf(odd: number): number {
  let x = odd;
  for (let k = 0; k < 4; k++) x = (x * (2 - odd * x)) & 255;
  return x;
}

function subtract(row: Uint8Array, pivot: Uint8Array, factor: number, modulus: 2 | 256): void {
  if (factor === 0) return;
  for (let k = 0; k < row.length; k++) row[k] = (row[k]! - factor * pivot[k]!) & (modulus - 1);
}
