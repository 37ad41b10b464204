/** Cures for file-system errors, by error code. */
const CURES: Readonly<Record<string, string>> = {
  EACCES: 'start as the user that owns it, or remove it',
  EPERM: 'start as the user that owns it, or remove it',
  ENOSPC: 'the disk is full, free some space',
  EDQUOT: 'your disk quota is exceeded, free some space',
  EROFS: 'the file system is read-only, start in a writable directory',
};

/** Formats an error as one line, with a cure where one is known. */
export function formatError(error: unknown): string {
  const { code = '', path, message } = error as NodeJS.ErrnoException;
  const cure = CURES[code];
  const subject = path ? `${path} cannot be written (${code})` : message;
  const line = cure ? `${subject}: ${cure}` : String(message ?? error);
  return line.replace(/\s*\n\s*/g, ' ').trim();
}
