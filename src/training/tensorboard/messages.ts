/**
 * The part of TensorFlow's `event.proto` and `summary.proto` that event files of scalars and texts need, for
 * protobufjs: the classes that @tensorflow/tfjs-node-gpu ships have no events, and it is optional.
 */
import protobuf from 'protobufjs/light.js';

const repeated = { rule: 'repeated' } as const;

const root = protobuf.Root.fromJSON({
  nested: {
    Event: {
      fields: {
        wallTime: { type: 'double', id: 1 },
        step: { type: 'int64', id: 2 },
        fileVersion: { type: 'string', id: 3 },
        summary: { type: 'Summary', id: 5 },
        sessionLog: { type: 'SessionLog', id: 7 },
      },
    },
    SessionLog: { fields: { status: { type: 'int32', id: 1 } } },
    Summary: { fields: { value: { ...repeated, type: 'Value', id: 1 } } },
    Value: {
      fields: {
        tag: { type: 'string', id: 1 },
        simpleValue: { type: 'float', id: 2 },
        tensor: { type: 'Tensor', id: 8 },
        metadata: { type: 'Metadata', id: 9 },
      },
    },
    Tensor: {
      fields: {
        dtype: { type: 'int32', id: 1 },
        shape: { type: 'Shape', id: 2 },
        stringVal: { ...repeated, type: 'bytes', id: 8 },
      },
    },
    Shape: { fields: { dim: { ...repeated, type: 'Dim', id: 2 } } },
    Dim: { fields: { size: { type: 'int64', id: 1 } } },
    Metadata: {
      fields: { pluginData: { type: 'PluginData', id: 1 }, dataClass: { type: 'int32', id: 4 } },
    },
    PluginData: { fields: { pluginName: { type: 'string', id: 1 } } },
  },
});

const event = root.lookupType('Event');

export interface Value {
  readonly tag: string;
  readonly simpleValue?: number;
  readonly tensor?: object;
  readonly metadata?: object;
}

export interface Event {
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly step?: number;
  readonly fileVersion?: string;
  readonly summary?: { readonly value: readonly Value[] };
  readonly sessionLog?: { readonly status: number };
}

export const encodeEvent = (fields: Event): Uint8Array => event.encode(event.create(fields)).finish();

/** Numbers as numbers; what a message lacks is absent. */
export const decodeEvent = (bytes: Uint8Array): Event =>
  event.toObject(event.decode(bytes), { longs: Number }) as Event;

/** `SessionLog.START`: a reader forgets events of this step and later that an earlier file holds. */
export const sessionStart = 1;

/** Markdown, for TensorBoard's tab of texts. */
export const textValue = (tag: string, text: string): Value => ({
  tag,
  tensor: { dtype: 7, shape: { dim: [{ size: 1 }] }, stringVal: [Buffer.from(text)] }, // DT_STRING
  metadata: { pluginData: { pluginName: 'text' }, dataClass: 2 }, // DATA_CLASS_TENSOR
});
