/**
 * How a viewer shows a grey DICOM picture: rescaled, windowed by the first WindowCenter and WindowWidth (linear,
 * PS3.3, section C.11.2.1.2), or from the least to the greatest value where there is no window, MONOCHROME1 inverted.
 * For display only: the stored values are encrypted.
 */
import type { Raster } from '../../shared/types.ts';
import type { DataSet } from './file.ts';
import type { DicomImage } from './image.ts';
import { rescaleOf } from './pixel-module.ts';

/** Samples that are shown black and white; between them linear. The greater one may be the black one. */
export interface View {
  readonly black: number;
  readonly white: number;
}

/** null for colours and for single bits, which are shown as they are. */
export function viewOf({ raster, pixels, file, offset }: DicomImage): View | null {
  if (raster.channels === 3 || pixels.bitsAllocated === 1) return null;
  const { slope, intercept } = rescaleOf(file);
  // Device value = slope * (sample - offset) + intercept.
  const sampleOf = (value: number): number => (value - intercept) / slope + offset;
  const window = slope === 0 ? null : windowOf(file.dataSet)?.map(sampleOf);
  const [low, high] = window ?? rangeOf(raster.data, slope < 0);
  const inverted = pixels.photometric === 'MONOCHROME1';
  return inverted ? { black: high!, white: low! } : { black: low!, white: high! };
}

/** The values that become black and white. */
function windowOf(dataSet: DataSet): readonly [low: number, high: number] | null {
  const [centre, width] = [dataSet.floatString('x00281050'), dataSet.floatString('x00281051')];
  if (centre === undefined || width === undefined || !(width >= 1)) return null;
  return [centre - 0.5 - (width - 1) / 2, centre - 0.5 + (width - 1) / 2];
}

function rangeOf(samples: Raster['data'], falling: boolean): readonly [low: number, high: number] {
  let [least, greatest] = [Infinity, -Infinity];
  for (const sample of samples) {
    least = Math.min(least, sample);
    greatest = Math.max(greatest, sample);
  }
  return falling ? [greatest, least] : [least, greatest];
}

/** A raster as it is shown, 8 bits; all black where no two samples differ. */
export function viewed(raster: Raster, { black, white }: View): Raster {
  const data = Uint8Array.from(raster.data, (sample) => {
    const share = white === black ? 0 : (sample - black) / (white - black);
    return Math.round(255 * Math.min(1, Math.max(0, share)));
  });
  return { ...raster, depth: 8, data };
}
