/**
 * Occlusion: a square in the middle of the cipher image is lost (set to 0). Permutation spreads the loss over the
 * plain image as noise on as many samples; whatever is decrypted without a word was changed without notice.
 */
import type { Raster } from '../shared/types.ts';
import { type Damage, damageAttack } from './_damage.ts';
import { percent } from './images.ts';
import type { AttackInput, AttackOutcome } from './types.ts';

/** The image without a centred rectangle of its own proportions that holds `share` of the pixels, one at least. */
export function occlude(image: Raster, share: number): Raster {
  const { width, height, channels } = image;
  const data = image.data.slice();
  const [w, h] = [width, height].map((side) => Math.max(1, Math.round(side * Math.sqrt(share))));
  const left = Math.floor((width - w!) / 2);
  const top = Math.floor((height - h!) / 2);
  for (let i = top; i < top + h!; i++)
    data.fill(0, (i * width + left) * channels, (i * width + left + w!) * channels);
  return { ...image, data };
}

export function occlusion(input: AttackInput): AttackOutcome {
  const shares = [1 / 64, 1 / 16, 1 / 4, 1 / 2];
  const damages = shares.map(
    (share): Damage => ({ name: `${percent(share, 1)} lost`, apply: (image) => occlude(image, share) }),
  );
  return damageAttack(input, damages);
}
