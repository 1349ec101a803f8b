/** A receiver with Python, numpy and jwcrypto only. MEDCHAOS_PYTHON names the interpreter; default python3. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import {
  deriveKeys,
  encryptRaster,
  makeKeyPair,
  packKeys,
  presets,
  sealKeys,
  unpackKeys,
} from '../../src/cipher/index.ts';
import { readNpy } from '../../src/cipher/keyfile/npy.ts';
import { encodePng } from '../../src/data/images/image.ts';
import type { Raster } from '../../src/shared/types.ts';

const python = process.env.MEDCHAOS_PYTHON ?? 'python3';
const run = (...args: string[]) => spawnSync(python, args, { encoding: 'utf8' });
const missing =
  run('-c', 'import numpy, jwcrypto').status === 0 ? '' : `needs numpy and jwcrypto in ${python}`;

const dir = mkdtempSync(join(tmpdir(), 'medchaos-receiver-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const at = (name: string) => join(dir, name);
const receiver = fileURLToPath(new URL('receiver.py', import.meta.url));

function raster(width: number, height: number, channels: number, depth: 8 | 16): Raster {
  const data =
    depth === 8 ? new Uint8Array(width * height * channels) : new Uint16Array(width * height * channels);
  for (let k = 0; k < data.length; k++) data[k] = Math.imul(k, 2654435761) >>> (32 - depth);
  return { width, height, channels, depth, data };
}
const bytes = ({ data }: Raster) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

describe.skipIf(missing)(`receiver.py ${missing}`, () => {
  test.each([
    ['grey', raster(131, 200, 1, 8), [10, 28, 2.667]],
    ['RGB', raster(70, 131, 3, 8), [10, 28, 2.667]],
    ['16-bit grey', raster(131, 40, 1, 16), [10, 28, 2.667]],
    ['one pixel', raster(1, 1, 1, 8), [10, 28, 2.667]],
    [
      'a cipher so weak that its PNG is filtered',
      { ...raster(90, 80, 1, 8), data: new Uint8Array(7200) },
      [1],
    ],
  ])('decrypts %s exactly', async (_, plain, params) => {
    const keys = deriveKeys(params.length === 1 ? 'logistic' : 'lorenz', params, plain, presets.paper);
    const cipher = encryptRaster(plain, keys);
    const { publicPem, privatePem } = await makeKeyPair(2048);
    writeFileSync(at('x.cipher.png'), await encodePng(cipher));
    writeFileSync(at('x.keys.jwe'), await sealKeys(keys, cipher, { preset: 'paper' }, publicPem));
    writeFileSync(at('private.pem'), privatePem);
    const { status, stderr } = run(
      receiver,
      at('x.cipher.png'),
      at('x.keys.jwe'),
      at('private.pem'),
      at('out.npy'),
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const out = readNpy(readFileSync(at('out.npy')), 'out');
    expect(out.shape).toEqual(
      plain.channels === 1 ? [plain.height, plain.width] : [plain.height, plain.width, 3],
    );
    expect(Buffer.from(out.data).equals(bytes(plain))).toBe(true);
  });

  test('a key file that numpy wrote opens here', () => {
    const plain = raster(5, 4, 3, 16);
    const keys = deriveKeys('lorenz', [10, 28, 2.667], plain, presets.paper);
    writeFileSync(at('ours.npz'), packKeys(keys, plain));
    const copy =
      'import numpy, sys; k = numpy.load(sys.argv[1]); numpy.savez(sys.argv[2], **{n: k[n] for n in k.files})';
    expect(run('-c', copy, at('ours.npz'), at('theirs.npz')).status).toBe(0);
    expect(unpackKeys(readFileSync(at('theirs.npz'))).keys).toEqual(keys);
  });
});
