import type { MailOrder } from '../ports/mail-order.ts';
import { carriesCode, carriesNewEmail, carriesUndo, type MailKind } from './mail-kinds.ts';

const SECRET = '3q2-7wqJ0Zr8Kc5lXn1VtB4sYdGhUeMiOpAfRjNk6Wx';
const HOUR = 3_600_000;
const pageOf = (kind: MailKind) => (carriesNewEmail(kind) ? 'email-change/undo' : 'factors/undo');

/** Returns an example of a kind of mail, for previews. */
export function sampleOf(
  kind: MailKind,
  brand: { readonly publicUrl: string; readonly otpTtl: number },
): MailOrder {
  const at = new Date('2026-11-28T09:41:00Z');
  const content = {
    about: kind,
    ...(carriesCode(kind) && {
      code: '123456',
      challengeId: '',
      expiresAt: new Date(at.getTime() + brand.otpTtl * 1000),
    }),
    ...(carriesNewEmail(kind) && { newEmail: 'ada.lovelace@example.org' }),
    ...(carriesUndo(kind) && { undoUrl: `${brand.publicUrl}/${pageOf(kind)}#${SECRET}` }),
    ...(kind === 'FACTOR_RESET_REQUESTED' && { dueAt: new Date(at.getTime() + 72 * HOUR) }),
  };
  const userAgent = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Gecko Firefox/146.0';
  const asked = { at, ip: '203.0.113.7', userAgent };
  return { ...content, to: 'ada@example.com', asked } as MailOrder;
}
