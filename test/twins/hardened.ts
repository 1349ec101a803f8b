/**
 * Plain twin of src/cipher/hardened: HKDF from its two HMAC steps, diffusion in BigInt, AES-GCM by Web Crypto, and
 * the paper scheme's own twin. Only the JSON of the context is written as the scheme's head comments say.
 */
import { createHash, createHmac, webcrypto } from 'node:crypto';
import { type HardenedInput, presets, type Secrets } from '../../src/cipher/index.ts';
import type { Raster } from '../../src/shared/types.ts';
import { deriveKeysPlain, encryptPlain } from './paper-scheme.ts';

const hmac = (key: Uint8Array, ...parts: Uint8Array[]): Buffer =>
  parts.reduce((h, part) => h.update(part), createHmac('sha256', key)).digest();

/** RFC 5869, sections 2.2 and 2.3. */
export function hkdfPlain(ikm: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Buffer {
  const prk = hmac(salt, ikm);
  const blocks: Buffer[] = [];
  for (let i = 1; 32 * blocks.length < length; i++)
    blocks.push(hmac(prk, blocks.at(-1) ?? Buffer.alloc(0), info, Buffer.of(i)));
  return Buffer.concat(blocks).subarray(0, length);
}

const hex = (value: number): string => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16).padStart(16, '0');
};

export function diffusePlain(samples: number[], seeds: readonly [number, number], depth: number): number[] {
  const wrap = (value: bigint): bigint => BigInt.asUintN(32, value);
  const pass = (values: number[], seed: number): number[] => {
    let s = wrap(BigInt(seed));
    return values.map((value) => {
      const out = BigInt(value) ^ (s / 2n ** BigInt(32 - depth));
      const t = s ^ out;
      s = wrap((t ^ (t / 32768n)) * 0x2c1b3c6dn + 0x9e3779b9n);
      return Number(out);
    });
  };
  return pass(pass(samples, seeds[0]).reverse(), seeds[1]).reverse();
}

/** Cipher bytes and tag. */
export async function encryptHardenedPlain(plain: Raster, input: HardenedInput, secrets: Secrets) {
  const { width, height, channels, depth } = plain;
  const context = Buffer.from(
    `{"format":"medchaos hardened 1","map":"${input.map}","parameters":[${input.params.map((p) => `"${hex(p)}"`)}],` +
      `"metadata":${JSON.stringify(input.metadata)},"width":${width},"height":${height},"channels":${channels},"depth":${depth}}`,
  );
  const hash = createHash('sha256').update(context).digest();
  const derive = (label: string, length: number): Buffer =>
    hkdfPlain(secrets.key, secrets.nonce, Buffer.concat([Buffer.from(label), Buffer.of(0), hash]), length);
  const words = derive('starts', 24);
  const starts = [0, 8, 16].map((at) => (Number(words.readBigUInt64BE(at) / 4096n) + 0.5) / 2 ** 52);
  const options = { ...presets.sound, starts: starts as [number, number, number] };
  const twin = deriveKeysPlain(input.map, input.params, plain, options);
  const keys = {
    xIndex: Int32Array.from(twin.xIndex),
    yIndex: Int32Array.from(twin.yIndex),
    zKey: depth === 8 ? Uint8Array.from(twin.zKey) : Uint16Array.from(twin.zKey),
  };
  const feedback = derive('feedback', 8);
  const seeds = [feedback.readUInt32BE(0), feedback.readUInt32BE(4)] as const;
  const diffused = diffusePlain([...encryptPlain(plain, keys)], seeds, depth);
  const bytes = Buffer.from((depth === 8 ? Uint8Array : Uint16Array).from(diffused).buffer);
  const { subtle } = webcrypto;
  const aes = await subtle.importKey('raw', derive('aes-256-gcm key', 32), 'AES-GCM', false, ['encrypt']);
  const gcm = { name: 'AES-GCM', iv: derive('aes-256-gcm iv', 12), additionalData: context };
  const sealed = Buffer.from(await subtle.encrypt(gcm, aes, bytes));
  return { bytes: sealed.subarray(0, -16), tag: sealed.subarray(-16) };
}
