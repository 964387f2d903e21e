import type { ChatModel } from '../../core/ports.js'

/** The same model with another way of asking it. */
export function layer(model: ChatModel, stream: ChatModel['stream']): ChatModel {
  return {
    get modelId() {
      return model.modelId
    },
    stream,
    close: async () => model.close?.(),
  }
}
