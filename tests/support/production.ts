/** Settings with which an app under test runs as in production. */
export const production = {
  NODE_ENV: 'production',
  SECRET_KEY: 'Zk5y3nVQ2oXwE7dHcUaLfs9GpKiM4rBhYTnR8bq1mJ0',
  MAIL_FROM: 'Gatehouse <no-reply@example.com>',
  PUBLIC_URL: 'https://auth.example.com',
  REDIS_EVICTION: 'allow',
  WEB_CONCURRENCY: '1',
};
