/** Returns the code of a mail. It stands alone on its line. */
export const codeIn = (raw: string | undefined): string | undefined =>
  /^ {4}(\d{6})\r?$/m.exec(raw ?? '')?.[1];

/** Joins the lines that quoted-printable has broken. */
export const unfold = (raw: string) => raw.replaceAll(/=\r?\n/g, '');

/** Returns the undo secret of a mail, if it has one. */
export const undoSecretIn = (raw: string): string | undefined =>
  /\/(?:email-change|factors)\/undo#([\w-]{43})/.exec(unfold(raw))?.[1];

/** Returns the addresses in headers and text of a mail. */
export const addressesIn = (raw: string): readonly string[] =>
  unfold(raw).match(/[\w-]+@example\.\w+/g) ?? [];
