import { defineEntity, p } from '@mikro-orm/core';

export const roles = ['USER', 'ADMIN'] as const;
export type Role = (typeof roles)[number];

/** SQL that finds hashes whose parameters are not the current ones. An index has the same condition. */
export const isOtherHash = String.raw`password_hash !~ '^\$argon2id\$v=19\$m=19456,(t=2,p=1|p=1,t=2)\$'`;

export const userStatuses = ['ACTIVE', 'UNVERIFIED', 'DISABLED'] as const;
export type UserStatus = (typeof userStatuses)[number];

/** SQL: the status of the account `a`. The indexes of the list contain the same expression. */
export const statusColumn = `(case when a.disabled_at is not null then 'DISABLED'
  when a.email_verified_at is null then 'UNVERIFIED' else 'ACTIVE' end)`;

/** An index for one order of the list of users, per role and status. */
const listIndex = (name: string, columns: string) => ({
  name,
  expression: `create index "${name}" on "accounts" (role, ${statusColumn.replaceAll('a.', '')}, ${columns})`,
});

const AccountSchema = defineEntity({
  name: 'Account',
  tableName: 'accounts',
  properties: {
    id: p.uuid().primary(),
    /** Canonical: ASCII, lower case, without surrounding spaces. */
    email: p.string().length(254).unique(),
    /** When the address was verified. Until then a newer `register` replaces the password. */
    emailVerifiedAt: p.datetime().nullable(),
    passwordHash: p.text().nullable().hidden().lazy(),
    firstName: p.string().length(150).nullable(),
    lastName: p.string().length(150).nullable(),
    role: p.enum(roles).default('USER'),
    /** Raised to end all active codes: challenges of earlier generations are rejected. */
    challengeGeneration: p.integer().fieldName('challenge_epoch').default(0),
    createdAt: p.datetime(),
    lastLoginAt: p.datetime().nullable(),
    /** Language of mails if the request names none: a tag such as `de-CH`, of the first sign-in. */
    locale: p.string().length(35).nullable(),
    /** When it got its first second factor. Set if and only if it has one. */
    factorsSince: p.datetime().nullable(),
    /** A disabled account is treated like an unknown address, and its sessions have ended. */
    disabledAt: p.datetime().nullable(),
    /** Written by administrators only. At most 4 kB. */
    metadata: p.json<Readonly<Record<string, unknown>>>().defaultRaw("'{}'").lazy(),
    /** Created by an administrator or an import: `register` never replaces it, no job deletes it. */
    provisioned: p.boolean().default(false),
    /** Names the account to authenticators: 64 random bytes in base64url, from the first passkey on. */
    webauthnUserHandle: p.string().length(86).nullable().hidden(),
  },
  indexes: [
    listIndex('accounts_list', 'created_at, id'),
    listIndex('accounts_search', 'email collate "C", created_at'),
    {
      name: 'accounts_unproven',
      expression:
        'create index "accounts_unproven" on "accounts" (created_at) where email_verified_at is null',
    },
    {
      name: 'accounts_other_hashes',
      expression: `create index "accounts_other_hashes" on "accounts" (password_hash collate "C") where ${isOtherHash}`,
    },
  ],
});

/** One user, identified by a canonical e-mail address. */
export class Account extends AccountSchema.class {}
AccountSchema.setClass(Account);
