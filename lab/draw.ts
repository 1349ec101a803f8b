/** Pictures and plots on canvases, in the colours of the page. */
import type { Raster } from '../src/shared/types.ts';

/** A sample as 0 to 255; 16-bit pictures are spread over their own range. */
function toByte({ depth, data }: Raster): (value: number) => number {
  if (depth === 8) return (value) => value;
  let [low, high] = [65535, 0];
  for (const value of data) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return (value) => (255 * (value - low)) / Math.max(1, high - low);
}

export function drawPicture(canvas: HTMLCanvasElement, raster: Raster): void {
  const { width, height, channels, data } = raster;
  const byte = toByte(raster);
  const image = new ImageData(width, height);
  for (let at = 0; at < width * height; at++)
    for (let c = 0; c < 4; c++)
      image.data[4 * at + c] = c === 3 ? 255 : byte(data[at * channels + (channels > 2 ? c : 0)]!);
  Object.assign(canvas, { width, height });
  canvas.getContext('2d')!.putImageData(image, 0, 0);
}

const side = 512;

function clean(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  Object.assign(canvas, { width: side, height: side });
  return canvas.getContext('2d')!;
}

const colour = (name: 'plain' | 'cipher'): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** Shares of 128 equal intervals of the values. */
function shares({ data, depth }: Raster): Float64Array {
  const counts = new Float64Array(128);
  const shift = depth - 7;
  for (const value of data) counts[value >> shift]!++;
  return counts.map((count) => count / data.length);
}

/** Both histograms; the axis ends at six times an even share, for a picture has one high bar of black. */
export function drawHistograms(
  canvas: HTMLCanvasElement,
  pictures: Readonly<Record<'plain' | 'cipher', Raster>>,
): void {
  const context = clean(canvas);
  const width = side / 128;
  for (const name of ['plain', 'cipher'] as const) {
    context.fillStyle = colour(name);
    context.globalAlpha = name === 'plain' ? 0.9 : 0.75;
    shares(pictures[name]).forEach((share, k) => {
      const height = Math.min(side, (side * share * 128) / 6);
      context.fillRect(k * width, side - height, width, height);
    });
  }
}

const points = 3000;

/** Samples against their right neighbours in the same channel, up to 3,000 of each picture. */
export function drawNeighbours(
  canvas: HTMLCanvasElement,
  pictures: Readonly<Record<'plain' | 'cipher', Raster>>,
): void {
  const context = clean(canvas);
  for (const name of ['cipher', 'plain'] as const) {
    const { data, channels, width, depth } = pictures[name];
    const [scale, row] = [side / 2 ** depth, width * channels];
    const step = Math.max(1, Math.floor(data.length / points)) | 1;
    context.fillStyle = colour(name);
    context.globalAlpha = 0.6;
    for (let at = 0; at + channels < data.length; at += step)
      if (at % row < row - channels)
        context.fillRect(scale * data[at]! - 1.5, side - scale * data[at + channels]! - 1.5, 3, 3);
  }
}
