import { open } from 'node:fs/promises'
import type { RecognisedText } from '../../core/ports.js'
import { type DrawnPicture, mostFileBytes, tooLarge } from './drawn-picture.js'
import { drawImage } from './image-file.js'
import type { OcrPicture } from './ocr-messages.js'
import { type OcrNetworks, openOcrNetworks } from './ocr-networks.js'
import { pdfPages } from './pdf-page-picture.js'
import { recognisePicture } from './recognise-picture.js'

export interface PictureReader {
  /** @throws InkstoneError `file_corrupt`, `ocr_failed` */
  read(picture: OcrPicture): Promise<RecognisedText['blocks']>
  close(): Promise<void>
}

/** Where the signature of a PDF may begin. */
const headBytes = 1024

/** Reads pictures in this process. The networks are loaded for the first one. */
export function pictureReader({ threads }: { threads: number }): PictureReader {
  const pages = pdfPages()
  let loading: Promise<OcrNetworks> | null = null
  const load = () => {
    loading ??= openOcrNetworks({ threads })
    return loading
  }
  const draw = async ({ path, page, passwords }: OcrPicture): Promise<DrawnPicture> => {
    const { sizeBytes, isPdf } = await inspect(path)
    if (sizeBytes > mostFileBytes) throw tooLarge('the file')
    // A page of a TIFF or a frame of an animation is numbered as pages are, from 1.
    return isPdf ? pages.draw({ path, passwords }, page ?? 1) : drawImage(path, { frame: (page ?? 1) - 1 })
  }
  return {
    read: async (picture) => recognisePicture(await draw(picture), { networks: await load() }),
    async close() {
      await pages.close()
      await (await loading)?.close()
    },
  }
}

async function inspect(path: string): Promise<{ sizeBytes: number; isPdf: boolean }> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0)
    return { sizeBytes: size, isPdf: buffer.subarray(0, bytesRead).includes('%PDF-') }
  } finally {
    await file.close()
  }
}
