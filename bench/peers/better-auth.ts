import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import { emailOTP } from 'better-auth/plugins';
import pg from 'pg';
import { announce } from './announce.ts';

/** The newest code of each address. The mail itself is left out, which favours Better Auth. */
const codes = new Map<string, string>();

/** Better Auth with its defaults: scrypt, sessions in PostgreSQL, no cookie cache. */
const auth = betterAuth({
  baseURL: 'http://auth.example.com',
  secret: randomBytes(32).toString('hex'),
  database: new pg.Pool({ connectionString: process.env.DATABASE_URL ?? '' }),
  emailAndPassword: { enabled: true },
  plugins: [
    emailOTP({
      async sendVerificationOTP({ email, otp }) {
        codes.set(email, otp);
      },
    }),
  ],
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
});

const { runMigrations } = await getMigrations(auth.options);
await runMigrations();

process.on('message', (emails: readonly string[]) => {
  process.send?.(emails.map((email) => codes.get(email)));
});
const handle = toNodeHandler(auth);
const server = createServer((request, response) => void handle(request, response));
announce(server.listen(0, '127.0.0.1'));
