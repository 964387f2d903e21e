/**
 * Where the compiled form of a module lies. Worker threads and child processes run JavaScript, also when the code
 * that starts them runs from its TypeScript source, as in tests (which build first).
 * @param module file name beside the caller, such as `onnx-worker.js`
 * @param importMetaUrl the caller's `import.meta.url`
 */
export function compiledUrl(module: string, importMetaUrl: string): URL {
  const beside = new URL(`./${module}`, importMetaUrl)
  const isSource = importMetaUrl.endsWith('.ts')
  return isSource ? new URL(beside.href.replace(/\/src\/(?!.*\/src\/)/, '/dist/')) : beside
}
