/** What a request may hold. The server refuses more with `invalid_request` and names the limit. */
export const limits = {
  questionCharacters: 4_000,
  historyEntries: 20,
  topK: 100,
  knowledgeBaseIds: 100,
  documentIds: 1_000,
  nameCharacters: 200,
  sourceUriCharacters: 2_048,
  metadataKeys: 50,
  metadataKeyCharacters: 100,
  metadataValueCharacters: 2_000,
  metadataListItems: 100,
  filterDepth: 8,
  filterValues: 2_000,
  pageItems: 500,
  denseTrust: 2,
  fingerprintCharacters: 4_000,
  preambleCharacters: 2_000,
  glossaryEntries: 500,
  termCharacters: 100,
  meaningCharacters: 500,
  synonyms: 10,
  tuneQuestions: 2_000,
  judgedPlaces: 50,
  feedbackCharacters: 20_000,
  jsonBodyBytes: 1024 * 1024,
} as const

/** Unique name of a knowledge base for URLs and the command line. */
export const slugPattern = /^[a-z0-9][a-z0-9-]{0,62}$/
