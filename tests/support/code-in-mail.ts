/** Returns the code of a mail. It stands alone on its line. */
export const codeIn = (raw: string | undefined): string | undefined =>
  /^ {4}(\d{6})\r?$/m.exec(raw ?? '')?.[1];
