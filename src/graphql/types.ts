import { roles } from '../accounts/account.entity.ts';
import type { User } from '../accounts/user.ts';
import { errorCodes } from '../errors.ts';
import { builder } from './builder.ts';

builder.scalarType('DateTime', {
  description: 'A moment in UTC, RFC 3339 with milliseconds: `2026-11-22T10:38:44.710Z`.',
  serialize: (date) => date.toISOString(),
  parseValue(value) {
    const date = new Date(typeof value === 'string' ? value : Number.NaN);
    if (Number.isNaN(date.getTime())) throw new TypeError('A DateTime is a text by RFC 3339');
    return date;
  },
});

builder.enumType('ErrorCode', {
  description: 'Every value that `extensions.code` of an error can have.',
  values: Object.fromEntries(
    Object.entries(errorCodes).map(([code, description]) => [code, { description }]),
  ),
});

const roleMeaning = {
  USER: 'Sees and changes its own things.',
  ADMIN: 'Sees the audit log of everybody.',
} satisfies Record<(typeof roles)[number], string>;

export const RoleType = builder.enumType('Role', {
  description: 'What an account may do beyond its own things.',
  values: Object.fromEntries(
    roles.map((role) => [role, { description: roleMeaning[role] }]),
  ) as Record<(typeof roles)[number], { description: string }>,
});

export const UserType = builder.objectRef<User>('User').implement({
  description: 'An account, as its owner sees it.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Never changes.' }),
    email: t.exposeString('email', { description: 'The canonical address.' }),
    emailVerified: t.exposeBoolean('emailVerified', {
      description: 'Whether the owner has shown that the mailbox is theirs.',
    }),
    hasPassword: t.exposeBoolean('hasPassword', {
      description: 'Whether the account can sign in with a password.',
    }),
    firstName: t.exposeString('firstName', { nullable: true, description: 'First name.' }),
    lastName: t.exposeString('lastName', { nullable: true, description: 'Last name.' }),
    role: t.expose('role', { type: RoleType, description: 'What the account may do.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    lastLoginAt: t.expose('lastLoginAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When a session was last opened.',
    }),
  }),
});

export const Acknowledgement = builder.objectRef<{ detail: string }>('Acknowledgement').implement({
  description: 'The request was taken.',
  fields: (t) => ({ detail: t.exposeString('detail', { description: 'A text for people.' }) }),
});
