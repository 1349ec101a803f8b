/**
 * A training's curves as a TensorBoard event file in its run folder, so that `tensorboard --logdir results/runs`
 * shows every run. Each start or resumption writes a file of its own, later in TensorBoard's order of names; it
 * begins by taking back what a killed process logged beyond the checkpoint that is gone on from.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../../shared/errors.ts';
import { noLink, reasonOf } from '../../shared/files.ts';
import { wallSeconds } from '../../shared/timing.ts';
import type { EpochRecord, StepRecord } from '../fit.ts';
import { type Event, encodeEvent, sessionStart, textValue } from './messages.ts';
import { frame } from './record.ts';

/** Points of a curve by step: TensorBoard draws at most 1,000 of a tag. */
const curvePoints = 2000;

export class EventFile {
  readonly path: string;
  readonly #file: number;

  /**
   * @param run its folder
   * @param steps taken before: what older files say of later ones is void
   * @throws InputError if the folder cannot be written to
   */
  constructor(run: string, steps: number) {
    const now = wallSeconds();
    this.path = join(run, `events.out.tfevents.${Math.floor(now)}.${hostname()}.${process.pid}.${steps}`);
    this.#file = this.#orExplain(() => openSync(this.path, noLink.append));
    this.#write({ fileVersion: 'brain.Event:2' });
    if (steps > 0) this.#write({ step: steps + 1, sessionLog: { status: sessionStart } });
  }

  /** Settings as a table. */
  config(config: object): void {
    const rows = Object.entries(config).map(([key, value]) => `| ${key} | ${value ?? 'none'} |`);
    const text = ['| option | value |', '|---|---|', ...rows].join('\n');
    this.#write({ step: 0, summary: { value: [textValue('config', text)] } });
  }

  /** Every step of a short run, every so many of a long one. */
  step({ steps, total, loss, lr, imagesPerSecond }: StepRecord): void {
    if (steps % Math.ceil(total / curvePoints) === 0)
      this.#scalars(steps, {
        'step/loss': loss,
        'step/learning_rate': lr,
        'step/images_per_second': imagesPerSecond,
      });
  }

  /** @param outputs names of the network's outputs */
  epoch({ steps, trainLoss, valLoss, valMae, valR2 }: EpochRecord, outputs: readonly string[]): void {
    const each = outputs.flatMap((name, k) => [
      [`epoch/mae_${name}`, valMae[k]!],
      [`epoch/r2_${name}`, valR2[k]!],
    ]);
    const scalars = { 'epoch/train_loss': trainLoss, 'epoch/validation_loss': valLoss };
    this.#scalars(steps, { ...scalars, ...Object.fromEntries(each) });
  }

  close(): void {
    closeSync(this.#file);
  }

  #scalars(step: number, scalars: Readonly<Record<string, number>>): void {
    const value = Object.entries(scalars).map(([tag, simpleValue]) => ({ tag, simpleValue }));
    this.#write({ step, summary: { value } });
  }

  #write(event: Omit<Event, 'wallTime'>): void {
    const record = frame(encodeEvent({ wallTime: wallSeconds(), ...event }));
    this.#orExplain(() => writeSync(this.#file, record));
  }

  #orExplain<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw new InputError(
        `cannot write ${this.path}: ${reasonOf(error)}; make room or choose another --out folder`,
      );
    }
  }
}
