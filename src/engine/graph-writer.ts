/**
 * Writes a TensorFlow graph, node by node, and keeps a tape: each differentiable operation records how a
 * gradient of its output becomes gradients of its inputs, and `gradients` plays that backwards.
 */
import type { Tensors } from '../models/parameters.ts';
import {
  type Attributes,
  attribute,
  type ConstantData,
  type DataType,
  graphBytes,
  type NodeMessage,
  type Shape,
} from './proto.ts';

/** An output of a node: `name` is output 0, `name:1` output 1. */
export type Node = string;

/** The types of activations. */
export type FloatType = 'float' | 'bfloat16';

/** From the gradient of an output to those of its inputs and parameters. */
type Backward = (dy: Node) => [of: Node, gradient: Node][];

export interface Variable {
  readonly name: string;
  readonly shape: Shape;
  readonly handle: Node;
  /** The node that reads its value. */
  readonly value: Node;
  /** Placeholder and assignment that set it from outside. */
  readonly input: string;
  readonly assign: Node;
}

const float = attribute.type('float');

export class GraphWriter {
  readonly variables = new Map<string, Variable>();
  /** Nodes that a training step must run beside the loss: statistics and updates. */
  readonly updates: Node[] = [];
  readonly #nodes: NodeMessage[] = [];
  readonly #tape: { output: Node; backward: Backward }[] = [];
  readonly #bfloat16 = new Set<Node>();

  /** Adds a node. Default name: the operation and a number. */
  node(op: string, inputs: readonly Node[], attributes: Attributes = {}, name?: string): Node {
    const called = name ?? `${op}_${this.#nodes.length}`;
    this.#nodes.push({ name: called, op, input: inputs, attr: attributes });
    return called;
  }

  /** A node whose output has the type of its first input: float32, or bfloat16 behind a `cast`. */
  op(op: string, inputs: readonly Node[], attributes: Attributes = {}, name?: string): Node {
    return this.like(inputs[0]!, op, inputs, attributes, name);
  }

  /** A node whose output has the type of `x`. */
  like(x: Node, op: string, inputs: readonly Node[], attributes: Attributes = {}, name?: string): Node {
    const type = this.typeOf(x);
    return this.#typed(this.node(op, inputs, { T: attribute.type(type), ...attributes }, name), type);
  }

  /** float32 unless `cast` or `op` made it bfloat16; the statistics of a batch norm, its outputs 1 and on, are float32. */
  typeOf = (x: Node): FloatType => (this.#bfloat16.has(x) ? 'bfloat16' : 'float');

  /** x as another type; its gradient is cast back. */
  cast(x: Node, type: FloatType): Node {
    const from = this.typeOf(x);
    return from === type
      ? x
      : this.record(this.#converted(x, type), (dy) => [[x, this.#converted(dy, from)]]);
  }

  #converted(x: Node, type: FloatType): Node {
    if (this.typeOf(x) === type) return x;
    const types = { SrcT: attribute.type(this.typeOf(x)), DstT: attribute.type(type) };
    return this.#typed(this.node('Cast', [x], types), type);
  }

  #typed(x: Node, type: FloatType): Node {
    if (type === 'bfloat16') this.#bfloat16.add(x);
    return x;
  }

  placeholder(name: string, shape: Shape, type: DataType = 'float'): Node {
    return this.node('Placeholder', [], { dtype: attribute.type(type), shape: attribute.shape(shape) }, name);
  }

  /** A constant of the type that its array says; a plain number is a float32 scalar. */
  constant(value: number | ConstantData, shape?: Shape): Node {
    const data = typeof value === 'number' ? Float32Array.of(value) : value;
    const type = typeOf(data);
    const of = shape ?? (typeof value === 'number' ? [] : [data.length]);
    return this.node('Const', [], {
      dtype: attribute.type(type),
      value: attribute.tensor(type, of, data),
    });
  }

  ints = (...values: number[]): Node => this.constant(Int32Array.from(values));

  /** The run-time shape of a node, int32. */
  shapeOf = (x: Node): Node =>
    this.node('Shape', [x], { T: attribute.type(this.typeOf(x)), out_type: attribute.type('int32') });

  /** A float32 variable. The same name gives the same variable. */
  variable(name: string, shape: Shape): Variable {
    const known = this.variables.get(name);
    if (known) return known;
    const id = `v${this.variables.size}`;
    const dtype = { dtype: float };
    const handle = this.node(
      'VarHandleOp',
      [],
      {
        ...dtype,
        shape: attribute.shape(shape),
        shared_name: attribute.string(id),
        container: attribute.string(''),
      },
      id,
    );
    const input = this.placeholder(`${id}_in`, shape);
    const variable = {
      name,
      shape,
      handle,
      value: this.node('ReadVariableOp', [handle], dtype, `${id}_value`),
      input,
      assign: this.node('AssignVariableOp', [handle, input], dtype, `${id}_assign`),
    };
    this.variables.set(name, variable);
    return variable;
  }

  assign(variable: Variable, value: Node): Node {
    return this.node('AssignVariableOp', [variable.handle, value], { dtype: float });
  }

  /** Records an operation's gradient; operations are recorded in the order they run. */
  record(output: Node, backward: Backward): Node {
    this.#tape.push({ output, backward });
    return output;
  }

  /** Writes the backward pass from `dy`, the gradient of `output`; the result maps nodes to their gradients. */
  gradients(output: Node, dy: Node): Map<Node, Node> {
    const total = new Map<Node, Node>([[output, dy]]);
    for (const { output: at, backward } of this.#tape.toReversed()) {
      const reached = total.get(at);
      if (reached === undefined) continue;
      for (const [of, part] of backward(reached)) {
        const before = total.get(of);
        total.set(of, before === undefined ? part : this.op('AddV2', [before, part]));
      }
    }
    return total;
  }

  /** A node that yields `value` after all of `first` have run. */
  after(first: readonly Node[], value: Node, name: string): Node {
    return this.op('Identity', [value, ...first.map((node) => `^${node}`)], {}, name);
  }

  /** One node, `initialise`, that sets every variable from its placeholder. */
  writeInitialise(): void {
    const assigns = [...this.variables.values()].map((variable) => variable.assign);
    this.after(assigns, this.constant(0), 'initialise');
  }

  /** The graph as a serialised GraphDef. */
  bytes = (): Uint8Array => graphBytes(this.#nodes);
}

function typeOf(data: ConstantData): DataType {
  if (data instanceof Float32Array) return 'float';
  return data instanceof Int32Array ? 'int32' : 'int64';
}

/** @param shape -1: a dimension known at run time */
export const reshape = (g: GraphWriter, x: Node, shape: Shape): Node =>
  g.op('Reshape', [x, g.ints(...shape)], { Tshape: attribute.type('int32') });

/** Weights as constants, for graphs that only predict. */
export const constantOf = (g: GraphWriter, tensors: Tensors, name: string): Node => {
  const { data, shape } = tensors.get(name)!;
  return g.constant(data, shape);
};
