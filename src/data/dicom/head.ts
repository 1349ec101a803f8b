/** Whether a file on the disk is a DICOM file, by its first bytes. */
import { open } from 'node:fs/promises';
import { dicomHeadLength, isDicom } from './file.ts';

/** The first bytes of a file, `dicomHeadLength` at most. @throws the system's error where it cannot be read */
export async function headOf(path: string): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(dicomHeadLength), 0, dicomHeadLength, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** False for a file that cannot be read. */
export async function isDicomFile(path: string): Promise<boolean> {
  const head = await headOf(path).catch(() => null);
  return head !== null && isDicom(head);
}
