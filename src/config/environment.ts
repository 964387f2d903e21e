/** The environment of this process, for the parts that read other programs' variables, such as npm's. */
export function processEnvironment(): Record<string, string | undefined> {
  return process.env
}
