import { certificates } from './setting-shapes.ts';

const authority = <const Variable extends string>(variable: Variable, about: string) => ({
  variable,
  about,
  must: 'the path of a readable PEM file with certificates, or the PEM text itself',
  shape: certificates,
});

/** Certificate authorities that sign the certificates of the stores, where they are private. */
export const authorities = {
  databaseCa: authority(
    'DATABASE_CA',
    'Private certificate authority of PostgreSQL: the path of a PEM file, or its text. Turns TLS on.',
  ),
  redisCa: authority(
    'REDIS_CA',
    'Private certificate authority of Redis (`rediss://`); as `DATABASE_CA`.',
  ),
  smtpCa: authority(
    'SMTP_CA',
    'Private certificate authority of the mail server; as `DATABASE_CA`.',
  ),
};
