/** The part of TensorFlow's GraphDef and ConfigProto that our graphs need, for protobufjs. */
import protobuf from 'protobufjs/light.js';

const repeated = { rule: 'repeated' } as const;

/** A map from text; the field `keyType` lacks in the types of protobufjs. */
const mapOf = (type: string, id: number) => ({ keyType: 'string', type, id });

const root = protobuf.Root.fromJSON({
  nested: {
    GraphDef: {
      fields: {
        node: { ...repeated, type: 'NodeDef', id: 1 },
        versions: { type: 'VersionDef', id: 4 },
      },
    },
    VersionDef: { fields: { producer: { type: 'int32', id: 1 } } },
    NodeDef: {
      fields: {
        name: { type: 'string', id: 1 },
        op: { type: 'string', id: 2 },
        input: { ...repeated, type: 'string', id: 3 },
        attr: mapOf('AttrValue', 5),
      },
    },
    AttrValue: {
      // As members of a oneof `false`, 0 and '' are written too.
      oneofs: { value: { oneof: ['list', 's', 'i', 'f', 'b', 'type', 'shape', 'tensor'] } },
      fields: {
        list: { type: 'ListValue', id: 1 },
        s: { type: 'bytes', id: 2 },
        i: { type: 'int64', id: 3 },
        f: { type: 'float', id: 4 },
        b: { type: 'bool', id: 5 },
        type: { type: 'int32', id: 6 },
        shape: { type: 'TensorShape', id: 7 },
        tensor: { type: 'Tensor', id: 8 },
      },
    },
    ListValue: { fields: { i: { ...repeated, type: 'int64', id: 3 } } },
    TensorShape: { fields: { dim: { ...repeated, type: 'Dim', id: 2 } } },
    Dim: { fields: { size: { type: 'int64', id: 1 } } },
    Tensor: {
      fields: {
        dtype: { type: 'int32', id: 1 },
        tensorShape: { type: 'TensorShape', id: 2 },
        tensorContent: { type: 'bytes', id: 4 },
      },
    },
    ConfigProto: {
      fields: {
        intraOpParallelismThreads: { type: 'int32', id: 2 },
        interOpParallelismThreads: { type: 'int32', id: 5 },
        gpuOptions: { type: 'GPUOptions', id: 6 },
        graphOptions: { type: 'GraphOptions', id: 10 },
      },
    },
    GPUOptions: { fields: { allowGrowth: { type: 'bool', id: 4 } } },
    GraphOptions: {
      fields: {
        optimizerOptions: { type: 'OptimizerOptions', id: 3 },
        rewriteOptions: { type: 'RewriterConfig', id: 10 },
      },
    },
    OptimizerOptions: { fields: { globalJitLevel: { type: 'int32', id: 5 } } },
    RewriterConfig: {
      fields: {
        layoutOptimizer: { type: 'int32', id: 1 },
        metaOptimizerIterations: { type: 'int32', id: 12 },
      },
    },
  },
});

/** `types.proto`. */
export const dataType = { float: 1, int32: 3, uint8: 4, int64: 9, bfloat16: 14, resource: 20 } as const;
export type DataType = keyof typeof dataType;

/** Values of a constant: of type float, int32 or int64. */
export type ConstantData = Float32Array | Int32Array | BigInt64Array;

/** -1 in a shape is a dimension known at run time. */
export type Shape = readonly number[];

/** The value of an attribute, by the field of `attr_value.proto` that holds it. */
export type Attribute = Readonly<Record<string, unknown>>;
export type Attributes = Readonly<Record<string, Attribute>>;

const shapeMessage = (shape: Shape) => ({ dim: shape.map((size) => ({ size })) });

/** Attribute values by kind. */
export const attribute = {
  type: (type: DataType): Attribute => ({ type: dataType[type] }),
  bool: (b: boolean): Attribute => ({ b }),
  int: (i: number): Attribute => ({ i }),
  float: (f: number): Attribute => ({ f }),
  string: (text: string): Attribute => ({ s: Buffer.from(text) }),
  ints: (i: readonly number[]): Attribute => ({ list: { i } }),
  shape: (shape: Shape): Attribute => ({ shape: shapeMessage(shape) }),
  tensor: (type: DataType, shape: Shape, data: ConstantData): Attribute => ({
    tensor: {
      dtype: dataType[type],
      tensorShape: shapeMessage(shape),
      tensorContent: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    },
  }),
};

export interface NodeMessage {
  readonly name: string;
  readonly op: string;
  readonly input: readonly string[];
  readonly attr: Attributes;
}

/** A serialised GraphDef. */
export function graphBytes(nodes: readonly NodeMessage[]): Uint8Array {
  const type = root.lookupType('GraphDef');
  // Producer 1395 is TensorFlow 2.13's graph version: without one, operations are read by rules of 2015.
  return type.encode({ node: nodes, versions: { producer: 1395 } } as never).finish();
}

export interface SessionOptions {
  /** Threads that one operation may take; by default one a core. */
  readonly intraOpThreads?: number;
  /** Operations that run side by side; by default one a core. */
  readonly interOpThreads?: number;
  /** TensorFlow's choice between NHWC and NCHW on a card, or NHWC, as our graphs are written. */
  readonly layout?: 'auto' | 'nhwc';
  /** Compiles clusters of operations by XLA. */
  readonly xla?: boolean;
}

/** A serialised ConfigProto. Memory on a card grows with use: TensorFlow would else take all of it. */
export function configBytes(options: SessionOptions): Uint8Array {
  const { intraOpThreads = 0, interOpThreads = 0, layout = 'auto', xla = false } = options;
  const message = {
    intraOpParallelismThreads: intraOpThreads,
    interOpParallelismThreads: interOpThreads,
    gpuOptions: { allowGrowth: true },
    graphOptions: {
      optimizerOptions: { globalJitLevel: xla ? 1 : 0 },
      rewriteOptions: { layoutOptimizer: layout === 'nhwc' ? 2 : 0, metaOptimizerIterations: 1 },
    },
  };
  return root
    .lookupType('ConfigProto')
    .encode(message as never)
    .finish();
}
