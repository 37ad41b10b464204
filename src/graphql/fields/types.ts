import type { Role, UserStatus } from '../../accounts/account.entity.ts';
import type { User } from '../../accounts/user.ts';
import { auditEvents } from '../../audit/event-types.ts';
import type { OtpChallenge } from '../../challenges/send-code.ts';
import { errorCodes } from '../../errors/auth-error.ts';
import { builder } from '../builder.ts';
import { parseDateTime } from '../date-time.ts';

builder.scalarType('DateTime', {
  description:
    'A date and time with UTC offset (RFC 3339). Inputs may also be a date, which means midnight UTC. Responses are in UTC: `2026-11-22T10:38:44.710Z`.',
  serialize: (date) => date.toISOString(),
  parseValue: parseDateTime,
});

builder.scalarType('JSON', { description: 'Any JSON value.', serialize: (value) => value });

/** Makes the values of an enum from their descriptions. */
export const valuesOf = <Name extends string>(descriptions: Readonly<Record<Name, string>>) =>
  Object.fromEntries(
    Object.entries<string>(descriptions).map(([name, description]) => [name, { description }]),
  ) as Record<Name, { description: string }>;

builder.enumType('ErrorCode', {
  description: 'Every value of `extensions.code` in an error.',
  values: valuesOf(errorCodes),
});

export const AuditEventNameType = builder.enumType('AuditEventName', {
  description: 'Every value of `event` in an audit event.',
  values: valuesOf(auditEvents),
});

export const RoleType = builder.enumType('Role', {
  description: 'Permissions of an account.',
  values: valuesOf<Role>({
    USER: 'Can read and change its own account and sessions.',
    ADMIN: 'Can also manage all users and read their audit log.',
  }),
});

export const UserStatusType = builder.enumType('UserStatus', {
  description: 'Whether a user can sign in.',
  values: valuesOf<UserStatus>({
    ACTIVE: 'Can sign in.',
    UNVERIFIED: 'The first redeemed code will verify the address.',
    DISABLED: 'Cannot sign in. An administrator disabled the user.',
  }),
});

export type ObjectFieldBuilder<Shape> = PothosSchemaTypes.ObjectFieldBuilder<
  typeof builder.$inferSchemaTypes,
  Shape
>;

/** Fields of a user, as the user and administrators see them. */
export const userFields = (t: ObjectFieldBuilder<User>) => ({
  id: t.exposeID('id', {
    description: 'Permanent account ID: the `sub` claim of access tokens.',
  }),
  email: t.exposeString('email', { description: 'E-mail address, in lower case.' }),
  emailVerified: t.exposeBoolean('emailVerified', {
    description: 'Whether the e-mail address was verified.',
  }),
  hasPassword: t.exposeBoolean('hasPassword', {
    description: 'Whether the account can sign in with a password.',
  }),
  firstName: t.exposeString('firstName', { nullable: true, description: 'First name.' }),
  lastName: t.exposeString('lastName', { nullable: true, description: 'Last name.' }),
  role: t.expose('role', { type: RoleType, description: 'Permissions of the account.' }),
  createdAt: t.expose('createdAt', { type: 'DateTime', description: 'Time of creation.' }),
  lastLoginAt: t.expose('lastLoginAt', {
    type: 'DateTime',
    nullable: true,
    description: 'Time of the last sign-in.',
  }),
  locale: t.exposeString('locale', {
    nullable: true,
    description: 'Language of mails, if no language of the request is available (BCP 47).',
  }),
});

export const UserType = builder.objectRef<User>('User').implement({
  description: 'A user account.',
  fields: userFields,
});

export const OtpChallengeType = builder.objectRef<OtpChallenge>('OtpChallenge').implement({
  description: 'A request for a code. It does not reveal whether a code was mailed.',
  fields: (t) => ({
    detail: t.exposeString('detail', { description: 'Human-readable message. Do not parse it.' }),
    expiresIn: t.exposeInt('expiresIn', { description: 'Lifetime of the code in seconds.' }),
    challengeId: t.exposeID('challengeId', {
      description:
        'Identifies this request. Send it with the code. Then a newer request for the address does not invalidate the code, and the first sign-in keeps the password and names of the registration.',
    }),
  }),
});

export const Acknowledgement = builder.objectRef<{ detail: string }>('Acknowledgement').implement({
  description: 'The operation succeeded.',
  fields: (t) => ({
    detail: t.exposeString('detail', { description: 'Human-readable message. Do not parse it.' }),
  }),
});

interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

export const PageInfoType = builder.objectRef<PageInfo>('PageInfo').implement({
  description: 'Pagination information (Relay).',
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', { description: 'Whether there are later rows.' }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', {
      description: 'Whether there are earlier rows.',
    }),
    startCursor: t.exposeString('startCursor', {
      nullable: true,
      description: 'Cursor of the first row. Pass it as `before` to get earlier rows.',
    }),
    endCursor: t.exposeString('endCursor', {
      nullable: true,
      description: 'Cursor of the last row. Pass it as `after` to get later rows.',
    }),
  }),
});
