/** NVIDIA's libraries for a TensorFlow with CUDA: the Python wheels that TensorFlow's own metadata names. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';

/**
 * What a wheel's METADATA requires for its extra `and-cuda`, for pip: `nvidia-cublas-cu12==12.5.3.2`, ...
 * @throws Error if it names none
 */
export function cudaRequirements(metadata: string): string[] {
  const lines = metadata.matchAll(
    /^Requires-Dist: *(nvidia-[\w-]+) *\(?([^;()]*)\)? *;.*extra *== *['"]and-cuda['"]/gm,
  );
  const found = [...lines].map(([, name, version]) => name! + version!.replaceAll(' ', ''));
  if (found.length === 0)
    throw new Error('the TensorFlow wheel names no CUDA packages in its extra and-cuda');
  return found;
}

/** What TensorFlow opens by name as it meets a card, and what these need in turn. */
const opened =
  /^lib(cudart|nvrtc|nvJitLink|cublasLt|cublas|cufft|curand|cusparse|cusolver|cupti|cudnn)\.so\.\d+$/;

/**
 * Linker flags that make the addon need these libraries. TensorFlow would find them itself (`$ORIGIN/../nvidia/...`
 * is in its run path), but goes to the processor without a word where one is missing or does not load; the addon
 * fails then, at set-up. A library that is loaded already is also found by those without a run path.
 * @param packages folder that holds `nvidia/`, beside the addon's own folder
 */
export async function cudaLinkFlags(packages: string): Promise<string[]> {
  const flags: string[] = [];
  for (const name of (await readdir(join(packages, 'nvidia'))).sort()) {
    const folder = join(packages, 'nvidia', name, 'lib');
    const libraries = (existsSync(folder) ? await readdir(folder) : [])
      .filter((file) => opened.test(file))
      .sort();
    if (libraries.length === 0) continue;
    flags.push(`-L${folder}`, `-Wl,-rpath,$ORIGIN/../nvidia/${name}/lib`, `-Wl,-rpath-link,${folder}`);
    flags.push(...libraries.map((library) => `-l:${library}`));
  }
  if (flags.length === 0)
    throw new Error("NVIDIA's wheels hold none of the CUDA libraries that TensorFlow opens");
  return ['-Wl,--no-as-needed', ...flags];
}

/** TensorFlow compiles small kernels with ptxas, which it looks for on PATH. */
export function addPtxas(addon: string): void {
  const folder = join(dirname(addon), '..', 'nvidia', 'cuda_nvcc', 'bin');
  if (existsSync(folder)) process.env.PATH = `${folder}${delimiter}${process.env.PATH ?? ''}`;
}
