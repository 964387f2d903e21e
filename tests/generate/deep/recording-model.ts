import type { ChatMessage, ChatModel } from '../../../src/core/ports.js'

/** The same model, with what it was asked. */
export function recordingModel(model: ChatModel): ChatModel & { seen: (readonly ChatMessage[])[] } {
  const seen: (readonly ChatMessage[])[] = []
  return {
    modelId: model.modelId,
    seen,
    stream(messages, options) {
      seen.push(messages)
      return model.stream(messages, options)
    },
  }
}
