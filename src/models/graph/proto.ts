/** TensorFlow's GraphDef through the generated protobuf classes that @tensorflow/tfjs-node-gpu ships. */
import { createRequire } from 'node:module';

/** A generated message: setters and adders by protobuf's names. */
// biome-ignore lint/suspicious/noExplicitAny: the generated classes come without types
type Message = any;

const require = createRequire(import.meta.url);

/** Loaded on first use: where this optional package is missing, the fallback engines must still run. */
const messages = (): Message => require('@tensorflow/tfjs-node-gpu/dist/proto/api_pb.js');

/** `types.proto`; the generated enum lacks DT_RESOURCE. */
export const dataType = { float: 1, int32: 3, resource: 20 } as const;
export type DataType = keyof typeof dataType;

/** -1 in a shape is a dimension known at run time. */
export type Shape = readonly number[];

/** The value of an attribute, made when its node is written. */
type Attribute = () => Message;
export type Attributes = Readonly<Record<string, Attribute>>;

const make = (name: string, fields: Record<string, unknown>): Message => {
  const message = new (messages()[name])();
  for (const [field, value] of Object.entries(fields)) message[`set${field}`](value);
  return message;
};

const shapeMessage = (shape: Shape): Message => {
  const message = new (messages().TensorShape)();
  for (const size of shape) {
    const dim = new (messages().TensorShape.Dim)();
    dim.setSize(size);
    message.addDim(dim);
  }
  return message;
};

const list = (field: string, values: unknown): Message => {
  const message = new (messages().AttrValue.ListValue)();
  message[`set${field}`](values);
  return make('AttrValue', { List: message });
};

type Makers = Record<string, (...given: never[]) => Message>;
type Deferred<M extends Makers> = { [Kind in keyof M]: (...given: Parameters<M[Kind]>) => Attribute };

/** Puts the making off: operations make attributes as their modules load, on the fallback engines too. */
const deferred = <M extends Makers>(makers: M): Deferred<M> =>
  Object.fromEntries(
    Object.entries(makers).map(([kind, make]) => [
      kind,
      (...given: never[]) =>
        () =>
          make(...given),
    ]),
  ) as never;

/** Attribute values by kind, as `attr_value.proto` names them. */
export const attribute = deferred({
  type: (type: DataType): Message => make('AttrValue', { Type: dataType[type] }),
  bool: (value: boolean): Message => make('AttrValue', { B: value }),
  int: (value: number): Message => make('AttrValue', { I: value }),
  float: (value: number): Message => make('AttrValue', { F: value }),
  string: (value: string): Message => make('AttrValue', { S: Buffer.from(value).toString('base64') }),
  ints: (values: readonly number[]): Message => list('IList', values),
  shape: (shape: Shape): Message => make('AttrValue', { Shape: shapeMessage(shape) }),
  tensor: (type: DataType, shape: Shape, data: Float32Array | Int32Array): Message =>
    make('AttrValue', {
      Tensor: make('Tensor', {
        Dtype: dataType[type],
        TensorShape: shapeMessage(shape),
        TensorContent: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
      }),
    }),
});

export function nodeMessage(
  name: string,
  op: string,
  inputs: readonly string[],
  attributes: Attributes,
): Message {
  const node = make('NodeDef', { Name: name, Op: op, InputList: inputs });
  for (const [key, value] of Object.entries(attributes)) node.getAttrMap().set(key, value());
  return node;
}

/** The bytes of a `saved_model.pb` with one graph, tagged `serve`. */
export function savedModelBytes(nodes: readonly Message[]): Uint8Array {
  // Producer 1395 is TensorFlow 2.13's graph version: without one, ops are read by rules of 2015.
  const graph = make('GraphDef', { NodeList: nodes, Versions: make('VersionDef', { Producer: 1395 }) });
  const info = new (messages().MetaGraphDef.MetaInfoDef)();
  info.addTags('serve');
  info.setTensorflowVersion('2.13.1');
  const meta = make('MetaGraphDef', { MetaInfoDef: info, GraphDef: graph });
  return make('SavedModel', { SavedModelSchemaVersion: 1, MetaGraphsList: [meta] }).serializeBinary();
}
