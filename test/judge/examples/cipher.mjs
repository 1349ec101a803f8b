/** A sound one: AES-256-GCM, nonce and tag in {extra}. node cipher.mjs encrypt|decrypt IN OUT KEY EXTRA, --format raw. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const [operation, source, target, keyFile, extra] = process.argv.slice(2);
const [picture, key] = [readFileSync(source), readFileSync(keyFile)];
if (operation === 'encrypt') {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  writeFileSync(target, Buffer.concat([cipher.update(picture), cipher.final()]));
  writeFileSync(extra, Buffer.concat([nonce, cipher.getAuthTag()]));
} else {
  const sealed = readFileSync(extra);
  const cipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12)).setAuthTag(sealed.subarray(12));
  writeFileSync(target, Buffer.concat([cipher.update(picture), cipher.final()]));
}
