/** Names as people read them. */
import type { MethodId } from './results.ts';

export const methodLabels: Record<MethodId, string> = {
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

/** `Lorenz + ResNet-18`, `[18]` for a reference, else the id itself. */
export const methodLabel = (id: string): string =>
  methodLabels[id as MethodId] ?? (/^ref\d+$/.test(id) ? `[${id.slice(3)}]` : id);

/** `Sample 1`, `Image A` for Table 7. */
export const imageLabel = (id: string): string =>
  id.startsWith('table7')
    ? `Image ${id.slice(6).toUpperCase()}`
    : id.replace(/^sample(\d)$/, 'Sample $1').replace(/^(\d+)x(\d+)$/, '$1×$2');

export const measureLabels: Record<string, string> = {
  key_space_log2: 'Key space',
  encrypt_s: 'Encryption, s',
  decrypt_s: 'Decryption, s',
  width: 'Width',
  height: 'Height',
  chi2_plain: 'χ² plain',
  chi2_cipher: 'χ² cipher',
  mse: 'MSE',
  psnr: 'PSNR, dB',
  uaci: 'UACI, %',
  npcr: 'NPCR, %',
  entropy: 'Entropy, bits',
  corr_h: 'Correlation H',
  corr_v: 'Correlation V',
  corr_d: 'Correlation D',
};
