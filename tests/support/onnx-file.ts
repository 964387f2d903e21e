/** Field numbers and types of the parts of an ONNX file that are needed here: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
const floatType = 1
const int64Type = 7
const intAttribute = 2
const intsAttribute = 7

export interface OnnxNode {
  operator: string
  inputs: string[]
  output: string
  attributes?: Record<string, number | number[]>
}

export interface OnnxConstant {
  name: string
  dimensions: number[]
  values: number[]
}

/** The bytes of an ONNX model whose inputs are batches of token sequences and whose output is floats, `[batch, labels]`. */
export function onnxFile(graph: {
  inputs: string[]
  output: string
  constants: OnnxConstant[]
  nodes: OnnxNode[]
}): Buffer {
  const body = Buffer.concat([
    ...graph.nodes.map((node) => bytes(1, nodeBytes(node))),
    text(2, 'graph'),
    ...graph.constants.map((constant) => bytes(5, tensorBytes(constant))),
    ...graph.inputs.map((name) => bytes(11, valueBytes(name, int64Type, ['batch', 'sequence']))),
    bytes(12, valueBytes(graph.output, floatType, ['batch', 'labels'])),
  ])
  const operatorSet = integer(2, 11)
  return Buffer.concat([integer(1, 6), bytes(7, body), bytes(8, operatorSet)])
}

function nodeBytes({ operator, inputs, output, attributes = {} }: OnnxNode): Buffer {
  return Buffer.concat([
    ...inputs.map((name) => text(1, name)),
    text(2, output),
    text(4, operator),
    ...Object.entries(attributes).map(([name, value]) => bytes(5, attributeBytes(name, value))),
  ])
}

function attributeBytes(name: string, value: number | number[]): Buffer {
  const written =
    typeof value === 'number'
      ? [integer(3, value), integer(20, intAttribute)]
      : [...value.map((each) => integer(8, each)), integer(20, intsAttribute)]
  return Buffer.concat([text(1, name), ...written])
}

function tensorBytes({ name, dimensions, values }: OnnxConstant): Buffer {
  const raw = Buffer.from(Float32Array.from(values).buffer)
  return Buffer.concat([
    ...dimensions.map((size) => integer(1, size)),
    integer(2, floatType),
    text(8, name),
    bytes(9, raw),
  ])
}

function valueBytes(name: string, type: number, shape: string[]): Buffer {
  const dimensions = shape.map((size) => bytes(1, text(2, size)))
  const tensorType = Buffer.concat([integer(1, type), bytes(2, Buffer.concat(dimensions))])
  return Buffer.concat([text(1, name), bytes(2, bytes(1, tensorType))])
}

/** A field whose value is a number of its own length, as Protocol Buffers have it. */
function integer(field: number, value: number): Buffer {
  return Buffer.concat([variable(field << 3), variable(value)])
}

function bytes(field: number, content: Buffer): Buffer {
  return Buffer.concat([variable((field << 3) | 2), variable(content.length), content])
}

function text(field: number, content: string): Buffer {
  return bytes(field, Buffer.from(content))
}

function variable(value: number): Buffer {
  const septets: number[] = []
  let rest = value
  do {
    septets.push((rest % 128) | (rest >= 128 ? 128 : 0))
    rest = Math.floor(rest / 128)
  } while (rest > 0)
  return Buffer.from(septets)
}
