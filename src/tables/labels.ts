/** Names as people read them. */
import type { CipherRecord, MethodId, ReproductionResults } from './results.ts';

const methodLabels: Record<MethodId, string> = {
  'logistic+resnet18': 'Logistic + ResNet-18',
  'logistic+mobilenetv2': 'Logistic + MobileNetV2',
  'lorenz+resnet18': 'Lorenz + ResNet-18',
  'lorenz+mobilenetv2': 'Lorenz + MobileNetV2',
  logistic: 'Logistic',
  lorenz: 'Lorenz',
};

export const networkMethods: readonly MethodId[] = [
  'logistic+resnet18',
  'logistic+mobilenetv2',
  'lorenz+resnet18',
  'lorenz+mobilenetv2',
];

/** `Lorenz + ResNet-18`, `[18]` for a reference, a peer's short name, else the id itself. */
export const methodLabel = (id: string): string =>
  methodLabels[id as MethodId] ?? (/^ref\d+$/.test(id) ? `[${id.slice(3)}]` : id.replace(/^peer:/, ''));

/** `Luo et al. [13], reconstruction`. */
const nameOf = ({ name, standing, grey }: CipherRecord): string =>
  [name, ...(standing === 'reconstruction' ? [standing] : []), ...(grey ? ['grey'] : [])].join(', ');

export type LabelOf = (id: string) => string;

/** The same, with the names that a run gives the ciphers that it measured beside the paper's. */
export function labelsOf({ peers }: Pick<ReproductionResults, 'peers'>): LabelOf {
  const names = new Map(peers?.ciphers.map((cipher) => [cipher.method, nameOf(cipher)]));
  return (id) => names.get(id) ?? methodLabel(id);
}

/** `Sample 1`, `Image A` for Table 7, `DICOM`. */
export const imageLabel = (id: string): string =>
  id === 'dicom'
    ? 'DICOM'
    : id.startsWith('table7')
      ? `Image ${id.slice(6).toUpperCase()}`
      : id.replace(/^sample(\d)$/, 'Sample $1').replace(/^(\d+)x(\d+)$/, '$1×$2');
