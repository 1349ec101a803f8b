/**
 * Archives of more than 4 GiB, read as streams: memory stays under 300 MiB. Slow, some minutes and 10 GB of disk:
 *   npm run test:archives
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { crc32, createGzip } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tarEnd, tarEntry } from './_archives.ts';
import { bytes } from './_fetch.ts';

const wanted = process.env.MEDCHAOS_TEST_ARCHIVES === '1';
const child = fileURLToPath(new URL('./_extract-child.ts', import.meta.url));
const mebi = 2 ** 20;
/** Five files of 900 MiB. */
const [count, size] = [5, 900 * mebi];
const names = Array.from({ length: count }, (_, i) => `images/0000000${i}_000.png`);

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'medchaos-large-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function extracted(archive: string) {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', child, archive, join(dir, 'out')],
    { encoding: 'utf8' },
  );
  expect(stderr).toBe('');
  return JSON.parse(stdout) as { files: number; bytes: number; sha256: string[]; peak: number };
}

/** The hash of 900 blocks of 1 MiB. */
function sha256Of(block: Buffer): string {
  const hash = createHash('sha256');
  for (let i = 0; i < size / mebi; i++) hash.update(block);
  return hash.digest('hex');
}

/** Little-endian numbers of given widths. */
const le = (...fields: (readonly [width: 2 | 4 | 8, value: number])[]): Buffer =>
  Buffer.concat(
    fields.map(([width, value]) => {
      const field = Buffer.alloc(8);
      field.writeBigUInt64LE(BigInt(value));
      return field.subarray(0, width);
    }),
  );

/** Stored zeros, which take no room on the disk; offsets beyond 4 GiB stand in zip64 fields. */
async function writeZip(path: string): Promise<void> {
  const zeros = Buffer.alloc(mebi);
  let crc = 0;
  for (let i = 0; i < size / mebi; i++) crc = crc32(zeros, crc);
  const file = await open(path, 'w');
  const directory: Buffer[] = [];
  let at = 0;
  for (const name of names) {
    const common = le([2, 0x800], [2, 0], [4, 0], [4, crc], [4, size], [4, size], [2, name.length]);
    const local = Buffer.concat([le([4, 0x04034b50], [2, 45]), common, le([2, 0]), Buffer.from(name)]);
    await file.write(local, 0, local.length, at);
    const extra = le([2, 1], [2, 8], [8, at]);
    directory.push(
      Buffer.concat([
        le([4, 0x02014b50], [2, 0x032d], [2, 45]),
        common,
        le([2, extra.length], [2, 0], [2, 0], [2, 0], [4, 0o100644 * 2 ** 16], [4, 0xffffffff]),
        Buffer.from(name),
        extra,
      ]),
    );
    at += local.length + size;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.concat([
    le([4, 0x06064b50], [8, 44], [2, 45], [2, 45], [4, 0], [4, 0], [8, count], [8, count]),
    le([8, central.length], [8, at], [4, 0x07064b50], [4, 0], [8, at + central.length], [4, 1]),
    le([4, 0x06054b50], [2, 0], [2, 0], [2, 0xffff], [2, 0xffff], [4, 0xffffffff], [4, 0xffffffff], [2, 0]),
  ]);
  await writeAt(file, Buffer.concat([central, end]), at);
  await file.close();
}

const writeAt = (file: FileHandle, data: Buffer, at: number) => file.write(data, 0, data.length, at);

describe.skipIf(!wanted)(`archives of 4.4 GiB${wanted ? '' : ' (npm run test:archives)'}`, () => {
  test('zip64', async () => {
    const path = join(dir, 'large.zip');
    await writeZip(path);
    const { peak, ...found } = extracted(path);
    const hash = sha256Of(Buffer.alloc(mebi));
    expect(found).toEqual({ files: count, bytes: count * size, sha256: Array(count).fill(hash) });
    console.log(`zip64: peak ${peak.toFixed(0)} MiB`);
    expect(peak).toBeLessThan(300);
  }, 900_000);

  test('.tar.gz', async () => {
    const path = join(dir, 'large.tar.gz');
    const block = bytes(mebi); // noise: it does not pack, as X-rays do not
    const file = await open(path, 'w');
    async function* parts(): AsyncGenerator<Buffer> {
      for (const name of names) {
        yield tarHeader(name);
        for (let i = 0; i < size / mebi; i++) yield block;
      }
      yield tarEnd;
    }
    await pipeline(parts, createGzip({ level: 0 }), file.createWriteStream());
    const { peak, ...found } = extracted(path);
    expect(found).toEqual({ files: count, bytes: count * size, sha256: Array(count).fill(sha256Of(block)) });
    console.log(`tar.gz: peak ${peak.toFixed(0)} MiB`);
    expect(peak).toBeLessThan(300);
  }, 900_000);
});

/** The header of an entry of 900 MiB: that of an empty one with another size and its checksum. */
function tarHeader(name: string): Buffer {
  const header = tarEntry({ name });
  header.write(size.toString(8).padStart(11, '0'), 124);
  header.fill(' ', 148, 156);
  const sum = header.reduce((all, byte) => all + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}
