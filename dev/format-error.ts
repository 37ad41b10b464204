/** Cures of errors of the file system. */
const CURES: Readonly<Record<string, string>> = {
  EACCES: 'start as the user that owns it, or remove it',
  EPERM: 'start as the user that owns it, or remove it',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your disk quota is used up',
  EROFS: 'the file system is read-only',
};

/** Formats an error as one line, with a cure where one is known. */
export function formatError(error: unknown): string {
  const { code = '', path, message } = error as NodeJS.ErrnoException;
  const cure = CURES[code];
  const subject = path ? `${path} cannot be written (${code})` : message;
  const line = cure ? `${subject}: ${cure}` : String(message ?? error);
  return line.replace(/\s*\n\s*/g, ' ').trim();
}
