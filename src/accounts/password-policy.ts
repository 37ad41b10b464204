import { createRequire } from 'node:module';

const requireList = createRequire(import.meta.resolve('@zxcvbn-ts/language-common'));
let common: ReadonlySet<string> | undefined;
const PRODUCT_NAME = 'gatehouse';

/** Reads the list of common passwords on first use, in 30 ms once: it takes 4 MB. */
function isCommon(password: string): boolean {
  common ??= new Set<string>(requireList('./passwords.json.cjs'));
  return common.has(password);
}

/** Recognizes sequences such as `abcdefghij`, `87654321` or `123456789012`: too many for a list. */
function isSequence(text: string): boolean {
  const digits = /^\d+$/.test(text);
  const steps = Array.from(text.slice(1), (character, index) => {
    const step = character.charCodeAt(0) - text.charCodeAt(index);
    // 0 follows 9.
    return digits && Math.abs(step) === 9 ? -Math.sign(step) : step;
  });
  return Math.abs(steps[0] ?? 0) === 1 && steps.every((step) => step === steps[0]);
}

/** Returns why a password cannot be stored or hashed. Passwords are never changed (ASVS 6.2.8). */
export function passwordFormProblem(password: string): string | undefined {
  if (!password.isWellFormed() || password.includes('\0')) {
    return 'This password contains invalid characters.';
  }
  if (Array.from(password).length > 256 || Buffer.byteLength(password) > 1024) {
    return 'This password is too long. It must contain at most 256 characters.';
  }
  return undefined;
}

/**
 * Returns why a new password is rejected (ASVS 5.0 6.2.1, 6.2.4, 6.2.9, 6.2.11): its length in code
 * points, a common password, the address or the product's name. Has no composition rules (6.2.5).
 */
export function passwordProblem(password: string, address?: string): string | undefined {
  const form = passwordFormProblem(password);
  if (form) return form;
  if (password === '') return 'This field may not be blank.';
  if (Array.from(password).length < 8) {
    return 'This password is too short. It must contain at least 8 characters.';
  }
  const lower = password.toLowerCase();
  if (isCommon(lower) || lower === PRODUCT_NAME || isSequence(lower)) {
    return 'This password is too common.';
  }
  if (address && (lower === address || lower === address.split('@')[0])) {
    return 'This password is the e-mail address.';
  }
  return undefined;
}
