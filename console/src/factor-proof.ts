/** Returns a code of an authenticator app, or else a recovery code, which is longer. */
export const proofOf = (text: string) =>
  text.replaceAll(/[\s-]/g, '').length > 6 ? { recoveryCode: text } : { totp: text };

export const FACTOR_HINT = 'Six digits of your authenticator app, or a recovery code';
