/** The first match counts: most browsers also claim to be others. */
const browsers = [
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/OPR\/|Opera/, 'Opera'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrome\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
] as const;

const systems = [
  [/Windows/, 'Windows'],
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
] as const;

/**
 * Names browser and system in fixed words: a client may send any text as its `User-Agent`.
 * @param words name of a device that is not a browser, and the word between browser and system
 */
export function deviceOf(userAgent: string, { app, on } = { app: 'an app', on: 'on' }): string {
  const browser = browsers.find(([pattern]) => pattern.test(userAgent))?.[1];
  const system = systems.find(([pattern]) => pattern.test(userAgent))?.[1];
  return [browser ?? app, ...(system ? [system] : [])].join(` ${on} `);
}
