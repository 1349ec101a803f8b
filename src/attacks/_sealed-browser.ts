/** _sealed.ts in a browser: no scheme has an envelope there. */
import type * as node from './_sealed.ts';

export const sealedFor: typeof node.sealedFor = async () => null;
