/**
 * Mends the addon of @tensorflow/tfjs-node-gpu 4.22.0 as it is compiled.
 *
 * Its fault (`binding/tfjs_backend.cc`, CreateTFE_TensorHandleFromTypedArray and DeallocTensor): a tensor shares the
 * memory of a typed array and holds a Node-API reference to it. TensorFlow may drop the last use of a tensor on a thread
 * of its own. DeallocTensor then calls napi_delete_reference on that thread, which unlinks an entry of a list that only
 * JavaScript's thread may touch: memory that is free already is written, and the process dies now and then (SIGSEGV).
 *
 * The mend: TensorFlow allocates the tensor, and the values are copied into it. No reference is made.
 */
import { readFile, writeFile } from 'node:fs/promises';

/** The replaced part begins here ... */
const begin = '  // Sharing V8 memory with the underlying TensorFlow tensor requires adding an';
/** ... and ends before the second of these lines. */
const sharing =
  / {2}TF_AutoTensor tensor\(TF_NewTensor\(dtype, shape, shape_length, array_data,\n\s+byte_size, DeallocTensor, auto_ref\)\);/;
const cleanup = '    delete auto_ref;\n    TFE_DeleteTensorHandle(tfe_tensor_handle);';

/**
 * The source with the mend.
 * @throws Error if the source is of another version
 */
export function patchedBackend(source: string): string {
  const from = source.indexOf(begin);
  const shared = sharing.exec(source);
  const size = source.indexOf('  // Currently, int64-type Tensors are represented as Int32Arrays.', from);
  if (from < 0 || !shared || size < from || shared.index < size || source.split(cleanup).length !== 2)
    throw new Error('the sources of @tensorflow/tfjs-node-gpu are not those of 4.22.0; install that version');
  const copied =
    '  TF_AutoTensor tensor(TF_AllocateTensor(dtype, shape, shape_length, byte_size));\n' +
    '  if (byte_size > 0) memcpy(TF_TensorData(tensor.tensor), array_data, byte_size);';
  return (source.slice(0, from) + source.slice(size))
    .replace(sharing, copied)
    .replace(cleanup, '    TFE_DeleteTensorHandle(tfe_tensor_handle);')
    .replace(/static void DeallocTensor\([\s\S]*?\n}\n/, '');
}

/** Writes the mended source beside others that include the same headers. */
export async function writePatched(source: string, into: string): Promise<void> {
  await writeFile(into, patchedBackend(await readFile(source, 'utf8')));
}
