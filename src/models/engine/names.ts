/** Engines by name, apart from the code that loads them, so that `--help` loads no TensorFlow. */
export const engineNames = ['auto', 'tensorflow', 'wasm', 'cpu'] as const;
export type EngineName = (typeof engineNames)[number];
