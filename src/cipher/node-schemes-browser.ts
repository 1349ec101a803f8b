/** node-schemes.ts in a browser, which has no synchronous AES or ChaCha20, and no test of primes. */
import type * as node from './node-schemes.ts';

export const ours: Partial<typeof node.ours> = {};
export const ofPrimes: Partial<typeof node.ofPrimes> = {};
export const standards: Partial<typeof node.standards> = {};
