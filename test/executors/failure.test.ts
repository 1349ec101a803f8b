/** What a card's failures are told as. */
import { expect, test } from 'vitest';
import { activationBytes, batchThatFits } from '../../src/executors/activations.ts';
import { failureOf } from '../../src/executors/graph/failure.ts';
import { buildNetwork } from '../../src/models/networks.ts';
import { InputError } from '../../src/shared/errors.ts';

const work = { count: 256, side: 224, device: 'NVIDIA H200', fits: 64 };
const coded = (code: string, message: string) => Object.assign(new Error(message), { code });

test('too little memory: the batch, and one that fits', () => {
  const error = failureOf(coded('8', 'OOM when allocating tensor with shape[256,64,112,112]'), work);
  expect(error).toBeInstanceOf(InputError);
  expect((error as Error).message).toBe(
    'the memory of NVIDIA H200 does not hold 256 images of 224x224 at a time; give --batch 64, or a smaller --size',
  );
  const cpu = failureOf(coded('8', 'OOM'), { ...work, device: 'CPU', fits: null });
  expect((cpu as Error).message).toMatch(/^the memory of this machine .*give a smaller --batch, or/);
});

test('a card that vanishes: one sentence, checkpoints named', () => {
  const message = 'INTERNAL: failed to synchronize: CUDA_ERROR_ECC_UNCORRECTABLE: uncorrectable ECC error';
  expect((failureOf(coded('13', message), work) as Error).message).toBe(
    'NVIDIA H200 stopped answering (CUDA_ERROR_ECC_UNCORRECTABLE); checkpoints are whole: look into dmesg, then give the same command again, or take --device cpu',
  );
});

test('any other error stays what it is', () => {
  const error = coded('3', 'You must feed a value for placeholder');
  expect(failureOf(error, work)).toBe(error);
});

test('the batch that fits: a power of two, at most half of the one that did not', () => {
  const network = buildNetwork('mobilenetv2', 3);
  expect(Math.round(activationBytes(network, 224) / 1e6)).toBe(79);
  expect(batchThatFits(network, 224, 256, 8e9)).toBe(64);
  expect(batchThatFits(network, 224, 32, 8e11)).toBe(16);
  expect(batchThatFits(network, 224, 32, 1e7)).toBe(0);
});
