/**
 * DNA coding: each pair of bits is a base by one of the eight rules under which A-T and C-G are complements. Bases are added
 * modulo 4 as A, C, G, T = 0, 1, 2, 3.
 */

/** The bases of 00, 01, 10, 11 by rule. */
export const rules = ['ACGT', 'AGCT', 'CATG', 'GATC', 'CTAG', 'GTAC', 'TCGA', 'TGCA'] as const;
const values = 'ACGT';

/** Two bits of the sample under rule e, plus two bits of the key, back to bits under rule d. */
export function addBases(bits: number, key: number, e: number, d: number): number {
  const base = (pair: number): number => values.indexOf(rules[e]![pair]!);
  return rules[d]!.indexOf(values[(base(bits) + base(key)) % 4]!);
}

/** addBases for all 8 * 8 * 4 * 4 cases, at ((e * 8 + d) * 4 + key) * 4 + bits; and its inverse in bits. */
const [forwardTable, backwardTable] = tables();

function tables(): [Uint8Array, Uint8Array] {
  const [forward, backward] = [new Uint8Array(1024), new Uint8Array(1024)];
  for (let at = 0; at < 1024; at++) {
    const bits = addBases(at & 3, (at >> 2) & 3, at >> 7, (at >> 4) & 7);
    forward[at] = bits;
    backward[(at & ~3) | bits] = at & 3;
  }
  return [forward, backward];
}

function translate(table: Uint8Array, sample: number, key: number, rule: number, depth: number): number {
  let out = 0;
  for (let bit = 0; bit < depth; bit += 2)
    out |= table[(rule << 4) | (((key >> bit) & 3) << 2) | ((sample >> bit) & 3)]! << bit;
  return out;
}

/** All bases of a sample plus those of the key. @param rule 8 e + d */
export const addKey = (sample: number, key: number, rule: number, depth: number): number =>
  translate(forwardTable, sample, key, rule, depth);

/** The inverse. */
export const subtractKey = (sample: number, key: number, rule: number, depth: number): number =>
  translate(backwardTable, sample, key, rule, depth);
