import { type ManagedUser, managedColumns } from '../administration/managed-user.ts';
import type { Sql, Statement } from '../ports/sql.ts';
import { AUDIT, type DerivedType } from './webhook-types.ts';

/** An audit event as its row has it. */
interface EventRow {
  readonly id: string;
  readonly event: string;
  readonly email: string;
  readonly accountId: string | null;
  readonly ipAddress: string;
  readonly userAgent: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
}

const readEvent: Statement<EventRow> = {
  name: 'read-event-of-delivery',
  text: `select id, event, email, account_id as "accountId", ip_address as "ipAddress",
      user_agent as "userAgent", metadata, created_at as "createdAt"
    from audit_events where id = $1`,
};

const readUser: Statement<ManagedUser> = {
  name: 'read-user-of-delivery',
  text: `select ${managedColumns} from accounts a where a.id = $1`,
};

/** Why sessions ended or a password changed, by audit event. */
const reasons: Readonly<Record<string, string>> = {
  LOGGED_OUT: 'logout',
  SESSION_REVOKED: 'revoked',
  TOKEN_REUSED: 'token_reused',
  PASSWORD_CHANGED: 'password_changed',
  PASSWORD_RESET: 'password_reset',
  PROFILE_UPDATED: 'password_set',
  EMAIL_CHANGE_UNDONE: 'email_change_undone',
  EMAIL_CHANGED: 'changed',
  FACTOR_ENROLLED: 'factor_enrolled',
  FACTOR_ENROLMENT_UNDONE: 'factor_enrolment_undone',
  FACTORS_RESET: 'factors_reset',
  USER_DISABLED: 'user_disabled',
  USER_DELETED: 'user_deleted',
};

type Data = Readonly<Record<string, unknown>>;

/** A user in the names of REST, as the account is now; null if it is deleted. */
const userData = (user: ManagedUser | undefined): Data | null =>
  user
    ? {
        id: user.id,
        email: user.email,
        email_verified: user.emailVerified,
        has_password: user.hasPassword,
        first_name: user.firstName,
        last_name: user.lastName,
        role: user.role,
        created_at: user.createdAt,
        last_login_at: user.lastLoginAt,
        locale: user.locale,
        has_factor: user.hasFactor,
        status: user.status,
        disabled_at: user.disabledAt,
        metadata: user.metadata,
      }
    : null;

/** Events of which one session stays, or begins: that of the operation. */
const keepsOne = ['PASSWORD_CHANGED', 'FACTOR_ENROLLED', 'FACTORS_RESET'];

/** Returns the session that ended; null means all, except one if given. */
function endedSession({ event, metadata, accountId }: EventRow): Data {
  const { sessionId = null } = metadata;
  const isOne = ['SESSION_REVOKED', 'LOGGED_OUT', 'TOKEN_REUSED'].includes(event);
  return {
    user_id: accountId,
    session_id: isOne ? sessionId : null,
    except_session_id: keepsOne.includes(event) ? sessionId : null,
    reason: reasons[event],
  };
}

const aboutUser = ({ accountId }: EventRow, user: ManagedUser | undefined): Data => ({
  user_id: accountId,
  user: userData(user),
});

const shapes: Readonly<
  Record<DerivedType, (event: EventRow, user: ManagedUser | undefined) => Data>
> = {
  'user.created': aboutUser,
  'user.updated': aboutUser,
  'user.disabled': aboutUser,
  'user.deleted': ({ accountId }) => ({ user_id: accountId }),
  'session.created': ({ accountId, metadata, ipAddress, userAgent }) => ({
    user_id: accountId,
    session_id: metadata.sessionId ?? null,
    ip_address: ipAddress,
    user_agent: userAgent,
  }),
  'session.ended': endedSession,
  'password.changed': ({ accountId, event }) => ({ user_id: accountId, reason: reasons[event] }),
  'email.changed': ({ accountId, event, email, metadata }) => ({
    user_id: accountId,
    email: metadata.to ?? email,
    previous_email: metadata.from ?? null,
    reason: reasons[event],
  }),
};

const auditData = ({ accountId, ipAddress, userAgent, createdAt, ...event }: EventRow): Data => ({
  ...event,
  user_id: accountId,
  ip_address: ipAddress,
  user_agent: userAgent,
  created_at: createdAt,
});

/**
 * Makes the message of a delivery from the audit event, and for `user.…` from the account as it is
 * now. So nothing of a deleted account remains in the deliveries.
 *
 * @returns undefined if the event is not in the audit log any more
 */
export async function messageOf(
  sql: Sql,
  { eventId, type }: { readonly eventId: string; readonly type: string },
): Promise<string | undefined> {
  const [event] = await sql.query(readEvent, [eventId]);
  if (!event) return undefined;
  const needsUser = shapes[type as DerivedType] === aboutUser;
  const [user] = needsUser ? await sql.query(readUser, [event.accountId]) : [];
  const data = type.startsWith(AUDIT) ? auditData(event) : shapes[type as DerivedType](event, user);
  return JSON.stringify({ type, timestamp: event.createdAt, data });
}
