/** Whether a compressed stream is the one that the attributes describe. */
import type { PixelModule } from './pixel-module.ts';
import type { StreamFacts } from './stream.ts';

/** The contradiction between stream and attributes; null if there is none. */
export function misfitOf(facts: StreamFacts, pixels: PixelModule): string | null {
  const { width, height, samples, bitsAllocated, bitsStored } = pixels;
  const pairs: readonly (readonly [fits: boolean, stream: string, attributes: string])[] = [
    [
      facts.width === width && facts.height === height,
      `${facts.width}x${facts.height} pixels`,
      `${width}x${height}`,
    ],
    [facts.components === samples, `${facts.components} components`, `${samples}`],
    [
      facts.precision <= Math.max(8, bitsAllocated),
      `${facts.precision} bits a sample`,
      `${bitsAllocated} allocated`,
    ],
    [!facts.signed || pixels.signed, 'signed samples', 'unsigned ones'],
    [
      !pixels.signed || facts.signed === true || facts.precision >= bitsStored,
      `${facts.precision} bits a sample`,
      `${bitsStored} with a sign`,
    ],
    [!facts.subsampled || facts.format === 'JPEG', 'components of different size', 'no such thing'],
    coloursFit(facts, pixels),
  ];
  const found = pairs.find(([fits]) => !fits);
  return found ? `its stream says ${found[1]}, its attributes ${found[2]}` : null;
}

function coloursFit(
  { format, colours, transformed }: StreamFacts,
  { photometric }: PixelModule,
): readonly [fits: boolean, stream: string, attributes: string] {
  const stream = { rgb: transformed ? 'a colour transform' : 'RGB', ycc: 'YCbCr' }[colours ?? 'rgb'];
  if (photometric === 'RGB') return [colours !== 'ycc', stream, photometric];
  if (photometric === 'YBR_RCT' || photometric === 'YBR_ICT')
    return [format === 'JPEG 2000' && transformed, 'no colour transform', photometric];
  return [!photometric.startsWith('YBR') || colours !== 'rgb', stream, photometric];
}
