/**
 * A file of any kind, encrypted whole: `NAME.sealed`. Its format:
 *   the line `medchaos sealed 1`
 *   length of the envelope, 4 bytes, the highest first
 *   the envelope: a JWE, or a CMS AuthEnvelopedData, as of key files; inside it JSON: `format`, the line again; `name`, the
 *   file's name; `path` where `decrypt` should restore it; `bytes`, its length; `key` and `nonce`, 32 and 12 bytes as hex
 *   the file by AES-256-GCM with that key and nonce, the line as additional data; then the tag, 16 bytes
 * Files are encrypted and decrypted as a stream, up to 64 GiB, which is the limit of AES-GCM. Nothing is written before
 * all of a file was verified.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { openEnvelope, type SealOptions, sealEnvelope } from '../cipher/envelope/envelope.ts';
import { InputError } from '../shared/errors.ts';
import { parseObject, shown } from '../shared/exact.ts';
import { reasonOf } from '../shared/files.ts';

const line = Buffer.from('medchaos sealed 1\n');
const format = 'medchaos sealed 1';
const tagLength = 16;
/** SP 800-38D, section 5.2.1.1. */
const largest = 2 ** 36 - 32;
/** Bytes; 100 recipients take about 100 kB. */
const largestEnvelope = 2 ** 20;

/** Of the envelope. */
const sealedHeader = { cty: 'application/json', scheme: 'sealed' } as const;

/** @throws InputError for the envelope of anything else */
export function readSealedHeader({ scheme }: Record<string, unknown>): typeof sealedHeader {
  if (scheme === sealedHeader.scheme) return sealedHeader;
  throw new InputError(
    `the sealed file expected scheme sealed, got ${shown(scheme)}; a newer medchaos may open it`,
  );
}

interface Inside {
  readonly name: string;
  readonly path?: string;
  readonly bytes: number;
  readonly key: Buffer;
  readonly nonce: Buffer;
}

/**
 * @param file to be sealed
 * @param restoreAs relative path that `decrypt` gives it back under; else beside the sealed file
 * @param recipients public keys, PEM
 * @throws InputError for a file that cannot be read, or is larger than the limit
 */
export async function sealWhole(
  file: string,
  restoreAs: string | undefined,
  recipients: readonly string[],
  options: SealOptions,
): Promise<AsyncIterable<Uint8Array>> {
  const { size } = await stat(file).catch((error) => {
    throw new InputError(`cannot read ${file}: ${reasonOf(error)}; check the path`);
  });
  if (size > largest)
    throw new InputError(`${file}: expected at most 64 GiB in a file, got ${size} bytes; split it first`);
  const inside: Inside = {
    name: basename(file),
    ...(restoreAs !== undefined && { path: restoreAs }),
    ...{ bytes: size, key: randomBytes(32), nonce: randomBytes(12) },
  };
  const enc = options.enc ?? 'A256GCM'; // as strong as the key inside
  const sealing = { ...options, enc };
  const envelope = Buffer.from(await sealEnvelope(packed(inside), { ...sealedHeader }, recipients, sealing));
  return parts(file, envelope, inside);
}

const packed = ({ key, nonce, ...more }: Inside): Buffer =>
  Buffer.from(JSON.stringify({ format, ...more, key: key.toString('hex'), nonce: nonce.toString('hex') }));

async function* parts(
  file: string,
  envelope: Buffer,
  { key, nonce, bytes }: Inside,
): AsyncIterable<Uint8Array> {
  yield headOf(envelope);
  const gcm = createCipheriv('aes-256-gcm', key, nonce).setAAD(line);
  let left = bytes;
  for await (const chunk of createReadStream(file)) {
    left -= (chunk as Buffer).length;
    yield gcm.update(chunk as Buffer);
  }
  if (left !== 0)
    throw new InputError(
      `${file}: expected ${bytes} bytes, got ${bytes - left}: it changed meanwhile; run the command again`,
    );
  yield Buffer.concat([gcm.final(), gcm.getAuthTag()]);
}

function headOf(envelope: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(envelope.length);
  return Buffer.concat([line, length, envelope]);
}

