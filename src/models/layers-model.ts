/**
 * A network as a standard TensorFlow.js LayersModel, for programs that know nothing of this one. Layers keep
 * torchvision's names; the outputs are those that `predict` gives.
 */
import type { LayersModel, SymbolicTensor, Tensor as TfTensor } from '@tensorflow/tfjs';
import type { Conv, Depthwise, Layer, MaxPool, Network } from './network.ts';
import { batchNormEpsilon, batchNormMomentum } from './network.ts';
import type { Tensors } from './parameters.ts';

type Tf = typeof import('@tensorflow/tfjs');

export interface ModelFiles {
  /** model.json. */
  readonly json: string;
  /** weights.bin, which it names. */
  readonly weights: Uint8Array;
}

/**
 * @param tensors in our layout, which is TensorFlow's
 * @param size side of the input images
 * @param about kept as the model's `userDefinedMetadata`
 * @param activation from logits to outputs
 */
export async function layersModelFiles(
  tf: Tf,
  network: Network,
  tensors: Tensors,
  size: number,
  about: Readonly<Record<string, unknown>>,
  activation: 'sigmoid' | 'linear' | 'softmax' = 'sigmoid',
): Promise<ModelFiles> {
  await tf.ready(); // beside the native engine, no backend of TensorFlow.js is at work yet
  const model = layersModel(tf, network, size, activation);
  try {
    for (const layer of model.layers) setWeights(tf, layer, tensors);
    return await filesOf(tf, model, about);
  } finally {
    model.dispose();
  }
}

function layersModel(
  tf: Tf,
  network: Network,
  size: number,
  activation: 'sigmoid' | 'linear' | 'softmax',
): LayersModel {
  const inputs = tf.input({ shape: [size, size, 3], name: 'image' });
  const logits = walk(tf, inputs, network.layers);
  const outputs = tf.layers.activation({ activation, name: 'prediction' }).apply(logits);
  return tf.model({ name: network.name, inputs, outputs: outputs as SymbolicTensor });
}

/** Zeros, replaced by `setWeights`: random initial values take seconds. */
const zeros = { kernelInitializer: 'zeros', depthwiseInitializer: 'zeros', useBias: false } as const;

function walk(tf: Tf, x: SymbolicTensor, layers: readonly Layer[]): SymbolicTensor {
  return layers.reduce(
    (at, layer, i) =>
      layer.kind === 'maxPool' ? maxPool(tf, at, layer, layers[i - 1]) : step(tf, at, layer),
    x,
  );
}

function step(tf: Tf, x: SymbolicTensor, layer: Exclude<Layer, MaxPool>): SymbolicTensor {
  const on = (made: { apply(x: SymbolicTensor): unknown }) => made.apply(x) as SymbolicTensor;
  const { layers } = tf;
  switch (layer.kind) {
    case 'conv':
      return padded(tf, x, layer, (window) => layers.conv2d({ ...zeros, ...window, filters: layer.out }));
    case 'depthwise':
      return padded(tf, x, layer, (window) => layers.depthwiseConv2d({ ...zeros, ...window }));
    case 'batchNorm': {
      const constants = { epsilon: batchNormEpsilon, momentum: 1 - batchNormMomentum };
      return on(layers.batchNormalization({ name: layer.name, ...constants }));
    }
    case 'relu':
      return on(layers.reLU());
    case 'relu6':
      return on(layers.reLU({ maxValue: 6 }));
    case 'globalPool':
      return on(layers.globalAveragePooling2d({}));
    case 'dropout':
      return on(layers.dropout({ name: layer.name, rate: layer.rate }));
    case 'linear':
      return on(layers.dense({ name: layer.name, units: layer.out, kernelInitializer: 'zeros' }));
    case 'residual': {
      const branches = [walk(tf, x, layer.main), walk(tf, x, layer.shortcut)];
      return layers.add().apply(branches) as SymbolicTensor;
    }
  }
}

/** PyTorch's padding: `same` at stride 1, an explicit layer where TensorFlow's would be lopsided. */
function padded(
  tf: Tf,
  x: SymbolicTensor,
  { name, size, stride, pad }: Conv | Depthwise,
  make: (window: { name: string; kernelSize: number; strides: number; padding: 'same' | 'valid' }) => {
    apply(x: SymbolicTensor): unknown;
  },
): SymbolicTensor {
  const same = stride === 1 && pad * 2 === size - 1;
  const bordered = same || pad === 0 ? x : zeroPadded(tf, x, pad);
  const layer = make({ name, kernelSize: size, strides: stride, padding: same ? 'same' : 'valid' });
  return layer.apply(bordered) as SymbolicTensor;
}

const zeroPadded = (tf: Tf, x: SymbolicTensor, pad: number): SymbolicTensor =>
  tf.layers.zeroPadding2d({ padding: pad }).apply(x) as SymbolicTensor;

/** The border must be smaller than every value. Zero is so only behind a ReLU. */
function maxPool(tf: Tf, x: SymbolicTensor, layer: MaxPool, before: Layer | undefined): SymbolicTensor {
  const { size: poolSize, stride: strides, pad } = layer;
  if (pad > 0 && before?.kind !== 'relu' && before?.kind !== 'relu6')
    throw new Error('a LayersModel has no padded max pooling but behind a ReLU');
  const bordered = pad === 0 ? x : zeroPadded(tf, x, pad);
  return tf.layers.maxPooling2d({ poolSize, strides, padding: 'valid' }).apply(bordered) as SymbolicTensor;
}

/** TensorFlow.js' order of a layer's weights. */
const parts: Readonly<Record<string, readonly string[]>> = {
  Conv2D: ['weight'],
  DepthwiseConv2D: ['weight'],
  Dense: ['weight', 'bias'],
  BatchNormalization: ['weight', 'bias', 'running_mean', 'running_var'],
};

function setWeights(tf: Tf, layer: LayersModel['layers'][number], tensors: Tensors): void {
  const values = (parts[layer.getClassName()] ?? []).map((part): TfTensor => {
    const { data, shape } = tensors.get(`${layer.name}.${part}`)!;
    return tf.tensor(data, [...shape]);
  });
  layer.setWeights(values);
  tf.dispose(values);
}

/** model.json and weights.bin as `LayersModel.save` writes them. */
async function filesOf(tf: Tf, model: LayersModel, about: object): Promise<ModelFiles> {
  const named = model.weights.map((weight) => ({ name: weight.originalName, tensor: weight.read() }));
  const { data, specs } = await tf.io.encodeWeights(named);
  const json = {
    format: 'layers-model',
    generatedBy: `TensorFlow.js tfjs-layers v${tf.version.tfjs}`,
    convertedBy: null,
    modelTopology: model.toJSON(null, false),
    weightsManifest: [{ paths: ['weights.bin'], weights: specs }],
    userDefinedMetadata: about,
  };
  return { json: JSON.stringify(json), weights: new Uint8Array(data) };
}
