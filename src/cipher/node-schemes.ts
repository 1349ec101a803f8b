/** The schemes that rest on node:crypto. A browser's bundle has none of them (node-schemes-browser.ts). */
import { hardened } from './hardened/hardened.ts';
import { blumGoldwasser } from './peers/blum-goldwasser.ts';
import { aes256gcm, chacha20poly1305 } from './peers/standard.ts';

export const ours = { hardened };
export const ofPrimes = { 'blum-goldwasser': blumGoldwasser };
export const standards = { 'aes-256-gcm': aes256gcm, 'chacha20-poly1305': chacha20poly1305 };
