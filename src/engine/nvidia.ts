/** NVIDIA's graphics cards of this machine, from the driver, and the environment that makes TensorFlow use one. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { InputError } from '../shared/errors.ts';
import type { DeviceName } from './names.ts';

/** Sources of the detector; tests replace them. */
export interface Machine {
  /** What a program prints, or null if it does not run. */
  answer(program: string, ...args: string[]): string | null;
  /** Names in a folder, none if there is no such folder. */
  list(folder: string): string[];
  read(file: string): string;
}

const thisMachine: Machine = {
  answer: (program, ...args) => {
    const { status, stdout } = spawnSync(program, args, { encoding: 'utf8' });
    return status === 0 ? stdout : null;
  },
  list: (folder) => {
    try {
      return readdirSync(folder);
    } catch {
      return [];
    }
  },
  read: (file) => readFileSync(file, 'utf8'),
};

const driver = '/proc/driver/nvidia/gpus';

/** Models by number, in the order of the PCI bus; none without NVIDIA's driver. */
export function nvidiaCards(machine = thisMachine): string[] {
  const listed = machine.answer('nvidia-smi', '-L')?.matchAll(/^GPU \d+: (.+?)(?: \(UUID.*)?$/gm);
  if (listed) return [...listed].map(([, model]) => model!);
  // A container may have the driver without nvidia-smi.
  return machine
    .list(driver)
    .sort()
    .map((bus) => /^Model:\s*(.+)$/m.exec(machine.read(`${driver}/${bus}/information`))?.[1] ?? 'NVIDIA GPU');
}

/** Hidden by the caller's environment, or by an earlier `--device cpu` that a child process inherits. */
const hidden = (): boolean => /^(-1)?$/.test(process.env.CUDA_VISIBLE_DEVICES ?? '0');

/**
 * The card that TensorFlow is to use, or null for the processor.
 * @throws InputError if a card is asked for that is not there
 */
export function wantedCard(device: DeviceName, cards = nvidiaCards()): string | null {
  if (device === 'cpu' || (device === 'auto' && hidden())) return null;
  const number = device.startsWith('gpu:') ? Number(device.slice(4)) : 0;
  const card = cards[number];
  if (card !== undefined) return card;
  if (device === 'auto') return null;
  const there =
    cards.length === 0 ? 'no NVIDIA card with a driver' : cards.map((c, i) => `gpu:${i} ${c}`).join(', ');
  throw new InputError(
    `--device ${device}: this machine has ${there}; nvidia-smi -L lists them, or take --device cpu`,
  );
}

/**
 * Call before libtensorflow loads. Memory grows with use; TensorFlow's default is all of the card's memory.
 * @param card null hides all cards
 */
export function setCudaEnvironment(device: DeviceName, card: string | null): void {
  if (card === null) process.env.CUDA_VISIBLE_DEVICES = '-1';
  else {
    process.env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true';
    process.env.CUDA_DEVICE_ORDER ??= 'PCI_BUS_ID'; // nvidia-smi's numbers; CUDA's own order is by speed
    if (device.startsWith('gpu:')) process.env.CUDA_VISIBLE_DEVICES = device.slice(4);
  }
}
