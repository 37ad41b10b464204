import { auditEvents } from '../audit/event-types.ts';

/** A type of message that is derived from audit events. */
interface WebhookType {
  readonly about: string;
  /** Members of `data`, for the reference. */
  readonly data: string;
  /** SQL: an audit event `e` causes such a message. */
  readonly when: string;
}

const isOneOf = (...names: readonly (keyof typeof auditEvents)[]) =>
  `e.event in (${names.map((name) => `'${name}'`).join(', ')})`;

const verifies = "e.metadata->>'verified' = 'true'";
/** An administrator or an import made the account, so it was a user before. */
const isProvisioned = `coalesce((select provisioned from accounts where id = e.account_id), false)`;
const enrolsFirst = "e.event = 'FACTOR_ENROLLED' and e.metadata->>'first' = 'true'";
const setsPassword = `e.event = 'PROFILE_UPDATED' and e.metadata->'fields' @> '["password"]'`;

const USER_DATA =
  '`user_id user`; `user` has the members of `GET /admin/users/{id}`, up to `metadata`, as of the attempt; null if the user is deleted by then';

/** Types of messages besides those of single audit events. */
export const derivedTypes = {
  'user.created': {
    data: USER_DATA,
    about: 'A user verified the address for the first time, or an administrator created the user.',
    when: `${isOneOf('USER_CREATED')} or ${verifies} and not ${isProvisioned}`,
  },
  'user.updated': {
    data: USER_DATA,
    about: 'The profile, role, status, metadata or address of a user changed.',
    when: `${isOneOf('PROFILE_UPDATED', 'ROLE_CHANGED', 'USER_ENABLED', 'EMAIL_CHANGED', 'EMAIL_CHANGE_UNDONE')}
      or ${verifies} and ${isProvisioned}`,
  },
  'user.deleted': {
    data: '`user_id`',
    about: 'A user was deleted.',
    when: isOneOf('USER_DELETED'),
  },
  'user.disabled': {
    data: USER_DATA,
    about: 'An administrator disabled a user.',
    when: isOneOf('USER_DISABLED'),
  },
  'session.created': {
    data: '`user_id session_id ip_address user_agent`',
    about: 'A user signed in.',
    when: `${isOneOf('OTP_VERIFIED', 'FACTOR_VERIFIED', 'PASSKEY_VERIFIED')} and e.metadata->>'purpose' is null
      and e.metadata->>'sessionId' is not null`,
  },
  'session.ended': {
    data: '`user_id session_id except_session_id reason`; `session_id` is null if all sessions ended, except `except_session_id` if there is one',
    about:
      'One session of a user, or all, ended before the expiry: by a logout, a revocation, a new password, a first or reset second factor, an undone change, or because the user was disabled or deleted.',
    when: `${isOneOf('SESSION_REVOKED', 'LOGGED_OUT', 'TOKEN_REUSED', 'PASSWORD_CHANGED', 'PASSWORD_RESET', 'EMAIL_CHANGE_UNDONE', 'FACTOR_ENROLMENT_UNDONE', 'FACTORS_RESET', 'USER_DISABLED', 'USER_DELETED')}
      or ${enrolsFirst} or ${setsPassword}`,
  },
  'password.changed': {
    data: '`user_id reason`',
    about: 'A user changed or reset the password, or an operator set it.',
    when: `${isOneOf('PASSWORD_CHANGED', 'PASSWORD_RESET')} or ${setsPassword}`,
  },
  'email.changed': {
    data: '`user_id email previous_email reason`',
    about: 'The address of a user changed, or a change was undone.',
    when: isOneOf('EMAIL_CHANGED', 'EMAIL_CHANGE_UNDONE'),
  },
} as const satisfies Record<string, WebhookType>;

export type DerivedType = keyof typeof derivedTypes;

/** Beginning of the type of a message that is one audit event. */
export const AUDIT = 'audit.';

/** All types of messages that a webhook can get. */
export const webhookTypes: readonly string[] = [
  ...Object.keys(derivedTypes),
  ...Object.keys(auditEvents).map((name) => AUDIT + name),
];

/** SQL: the types of the messages about an audit event `e`. */
const typesOf = `array_remove(array[
  ${Object.entries(derivedTypes)
    .map(([type, { when }]) => `case when ${when} then '${type}' end`)
    .join(',\n  ')},
  '${AUDIT}' || e.event], null)`;

/** Days for which a failed delivery is retried. */
export const RETRY_DAYS = 3;

/**
 * SQL that inserts a delivery for each new audit event, type of message, and webhook that wants it.
 * Costs one look at a small table if there are no webhooks.
 *
 * @param events SQL: a table of audit events with `id`, `event`, `metadata` and `account_id`
 */
export const fanOut = (events: string): string => `
  insert into webhook_deliveries (id, webhook_id, event_id, type, retry_until)
  select gen_random_uuid(), w.id, e.id, t.type, now() + make_interval(days => ${RETRY_DAYS})
  from webhooks w, ${events} e, unnest(${typesOf}) t (type)
  where w.disabled_at is null and w.deleted_at is null and t.type = any(w.events)
  on conflict (webhook_id, event_id, type) do nothing`;
