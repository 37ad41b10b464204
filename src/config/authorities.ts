import { certificates } from './setting-shapes.ts';

const authority = <const Variable extends string>(variable: Variable, about: string) => ({
  variable,
  about,
  must: 'the path of a readable PEM file with certificates, or the PEM text itself',
  shape: certificates,
});

/** Private certificate authorities of the stores and the mail server. */
export const authorities = {
  databaseCa: authority(
    'DATABASE_CA',
    'Private certificate authority of PostgreSQL: the path of a PEM file, or the PEM text. Enables TLS.',
  ),
  redisCa: authority(
    'REDIS_CA',
    'Private certificate authority of Redis (`rediss://`), in the same format as `DATABASE_CA`.',
  ),
  smtpCa: authority(
    'SMTP_CA',
    'Private certificate authority of the mail server, in the same format as `DATABASE_CA`.',
  ),
};
