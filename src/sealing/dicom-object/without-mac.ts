/**
 * Old encrypted DICOM objects, whose envelopes have no MAC. AES-CBC notices no change, so each answer about a changed
 * object could tell of what is encrypted (Vaudenay, EUROCRYPT 2002). There is one answer, and it comes after a time that
 * follows from the size of the file alone; padding, and what follows the key, are not looked at; and all that is looked
 * at must be what the original was made into, byte for byte.
 */
import { packKeys, presets, unpackKeys } from '../../cipher/index.ts';
import { seconds } from '../../shared/timing.ts';
import { isExact, type KeyContent, type Restoration, readRestoration } from './restoration.ts';

/**
 * @param inner content of the envelope, which may have been changed anywhere
 * @param size of the whole object in bytes
 * @param restore makes the file, and checks it against its hash
 * @throws Error with one message for every cause
 */
export function openWithoutMac<Result>(
  inner: Buffer,
  size: number,
  restore: (restoration: Restoration) => Result,
): Result {
  return failingAfter(leastSeconds + size * secondsPerByte, () => {
    const restoration = readRestoration(inner);
    if (!restoration.content) throw new Error('no key file');
    if (!isExact(inner, { ...restoration, content: contentAgain(restoration.content) }))
      throw new Error('another encoding');
    return restore(restoration);
  });
}

/** Longer than the work: on two busy cores a failure comes after 0.1 to 3 ms, of 8 MiB after 0.1 to 650. */
const leastSeconds = 0.015;
const secondsPerByte = 100e-9;

function failingAfter<Result>(wait: number, work: () => Result): Result {
  const end = seconds() + wait;
  try {
    return work();
  } catch (error) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.max(0, 1000 * (end - seconds())));
    throw error;
  }
}

/** The key file in our own encoding. */
function contentAgain({ payload, header }: KeyContent): KeyContent {
  const { cty, scheme, preset, width, height, channels, depth, cipher_sha256 } = header;
  if (!Object.hasOwn(presets, String(preset))) throw new Error('an unknown preset');
  return {
    payload: cty === 'application/json' ? jsonAgain(payload) : npzAgain(payload),
    header: { cty, scheme, preset, width, height, channels, depth, cipher_sha256 },
  };
}

function npzAgain(payload: Uint8Array): Uint8Array {
  const { keys, shape } = unpackKeys(payload);
  return packKeys(keys, shape);
}

const jsonAgain = (payload: Uint8Array): Uint8Array =>
  Buffer.from(`${JSON.stringify(JSON.parse(Buffer.from(payload).toString('utf8')), null, 2)}\n`);
