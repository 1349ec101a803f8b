/** TensorFlow's run-time errors as sentences for the user. */
import { InputError, messageOf } from '../../shared/errors.ts';

/** `TF_Code` of too little memory. */
const exhausted = '8';

/** A card that is gone, or that refuses every further call. */
const lost =
  /CUDA_ERROR_(?!OUT_OF_MEMORY)\w+|cudaError(?!MemoryAllocation)\w+|[Gg]PU is lost|fallen off the bus/;

export interface Work {
  readonly count: number;
  readonly side: number;
  /** `NVIDIA H200`, or `CPU`. */
  readonly device: string;
  /** How many images of this size would fit, at a guess; null: not known. */
  readonly fits: number | null;
}

/** The error to show. An unknown error is returned unchanged. */
export function failureOf(error: unknown, { count, side, device, fits }: Work): unknown {
  const message = messageOf(error);
  if ((error as { code?: unknown }).code === exhausted || /CUDA_ERROR_OUT_OF_MEMORY/.test(message)) {
    const place = device === 'CPU' ? 'the memory of this machine' : `the memory of ${device}`;
    const smaller = fits === null || fits < 2 ? 'a smaller --batch' : `--batch ${fits}`;
    return new InputError(
      `${place} does not hold ${count} images of ${side}x${side} at a time; give ${smaller}, or a smaller --size`,
    );
  }
  const reason = lost.exec(message)?.[0];
  if (reason === undefined) return error;
  return new Error(
    `${device} stopped answering (${reason}); checkpoints are whole: look into dmesg, then give the same command again, or take --device cpu`,
  );
}