/** A sealed file for other recipients. @param start as `envelopeIn` gives it */
export async function* withOtherEnvelope(
  path: string,
  start: number,
  envelope: Buffer,
): AsyncIterable<Uint8Array> {
  yield headOf(envelope);
  for await (const chunk of createReadStream(path, { start })) yield chunk as Buffer;
}

/** By its first line; false for a file that cannot be read. */
export async function isSealedFile(path: string): Promise<boolean> {
  return (await bytesAt(path, 0, line.length).catch(() => null))?.equals(line) ?? false;
}

export interface OpenedSealedFile {
  readonly name: string;
  readonly path: string | null;
  readonly bytes: number;
  /** As of `OpenedImage`. */
  readonly id: string;
  /** The plain file. */
  readonly chunks: () => AsyncIterable<Uint8Array>;
}

/** @throws InputError if it is no sealed file, was changed or cut off, or is for another private key */
export async function openSealedFile(path: string, privatePem: string): Promise<OpenedSealedFile> {
  const { envelope, start } = await envelopeIn(path);
  const { payload, header } = await openEnvelope(envelope, privatePem);
  readSealedHeader(header);
  const inside = unpacked(payload);
  if (!inside) throw damaged(path, 'its envelope holds something else');
  const { size } = await stat(path);
  if (size !== start + inside.bytes + tagLength)
    throw damaged(path, `${size} bytes, where ${start + inside.bytes + tagLength} are expected`);
  const chunks = (): AsyncIterable<Uint8Array> => decrypted(path, start, inside);
  for await (const _ of chunks()); // verified as a whole before any of it is written
  const id = `nonce:${createHash('sha256').update(inside.key).update(inside.nonce).digest('hex')}`;
  return { name: inside.name, path: inside.path ?? null, bytes: inside.bytes, id, chunks };
}

/** The envelope, and where the encrypted bytes begin. */
export async function envelopeIn(path: string): Promise<{ envelope: Buffer; start: number }> {
  const head = await bytesAt(path, 0, line.length + 4);
  if (head.length < line.length + 4 || !head.subarray(0, line.length).equals(line))
    throw new InputError(`${path}: expected a sealed file, got another; give NAME.sealed`);
  const length = head.readUInt32BE(line.length);
  const envelope = length <= largestEnvelope ? await bytesAt(path, head.length, length) : head;
  if (envelope.length !== length) throw damaged(path, 'its envelope is cut off');
  return { envelope, start: head.length + length };
}

const damaged = (path: string, reason: string): InputError =>
  new InputError(
    `${path}: expected a whole sealed file, got a damaged one (${reason}); ask for the file again`,
  );

async function bytesAt(path: string, start: number, length: number): Promise<Buffer> {
  const handle = await open(path, 'r').catch((error) => {
    throw new InputError(`cannot read ${path}: ${reasonOf(error)}; check the path`);
  });
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, start);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function unpacked(payload: Uint8Array): Inside | null {
  const { format: found, name, path, bytes, key, nonce } = parseObject(payload);
  const hex = (text: unknown, length: number): boolean =>
    typeof text === 'string' && text.length === 2 * length && /^[0-9a-f]*$/.test(text);
  const right =
    found === format && typeof name === 'string' && (path === undefined || typeof path === 'string');
  if (!right || !Number.isSafeInteger(bytes) || (bytes as number) < 0 || !hex(key, 32) || !hex(nonce, 12))
    return null;
  const [keyBytes, nonceBytes] = [Buffer.from(key as string, 'hex'), Buffer.from(nonce as string, 'hex')];
  return {
    name,
    ...(path !== undefined && { path }),
    bytes: bytes as number,
    key: keyBytes,
    nonce: nonceBytes,
  };
}

async function* decrypted(
  path: string,
  start: number,
  { key, nonce, bytes }: Inside,
): AsyncIterable<Uint8Array> {
  const tag = await bytesAt(path, start + bytes, tagLength);
  const gcm = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength }).setAAD(line);
  gcm.setAuthTag(tag);
  const end = start + bytes - 1;
  if (bytes > 0)
    for await (const chunk of createReadStream(path, { start, end })) yield gcm.update(chunk as Buffer);
  try {
    gcm.final();
  } catch {
    throw damaged(path, 'its tag does not fit');
  }
}
