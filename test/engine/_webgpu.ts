/** A software Vulkan device for tests of WebGPU: SwiftShader, which Debian's chromium brings with a Vulkan loader. */
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = process.env.MEDCHAOS_VULKAN ?? '/usr/lib/chromium';
const driver = join(folder, 'vk_swiftshader_icd.json');

/** Why WebGPU cannot be tested here, or null. */
export const noVulkan = existsSync(driver)
  ? null
  : `no software Vulkan device: ${driver} is not there; on Debian: apt-get install chromium`;

/** Of a process of its own: the loader's folder is looked at as a process starts. */
export const vulkanEnvironment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  VK_ICD_FILENAMES: driver,
  LD_LIBRARY_PATH: [folder, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
  XDG_RUNTIME_DIR: mkdtempSync(join(tmpdir(), 'medchaos-vulkan-')),
});
