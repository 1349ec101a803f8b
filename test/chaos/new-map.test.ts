/** A map that is one file (_rossler.ts) and one line (below): it encrypts, is trained for, studied and diagnosed. */
import { expect, test, vi } from 'vitest';
import { attacks, partyOf } from '../../src/attacks/index.ts';
import {
  defaultParams,
  lyapunovSpectrum,
  type MapName,
  mapNamed,
  weaknessOf,
} from '../../src/chaos/index.ts';
import {
  checkParams,
  encryptWith,
  type KeyFormat,
  parameterNames,
  parametersFromSigmoid,
  type Scheme,
  schemes,
} from '../../src/cipher/index.ts';
import { mriPhantom } from '../../src/data/images/phantoms/mri.ts';
import { targetOf } from '../../src/data/pairs/target.ts';
import { runAttacks } from '../../src/judge/attack.ts';
import { keystreamInput } from '../../src/judge/nist-input.ts';
import { parseWallClock } from '../../src/shared/datetime.ts';
import { trainConfig } from '../../src/training/config.ts';
import { weakKeys } from '../../src/training/study/keys.ts';

vi.mock('../../src/chaos/maps.ts', async (original) => {
  const module = await original<typeof import('../../src/chaos/maps.ts')>();
  const { rosslerMap } = await import('./_rossler.ts');
  Object.assign(module.maps, { rossler: rosslerMap });
  return { ...module, mapNames: Object.keys(module.maps) };
});
const name = 'rossler' as MapName;
const params = [0.2, 0.2, 5.7];

test('its exponent is the one that it states: 0.07, which is chaos', () => {
  const map = mapNamed(name);
  const found = lyapunovSpectrum(map, defaultParams(map), 100_000, 5000)[0]! / map.exponent;
  expect(found).toBeGreaterThan(0.5);
  expect(found).toBeLessThan(2);
});

test('parameters by hand and from a network', () => {
  expect(checkParams(name, params)).toEqual([]);
  expect(() => checkParams(name, [0.2, 0.2, 99])).toThrow(/"c" of the rossler map expected .*, got 99/);
  expect(parametersFromSigmoid(name, [0.5, 0.5, 0.5])[2]).toBeCloseTo(5.7, 12);
  expect(parameterNames[name]).toEqual(['a', 'b', 'c']);
});

test.each<[string, Scheme, KeyFormat | undefined]>([
  ['paper, keys', schemes.paper, 'npz'],
  ['paper, parameters', schemes.paper, 'compact'],
  ['hardened', schemes.hardened, undefined],
])('%s: through the key file and back', (_, scheme, keyFormat) => {
  const plain = mriPhantom(40, 30, 1);
  const { cipher, key } = encryptWith(scheme, plain, { map: name, params, keyFormat });
  const type = scheme.keyFile!.header(key).cty;
  const back = scheme.decrypt(cipher, scheme.unpack(scheme.pack(key, cipher), cipher, type));
  expect(cipher.data).not.toEqual(plain.data);
  expect(back.data).toEqual(plain.data);
});

test('a network can be trained for it, and its keys are judged', () => {
  expect(trainConfig({ map: name })).toMatchObject({ map: 'rossler' });
  expect(targetOf(parseWallClock('2020-02-03T04:05:06'), name, 'hash', 1)).toHaveLength(3);
  expect(weakKeys(name, [params, [0.2, 0.2, 4]])).toMatchObject({ keys: 2, weak: 1 });
  expect(weaknessOf(mapNamed(name)).test).toMatch(/rossler map without chaos/);
});

test('attacked, and its keystream is an input of SP 800-22', async () => {
  const party = partyOf(schemes.paper, { map: name, params });
  const [plain, one, two] = [1, 2, 3].map((seed) => mriPhantom(32, 32, seed));
  const input = { party, plain: plain!, others: [one!, two!] as const, seed: 1, trials: 2 };
  expect((await attacks['chosen-plaintext'](input)).success).toBe(true);
  const request = { preset: 'paper', size: 32, seed: 1, trials: 2, repeats: 2, map: name } as const;
  const names = ['weak-keys', 'key-sensitivity', 'key-reuse'] as const;
  const records = await runAttacks({ ...request, names, schemes: ['paper'] });
  expect(records.map(({ finding }) => finding.length > 0)).toEqual([true, true, true]);
  expect(keystreamInput({ map: name, preset: 'sound', depth: 8 }, 8000).bytes).toHaveLength(1000);
});
