/** Errors of the file system that a person can do something about, and what that is. */
const CURES: Readonly<Record<string, string>> = {
  EACCES: 'start as the user it belongs to, or remove it',
  EPERM: 'start as the user it belongs to, or remove it',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is full',
  EROFS: 'the disk can only be read',
};

/** Any error as one line for the person at the terminal; one of the file system with what helps. */
export function explain(error: unknown): string {
  const { code = '', path, message } = error as NodeJS.ErrnoException;
  const cure = CURES[code];
  const subject = path ? `${path} cannot be written (${code})` : message;
  const line = cure ? `${subject}: ${cure}` : String(message ?? error);
  return line.replace(/\s*\n\s*/g, ' ').trim();
}
