import type { Role } from '../../accounts/account.entity.ts';
import type { User } from '../../accounts/user.ts';
import { type AuditEventName, auditEvents } from '../../audit/event-types.ts';
import type { OtpChallenge } from '../../challenges/send-code.ts';
import { errorCodes } from '../../errors/auth-error.ts';
import { builder } from '../builder.ts';
import { parseDateTime } from '../date-time.ts';

builder.scalarType('DateTime', {
  description:
    'A date and time with its offset (RFC 3339), or a plain date, which means midnight in UTC. ' +
    'Answers are in UTC: `2026-11-22T10:38:44.710Z`.',
  serialize: (date) => date.toISOString(),
  parseValue: parseDateTime,
});

builder.scalarType('JSON', {
  description: 'Any JSON value.',
  serialize: (value) => value,
});

builder.enumType('ErrorCode', {
  description: 'Every value that `extensions.code` of an error can have.',
  values: Object.fromEntries(
    Object.entries(errorCodes).map(([code, description]) => [code, { description }]),
  ),
});

export const AuditEventNameType = builder.enumType('AuditEventName', {
  description: 'Every name that `event` of an audit event can have.',
  values: Object.fromEntries(
    Object.entries(auditEvents).map(([name, description]) => [name, { description }]),
  ) as Record<AuditEventName, { description: string }>,
});

const RoleType = builder.enumType('Role', {
  description: 'What an account may do beyond its own things.',
  values: {
    USER: { description: 'Sees and changes its own things.' },
    ADMIN: { description: 'Sees the audit log of everybody.' },
  } satisfies Record<Role, object>,
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

export const OtpChallengeType = builder.objectRef<OtpChallenge>('OtpChallenge').implement({
  description: 'A code has been mailed, if there is somebody to get it.',
  fields: (t) => ({
    detail: t.exposeString('detail', { description: 'A text for people.' }),
    expiresIn: t.exposeInt('expiresIn', { description: 'Life of the code, in seconds.' }),
    challengeId: t.exposeID('challengeId', {
      description:
        'Names this request among others of the address. Send it back with the code: a first sign-in then keeps the password, whichever network it comes from.',
    }),
  }),
});

export const Acknowledgement = builder.objectRef<{ detail: string }>('Acknowledgement').implement({
  description: 'The request was taken.',
  fields: (t) => ({ detail: t.exposeString('detail', { description: 'A text for people.' }) }),
});
