/** Name, unit and decimals of every measure of Tables 1 to 7: the metrics, and quantities that no metric gives. */
import { metrics } from '../metrics/metrics.ts';
import type { Metric } from '../metrics/types.ts';

type Quantity = Pick<Metric, 'label' | 'unit' | 'decimals'>;

const quantities: Readonly<Record<string, Quantity>> = {
  key_space_log2: { label: 'Key space', unit: '', decimals: 0 },
  encrypt_s: { label: 'Encryption', unit: 's', decimals: 4 },
  decrypt_s: { label: 'Decryption', unit: 's', decimals: 4 },
  width: { label: 'Width', unit: '', decimals: 0 },
  height: { label: 'Height', unit: '', decimals: 0 },
  chi2_plain: { label: 'χ² plain', unit: '', decimals: 1 },
  npcr_differential: { label: 'NPCR, one sample changed', unit: '%', decimals: 4 },
  uaci_differential: { label: 'UACI, one sample changed', unit: '%', decimals: 4 },
  chosen_plaintext: { label: 'Recovered, chosen plaintext', unit: '%', decimals: 2 },
  known_plaintext: { label: 'Recovered, known plaintext', unit: '%', decimals: 2 },
  predicted: { label: 'Predicted cipher', unit: '%', decimals: 2 },
};

const quantityOf = (measure: string): Quantity =>
  metrics[measure] ?? quantities[measure] ?? { label: measure, unit: '', decimals: 0 };

/** `PSNR, dB`. */
export function measureLabel(measure: string): string {
  const { label, unit } = quantityOf(measure);
  return unit ? `${label}, ${unit}` : label;
}

/** `PSNR`. */
export const measureName = (measure: string): string => quantityOf(measure).label;

/** Decimals where the paper prints none. */
export const decimalsFor = (measure: string): number => quantityOf(measure).decimals;
