/** Printed cells as numbers with the rounding that their digits tell, and key spaces as bits. */

/** A printed number; any value in value -+ half rounds to the print. */
export interface Printed {
  readonly text: string;
  readonly value: number;
  readonly half: number;
}

/** Decimal mark of a table; null where no cell shows it. */
export type Mark = '.' | ',' | null;

const empty = /^(|[-–—−/.…]+|n\.?\/?a\.?|nan|none|null|not (given|reported|available)|nr)$/i;
export const isEmpty = (cell: string): boolean => empty.test(plainOf(cell));

/** Without Markdown marks, footnote marks, thin spaces, typographic minus. */
export const plainOf = (cell: string): string =>
  cell
    .replace(/<sup>(.*?)<\/sup>/gi, '^$1')
    .replace(/<[^>]*>/g, '')
    .replace(/\$|\\,|\*\*|__|`/g, '')
    .replace(/[\u00a0\u2009\u202f]/g, ' ')
    .replace(/[−–](?=\s*[\d.,])/g, '-')
    .replace(/[†‡*]+$/, '')
    .trim();

const number =
  /^[~≈]?\s*([+-]?)\s*(\d[\d.,]*|[.,]\d+)\s*(?:e\s*([+-]?\d+)|[×x*·]\s*10\s*\^?\s*\{?([+-]?\d+)\}?)?\s*(%|db|bits?|bpp|s|sec|ms)?$/i;
const grouped = (mark: string): RegExp => new RegExp(`^\\d{1,3}(\\${mark}\\d{3})+$`);

/** The decimal mark that a cell shows beyond doubt. */
export function markOf(cell: string): Mark {
  const digits = plainOf(cell).match(number)?.[2];
  if (digits === undefined) return null;
  const last = Math.max(digits.lastIndexOf('.'), digits.lastIndexOf(','));
  if (last === -1) return null;
  const mark = digits[last] as '.' | ',';
  if (digits.includes(mark === '.' ? ',' : '.')) return mark;
  if (digits.indexOf(mark) !== last) return mark === '.' ? ',' : '.';
  return mark === ',' && grouped(',').test(digits) && !digits.startsWith('0') ? null : mark;
}

/**
 * A printed number, or the reason why it is none.
 * @param mark decimal mark of the table; @param large values from a thousand on occur in this column
 */
export function printedNumber(cell: string, mark: Mark, large = false): Printed | string {
  const text = plainOf(cell);
  if (/^[+]?(∞|inf(inite|inity)?\.?)(\s*db)?$/i.test(text))
    return { text, value: Number.POSITIVE_INFINITY, half: 0 };
  const match = text.match(number);
  if (!match) return 'write one number as printed';
  const [, sign, digits, e, ten, unit] = match;
  const plain = pointed(digits!, mark, large);
  if (plain === null)
    return 'a comma before three digits is a decimal mark or groups thousands: write a decimal point, or no comma';
  const scale = 10 ** Number(e ?? ten ?? 0) * (unit?.toLowerCase() === 'ms' ? 1e-3 : 1);
  const decimals = (plain.split('.')[1] ?? '').length;
  return {
    text,
    value: (sign === '-' ? -1 : 1) * Number(plain) * scale,
    half: 0.5 * 10 ** -decimals * scale,
  };
}

/** Digits with a decimal point and no groups; null where a comma can be read both ways. */
function pointed(digits: string, table: Mark, large: boolean): string | null {
  const own = markOf(digits);
  if (own === null && digits.includes(',')) {
    if (!large || table === ',') return digits.replace(',', '.');
    return table === '.' ? digits.replace(',', '') : null;
  }
  const mark = own ?? '.';
  const [whole, ...rest] = digits.split(mark);
  const other = mark === '.' ? ',' : '.';
  if (rest.length > 1 || rest.join('').includes(other)) return null;
  return [whole!.replaceAll(other, ''), ...rest].join('.');
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** Bits of a key space: 2^256, 10^77, 1.2 x 10^77, 256 bits, 256; null where it is none of these. */
export function keySpaceBits(cell: string): number | null {
  const text = plainOf(cell.replace(/(\d)\*\*(\d)/g, '$1^$2'))
    .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]+/g, (digits) => `^${[...digits].map((d) => superscripts.indexOf(d)).join('')}`)
    .replace(/[{}]|^[>≥≈~<≤=\s]+/g, '')
    .trim();
  const power = text.match(/^(?:([\d.]+)\s*[×x*·]\s*)?(2|10)\s*\^\s*\(?([\d,]+(?:\.\d+)?)\)?$/i);
  if (power)
    return (
      Math.log2(Number(power[1] ?? 1)) + Number(power[3]!.replaceAll(',', '')) * Math.log2(Number(power[2]))
    );
  const scientific = text.match(/^([\d.]+)e\+?(\d+)$/i);
  if (scientific) return Math.log2(Number(scientific[1])) + Number(scientific[2]) * Math.log2(10);
  const bits = text.match(/^([\d,]+(?:\.\d+)?)\s*-?\s*(bits?)?$/i);
  return bits ? Number(bits[1]!.replaceAll(',', '')) : null;
}
