import { createHash } from 'node:crypto';

/**
 * Who had a key first, by 64 bits of the key's SHA-256: two of 3 x 10^6 keys agree by chance with p = 2.4e-7. Open
 * addressing in typed arrays, at most half full, takes 24 to 48 bytes a key, a Map of strings a hundred.
 */
export class FirstOwners {
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

  /** Where a hash is, or is to be put. */
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
