/** Undoes the filters of PNG (section 9.2): none, sub, up, average, Paeth. */

/**
 * @param stride bytes of a row
 * @param pixel bytes from a pixel to its neighbour, at least 1
 * @returns the rows, or null for a filter type that there is not
 */
export function unfiltered(
  rows: Buffer,
  stride: number,
  height: number,
  pixel: number,
): Buffer<ArrayBuffer> | null {
  const out = Buffer.from(new ArrayBuffer(stride * height)); // not of the pool: the raster takes its memory
  for (let row = 0; row < height; row++) {
    const [from, to] = [row * (stride + 1) + 1, row * stride];
    const type = rows[from - 1]!;
    if (type > 4) return null;
    rows.copy(out, to, from, from + stride);
    if (type === 1) addLeft(out, to, stride, pixel);
    else if (type === 2) addAbove(out, to, stride, row);
    else if (type === 3) addAverage(out, to, stride, pixel, row);
    else if (type === 4) addPaeth(out, to, stride, pixel, row);
  }
  return out;
}

function addLeft(out: Buffer, to: number, stride: number, pixel: number): void {
  for (let at = to + pixel; at < to + stride; at++) out[at]! += out[at - pixel]!;
}

function addAbove(out: Buffer, to: number, stride: number, row: number): void {
  if (row > 0) for (let at = to; at < to + stride; at++) out[at]! += out[at - stride]!;
}

function addAverage(out: Buffer, to: number, stride: number, pixel: number, row: number): void {
  for (let i = 0; i < stride; i++) {
    const left = i >= pixel ? out[to + i - pixel]! : 0;
    const above = row > 0 ? out[to + i - stride]! : 0;
    out[to + i]! += (left + above) >> 1;
  }
}

function addPaeth(out: Buffer, to: number, stride: number, pixel: number, row: number): void {
  // In the first row above and above left are 0, and Paeth's choice is the left one.
  if (row === 0) addLeft(out, to, stride, pixel);
  if (row === 0) return;
  for (let i = 0; i < pixel; i++) out[to + i]! += out[to + i - stride]!;
  for (let at = to + pixel; at < to + stride; at++) {
    const [left, above, corner] = [out[at - pixel]!, out[at - stride]!, out[at - stride - pixel]!];
    const [toLeft, toAbove, toCorner] = [above - corner, left - corner, left + above - 2 * corner];
    const [a, b, c] = [Math.abs(toLeft), Math.abs(toAbove), Math.abs(toCorner)];
    out[at]! += a <= b && a <= c ? left : b <= c ? above : corner;
  }
}
