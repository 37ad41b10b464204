/** Milliseconds. Short enough for codes to expire while a run lasts. */
export const CODE_LIFETIME = 100_000;

/** Two processes a server, and limits that allow the load, which requests more codes than a person. */
export const suiteSettings = {
  WEB_CONCURRENCY: '2',
  OTP_TTL: String(CODE_LIFETIME / 1000),
  LIMIT_MAILED_CODES: '1000/600',
  LIMIT_MAILED_CODES_DAY: '1000/86400',
  LIMIT_MAILBOX: '1000/600',
  LIMIT_MAILBOX_DAY: '1000/86400',
  LIMIT_CODE_REQUESTS: '1000/3600',
  WEBHOOK_ALLOW_PRIVATE: 'true',
  TRUSTED_DEVICE_DAYS: '30',
};
