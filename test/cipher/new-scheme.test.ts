/** A scheme that is one file (_toy.ts) and one line (below): it is sealed, opened, attacked, measured and timed without another change. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { attackNames } from '../../src/attacks/index.ts';
import { makeKeyPair, type SchemeName, schemeNames, sealedNames } from '../../src/cipher/index.ts';
import { encodePng } from '../../src/data/images/image.ts';
import { othersLike, runAttacks } from '../../src/judge/attack.ts';
import measurePeer from '../../src/reproduce/peer-cell.ts';
import { timePeers } from '../../src/reproduce/peers.ts';
import { decryptFile } from '../../src/sealing/decrypt-file.ts';
import { encryptFiles } from '../../src/sealing/encrypt-file.ts';
import { inspectFile } from '../../src/sealing/inspect.ts';
import { discImage } from '../attacks/_images.ts';

vi.mock('../../src/cipher/schemes.ts', async (original) => {
  const module = await original<typeof import('../../src/cipher/schemes.ts')>();
  const { toy } = await import('./_toy.ts');
  Object.assign(module.schemes, { toy });
  return module;
});
const name = 'toy' as SchemeName;

const dir = mkdtempSync(join(tmpdir(), 'medchaos-new-scheme-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const at = (file: string): string => join(dir, file);
const plain = discImage({ width: 40, height: 33, channels: 3, depth: 8 }, 1);
let pems: Awaited<ReturnType<typeof makeKeyPair>>;
beforeAll(async () => {
  pems = await makeKeyPair(2048);
  writeFileSync(at('public.pem'), pems.publicPem);
  writeFileSync(at('private.pem'), pems.privatePem);
  writeFileSync(at('x.png'), await encodePng(plain));
});

test('it is listed', () => {
  expect(schemeNames()).toContain('toy');
  expect(sealedNames()).toContain('toy');
});

test.each(['original', 'neutral'] as const)('it is sealed and opened, with %s names', async (names) => {
  const warnings: string[] = [];
  const out = at(names);
  const request = {
    ...{ images: [at('x.png')], recipients: [at('public.pem')], params: '3.95', out, names },
    ...({ net: 'resnet18', channels: 'native', scheme: name, force: false } as const),
  };
  const [done] = await encryptFiles(request, (line) => warnings.push(line));
  expect(warnings).toEqual(['the toy scheme protects nothing; leave out --scheme toy']);
  expect(done).toMatchObject({ scheme: 'toy', preset: 'none', width: 40, channels: 3 });
  const { cipher, keys } = done!;
  expect(await inspectFile(keys!)).toMatchObject({ scheme: 'toy', encryption: 'A256GCM' });
  const opening = { cipher, keys: keys!, privateKey: at('private.pem'), out: join(out, 'back.png') };
  expect(await decryptFile({ ...opening, force: false })).toMatchObject({ scheme: 'toy', preset: 'none' });
  expect(readFileSync(join(out, 'back.png')).equals(readFileSync(at('x.png')))).toBe(true);
  await expect(encryptFiles({ ...request, preset: 'sound', force: true }, () => undefined)).rejects.toThrow(
    /--preset is a choice of --scheme paper, got it with --scheme toy/,
  );
});

describe('every attack runs', () => {
  test.each(attackNames)('%s', async (attack) => {
    const request = { preset: 'paper', size: 32, seed: 1, trials: 4, repeats: 1 } as const;
    const [record] = await runAttacks({ ...request, names: [attack], schemes: [name] });
    expect(record).toMatchObject({ name: attack, scheme: 'toy', success: true });
  });
});

test('it is measured beside the others, and timed', async () => {
  const task = { image: 'table7a', preset: 'paper', seed: 1, plain, others: othersLike(plain, 1) } as const;
  const cell = await measurePeer({ ...task, out: dir, method: 'peer:toy' });
  expect(cell).toMatchObject({ decryptedMse: 0, chosenPlaintext: { recovered: { value: 100 } } });
  const times = await timePeers(plain, pems, 1);
  expect(times.find(({ method }) => method === 'peer:toy')).toMatchObject({ image: '40x33', repeats: 1 });
});
