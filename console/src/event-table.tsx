import { Fragment } from 'preact';
import { useState } from 'preact/hooks';
import type { AuditLogsQuery } from '../../client/generated/graphql.ts';
import { auditEvents } from '../../src/audit/event-types.ts';
import { Badge, Moment } from './parts.tsx';
import { linkTo } from './route.ts';
import { words } from './texts.ts';

export type AuditEvent = NonNullable<AuditLogsQuery['auditLogs']>['edges'][number]['node'];

const descriptions: Readonly<Record<string, string>> = auditEvents;

function toneOf(event: string): string {
  if (/LOCKED$|LIMITED|REUSED|DISABLED|DELETED/.test(event) && event !== 'USER_UNLOCKED')
    return 'bad';
  if (/FAILED$|REVOKED/.test(event)) return 'warn';
  return /SUCCEEDED|VERIFIED|REGISTERED|ENABLED/.test(event) ? 'good' : '';
}

/** Lists events. A button shows the details of one. */
export function EventTable({ rows, isBusy }: { rows: readonly AuditEvent[]; isBusy: boolean }) {
  const [open, setOpen] = useState<string>();
  return (
    <div class="table" aria-busy={isBusy}>
      <table class="events">
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Event</th>
            <th scope="col">Address</th>
            <th scope="col" class="wide">
              IP address
            </th>
            <th scope="col">
              <span class="hidden">Details</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Fragment key={row.id}>
              <Row row={row} isOpen={row.id === open} toggle={setOpen} />
              {row.id === open && (
                <tr class="details">
                  <td colSpan={5}>
                    <Details row={row} />
                  </td>
                </tr>
              )}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly row: AuditEvent;
  readonly isOpen: boolean;
  toggle(id: string | undefined): void;
}

const Row = ({ row, isOpen, toggle }: RowProps) => (
  <tr>
    <td class="time">
      <Moment at={row.createdAt} exact />
    </td>
    <td>
      <Badge tone={toneOf(row.event)}>{words(row.event)}</Badge>
    </td>
    <td class="main">
      {row.email && (
        <a href={linkTo('audit', { email: row.email })} title="Show only this address">
          {row.email}
        </a>
      )}
    </td>
    <td class="wide">{row.ipAddress}</td>
    <td class="end">
      <button
        type="button"
        class="link"
        aria-expanded={isOpen}
        onClick={() => toggle(isOpen ? undefined : row.id)}
      >
        Details<span class="hidden"> of {words(row.event)}</span>
      </button>
    </td>
  </tr>
);

const Details = ({ row }: { row: AuditEvent }) => (
  <dl>
    <dt>Meaning</dt>
    <dd>{descriptions[row.event] ?? words(row.event)}</dd>
    <dt>IP address</dt>
    <dd>{row.ipAddress || '–'}</dd>
    <dt>User agent</dt>
    <dd>{row.userAgent || '–'}</dd>
    <dt>Metadata</dt>
    <dd>
      <pre>{JSON.stringify(row.metadata, null, 2)}</pre>
    </dd>
    <dt>ID</dt>
    <dd>
      <code>{row.id}</code>
    </dd>
  </dl>
);
