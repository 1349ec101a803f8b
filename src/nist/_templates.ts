/** Templates of the non-overlapping test. */

/** All m-bit values that no proper shift of themselves overlaps, ascending: 148 at m = 9. */
export function aperiodicTemplates(m: number): number[] {
  return Array.from({ length: 2 ** m }, (_, v) => v).filter((v) => isAperiodic(v, m));
}

/** Whether no beginning of the m-bit value is also its end. */
export function isAperiodic(v: number, m: number): boolean {
  for (let k = 1; k < m; k++) if (v >>> k === (v & (2 ** (m - k) - 1))) return false;
  return true;
}

/** As m characters 0 and 1. */
export const templateText = (v: number, m: number): string => v.toString(2).padStart(m, '0');
