import type { Statement } from '../ports/sql.ts';

/** A trusted browser as its owner sees it. */
export interface ListedDevice {
  readonly id: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
  readonly ipAddress: string;
  readonly userAgent: string;
  /** Whether it is the browser of the request's session. */
  readonly current: boolean;
}

/** SQL: when the trust in the device `d` ends. A lower `TRUSTED_DEVICE_DAYS` counts at once. */
const end = (days: string) =>
  `least(d.expires_at, d.created_at + make_interval(days => ${days}::int))`;

/** Lists the trusted devices of an account. Values: account, now, days, session of the request. */
export const selectDevices: Statement<ListedDevice> = {
  name: 'select-trusted-devices',
  text: `select d.id, d.created_at as "createdAt", d.last_used_at as "lastUsedAt",
      ${end('$3')} as "expiresAt", d.ip_address as "ipAddress", d.user_agent as "userAgent",
      d.session_id = $4 as current
    from trusted_devices d where d.account_id = $1 and ${end('$3')} > $2
    order by d.last_used_at desc, d.id desc`,
};

/** Locks the device of a cookie. Values: account, hash of the cookie, now, days. */
export const lockDevice: Statement<{ id: string }> = {
  name: 'lock-trusted-device',
  text: `select d.id from trusted_devices d
    where d.account_id = $1 and d.token_hash = $2 and ${end('$4')} > $3 for update`,
};

/** Stores a use. Values: device, new session, now, IP address, user agent. */
export const saveDeviceUse: Statement = {
  name: 'save-trusted-device-use',
  text: `update trusted_devices
    set session_id = $2, last_used_at = $3, ip_address = $4, user_agent = $5 where id = $1`,
};

/**
 * Stores a device of a locked account in place of the one that the browser had, and of the oldest
 * beyond `$9`. Values: device, account, hashes of the new and the former cookie, session, now, expiry,
 * IP address, maximum, user agent.
 */
export const insertDevice: Statement = {
  name: 'insert-trusted-device',
  text: `with oldest as (
      select id from trusted_devices where account_id = $2
      order by created_at desc, id desc offset $9
    ), gone as (
      delete from trusted_devices where token_hash = $4 or id in (select id from oldest)
    )
    insert into trusted_devices (id, account_id, token_hash, session_id, created_at, last_used_at,
      expires_at, ip_address, user_agent)
    values ($1, $2, $3, $5, $6, $6, $7, $8, $10)`,
};

/** Deletes a device. No row if the account has no such device. Values: device, account. */
export const deleteDevice: Statement<{ id: string }> = {
  name: 'delete-trusted-device',
  text: 'delete from trusted_devices where id::text = $1 and account_id = $2 returning id',
};

/**
 * Deletes the devices of an account: only of session `$2`, never of `$3`, and only those that `$4`
 * had, unless null. A device has a newer session once it was used again, so all that were used since
 * the session began may be that of `$4`.
 */
export const deleteDevices: Statement = {
  name: 'delete-trusted-devices',
  text: `delete from trusted_devices
    where account_id = $1 and ($2::text is null or session_id::text = $2)
      and ($3::uuid is null or session_id <> $3)
      and ($4::uuid is null or session_id = $4
        or last_used_at >= (select created_at from sessions where id = $4))`,
};

/** Deletes up to `$1` devices of all accounts. */
export const deleteSomeDevices: Statement<{ id: string }> = {
  name: 'delete-some-trusted-devices',
  text: `delete from trusted_devices
    where id in (select id from trusted_devices order by id limit $1 for update) returning id`,
};
