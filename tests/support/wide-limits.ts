/** Limit that no test reaches. */
export const many = '100000/60';

/** Settings for many mailed codes: of one client, and to one address. */
export const manyCodes = {
  LIMIT_CODE_REQUESTS: many,
  LIMIT_MAILED_CODES: many,
  LIMIT_MAILED_CODES_DAY: many,
  LIMIT_MAILBOX: many,
  LIMIT_MAILBOX_DAY: many,
};
