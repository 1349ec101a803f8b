/**
 * Feeds a variable through the addon of @tensorflow/tfjs-node-gpu, then has a graph replace it, 200 times: TensorFlow
 * drops what was fed on a thread of its own. `_addon-process.cjs ADDON SAVED_MODEL_FOLDER`
 */
const [addon, folder] = process.argv.slice(2);
process.env.TF_CPP_MIN_LOG_LEVEL = '2';
const tf = require('@tensorflow/tfjs');
const { NodeJSKernelBackend } = require('@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend');
require('@tensorflow/tfjs-node-gpu/dist/register_all_kernels');
const binding = require(addon);
tf.registerBackend('tensorflow', () => new NodeJSKernelBackend(binding, '@tensorflow/tfjs-node-gpu'), 3);
const backend = tf.backend();
const session = binding.loadSavedModel(folder, 'serve');
const run = (tensors, names, fetch) => {
  const ids = backend.getInputTensorIds(tensors);
  const metas = binding.runSavedModel(session, ids, names, fetch);
  tf.dispose(metas.map((meta) => backend.createOutputTensor(meta)));
};
for (let i = 0; i < 200; i++) {
  const fed = tf.tensor(new Float32Array(65_536).fill(i));
  run([fed], 'v0_in:0', 'initialise:0');
  fed.dispose(); // the variable holds the values alone now
  run([], '', 'replace:0');
}
binding.deleteSavedModel(session);
