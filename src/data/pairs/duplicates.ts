/**
 * Images that must not be parted by a split: those of one patient, and exact copies, by bytes or by decoded
 * pixels. Groups are the connected components of "shares a key with" (union-find with path halving, Tarjan and
 * van Leeuwen 1984), so a copy filed under a second patient joins the two patients.
 */
import { createHash } from 'node:crypto';
import type { Raster } from '../../shared/types.ts';
import { loadRaster, toRgb } from '../images/image.ts';
import { decodePlainPng } from '../images/png-decode.ts';

/** Groups of items that are added one by one. */
export class Groups {
  readonly #parents: number[] = [];
  /** The first key of each item that no earlier one was joined with when it came; of others nothing. */
  readonly #names: (string | null)[] = [];
  readonly #owners = new FirstOwners();

  /** Adds an item. @param keys at least one; the first is the name of a group that begins with it */
  add(keys: readonly [string, ...string[]]): void {
    const own = this.#parents.push(this.#parents.length) - 1;
    for (const key of keys) this.#join(this.#root(this.#owners.of(key, own)), this.#root(own));
    this.#names.push(this.#root(own) === own ? keys[0] : null);
  }

  /** The group of the i-th item added, named by the first key of its first item. */
  nameOf(i: number): string {
    return this.#names[this.#root(i)]!;
  }

  /** The smaller index stays the root: it names the group. */
  #join(a: number, b: number): void {
    this.#parents[Math.max(a, b)] = Math.min(a, b);
  }

  #root(i: number): number {
    const parents = this.#parents;
    let at = i;
    while (parents[at] !== at) {
      parents[at] = parents[parents[at]!]!;
      at = parents[at]!;
    }
    return at;
  }
}

/** SHA-256 of an image file, first 16 digits: 64 bits, so two of 10^6 files agree by chance with p = 3e-8. */
export const bytesKey = (bytes: Buffer): string =>
  createHash('sha256').update(bytes).digest('hex').slice(0, 16);

/**
 * SHA-256 of the decoded samples with their shape, first 16 digits: without alpha, and with one channel where the
 * colours are equal, so that grey stored as RGB or palette is the same picture. Of a DICOM file the first frame.
 * @throws InputError for a file that cannot be decoded
 */
export async function pixelKey(bytes: Buffer, name: string): Promise<string> {
  const raster = decodePlainPng(bytes, name) ?? (await loadRaster(bytes, name, 'native', 1));
  const { width, height, channels, depth, data } = plainest(raster);
  const samples = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const hash = createHash('sha256').update(`${width} ${height} ${channels} ${depth}\n`).update(samples);
  return hash.digest('hex').slice(0, 16);
}

/** One channel where the others repeat it, else three. */
function plainest(raster: Raster): Raster {
  const { channels, data } = raster;
  if (channels === 1) return raster;
  if (channels > 2 && !isGrey(raster)) return toRgb(raster);
  const first = data.slice(0, data.length / channels);
  for (let i = 0; i < first.length; i++) first[i] = data[i * channels]!;
  return { ...raster, channels: 1, data: first };
}

function isGrey({ channels, data }: Raster): boolean {
  for (let i = 0; i < data.length; i += channels)
    if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) return false;
  return true;
}

/**
 * Who had a key first, by 64 bits of the key's SHA-256: two of 3 x 10^6 keys agree by chance with p = 2.4e-7. Open
 * addressing in typed arrays, at most half full, takes 24 to 48 bytes a key, a Map of strings a hundred.
 */
class FirstOwners {
  #hashes = new Uint32Array(2 * 1024);
  /** The owner + 1; 0: the place is free. */
  #owners = new Uint32Array(1024);
  #count = 0;

  /** The first owner of a key: `own`, if the key is new. */
  of(key: string, own: number): number {
    const digest = createHash('sha256').update(key).digest();
    const [high, low] = [digest.readUInt32BE(0), digest.readUInt32BE(4)];
    const place = this.#placeOf(high, low);
    if (this.#owners[place]! > 0) return this.#owners[place]! - 1;
    this.#put(place, high, low, own + 1);
    if (2 * ++this.#count > this.#owners.length) this.#grow();
    return own;
  }

  /** The slot of a hash, or the free slot for it. */
  #placeOf(high: number, low: number): number {
    const mask = this.#owners.length - 1;
    let place = low & mask;
    while (
      this.#owners[place]! > 0 &&
      !(this.#hashes[2 * place] === high && this.#hashes[2 * place + 1] === low)
    )
      place = (place + 1) & mask;
    return place;
  }

  #put(place: number, high: number, low: number, owner: number): void {
    this.#hashes[2 * place] = high;
    this.#hashes[2 * place + 1] = low;
    this.#owners[place] = owner;
  }

  #grow(): void {
    const [hashes, owners] = [this.#hashes, this.#owners];
    this.#hashes = new Uint32Array(2 * hashes.length);
    this.#owners = new Uint32Array(2 * owners.length);
    for (const [i, owner] of owners.entries()) {
      const [high, low] = [hashes[2 * i]!, hashes[2 * i + 1]!];
      if (owner > 0) this.#put(this.#placeOf(high, low), high, low, owner);
    }
  }
}
