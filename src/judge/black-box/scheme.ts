/** The schemes of this house (src/cipher/schemes.ts) as ciphers on trial: the key that judge draws becomes their secret. */

import type { MapName } from '../../chaos/maps.ts';
import {
  parameterNames,
  parametersFromSigmoid,
  type Scheme,
  type SchemeInput,
  schemeNamed,
  titleOf,
} from '../../cipher/index.ts';
import type { BlackBoxCipher } from './cipher.ts';

export interface SchemeChoice {
  readonly scheme: string;
  readonly map: MapName;
}

const nothing = new Uint8Array(0);

/** Of a parameter: as many as a float32 of the network can use. */
const bytesEach = 4;

/** Key bytes of a scheme: 32 of secret, or four for each chaotic parameter. */
export function schemeKeyBytes({ scheme, map }: SchemeChoice): number {
  return schemeNamed(scheme).keyedBy === 'secret' ? 32 : bytesEach * parameterNames[map].length;
}

/** @throws InputError for an unknown name */
export function schemeCipher({ scheme: name, map }: SchemeChoice): BlackBoxCipher {
  const scheme: Scheme = schemeNamed(name);
  return {
    name: scheme.keyedBy === 'parameters' ? `${titleOf(scheme)}, ${map} map` : titleOf(scheme),
    encrypt(plain, key) {
      const input = inputOf(scheme, map, key);
      const { cipher, key: made } = scheme.encrypt(plain, scheme.keys(input, plain));
      return { image: cipher, extra: extraOf(scheme, scheme.pack(made, plain), key) };
    },
    decrypt(cipher, key, extra) {
      const input = inputOf(scheme, map, key);
      const own = extra.length > 0 ? extra : key;
      const bare = scheme.fresh || scheme.keyedBy === 'secret' ? scheme.unpack(own, cipher) : null;
      return scheme.decrypt(cipher, scheme.rekey(bare, input, cipher));
    },
  };
}

/** The public part of a key: the key file, unless it is the secret or follows from it. */
const extraOf = ({ fresh, keyedBy }: Scheme, packed: Uint8Array, { length }: Uint8Array): Uint8Array =>
  fresh || (keyedBy === 'secret' && packed.length > length) ? packed : nothing;

function inputOf({ keyedBy }: Scheme, map: MapName, key: Uint8Array): SchemeInput {
  if (keyedBy === 'secret') return { map, params: [], secret: key };
  const words = new DataView(key.buffer, key.byteOffset, key.byteLength);
  const sigmoid = Float32Array.from(
    { length: parameterNames[map].length },
    (_, k) => words.getUint32(bytesEach * k, true) / 2 ** 32,
  );
  return { map, params: parametersFromSigmoid(map, sigmoid), metadata: null };
}
