/** Public sub-path `medchaos/metrics`: image-encryption metrics, each with its ideal-cipher expectation. */
export * as nist from '../nist/index.ts';
export * from './browser.ts';
