/** NVIDIA's libraries for a TensorFlow with CUDA, as its wheels lay them out. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Libraries that TensorFlow opens by name when it finds a card, and their own dependencies. */
const opened =
  /^lib(cudart|nvrtc|nvJitLink|cublasLt|cublas|cufft|curand|cusparse|cusolver|cupti|cudnn)\.so\.\d+$/;

/**
 * Linker flags that make the addon need these libraries. TensorFlow would find them itself (`$ORIGIN/../nvidia/...`
 * is in its run path), but goes to the processor without a word where one is missing or does not load; the addon
 * fails then, at set-up. A library that is loaded already is also found by those without a run path.
 * @param library folder that holds `nvidia/`
 * @param key its name in the cache, beside the addons' folder
 */
export async function cudaLinkFlags(library: string, key: string): Promise<string[]> {
  const flags: string[] = [];
  for (const name of (await readdir(join(library, 'nvidia'))).sort()) {
    const folder = join(library, 'nvidia', name, 'lib');
    const libraries = (existsSync(folder) ? await readdir(folder) : [])
      .filter((file) => opened.test(file))
      .sort();
    if (libraries.length === 0) continue;
    flags.push(`-L${folder}`, `-Wl,-rpath,$ORIGIN/../${key}/nvidia/${name}/lib`, `-Wl,-rpath-link,${folder}`);
    flags.push(...libraries.map((library) => `-l:${library}`));
  }
  if (flags.length === 0)
    throw new Error("NVIDIA's wheels hold none of the CUDA libraries that TensorFlow opens");
  return ['-Wl,--no-as-needed', ...flags];
}

/** TensorFlow compiles small kernels with ptxas, which it looks for on PATH. */
export function addPtxas(library: string): void {
  const folder = join(library, 'nvidia', 'cuda_nvcc', 'bin');
  if (existsSync(folder)) process.env.PATH = `${folder}${delimiter}${process.env.PATH ?? ''}`;
}
