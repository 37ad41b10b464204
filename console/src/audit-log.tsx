import { useEffect, useState } from 'preact/hooks';
import type { AuditLogFilter } from '../../client/generated/graphql.ts';
import { auditEvents } from '../../src/audit/event-types.ts';
import { client } from './client.ts';
import { EventTable } from './event-table.tsx';
import { usePages } from './load.ts';
import { Empty, Failure, Field, Heading, Loading, More, Select } from './parts.tsx';
import { linkTo, type Params, replaceRoute } from './route.ts';
import { words } from './texts.ts';

const names: readonly (readonly [string, string])[] = [
  ['', 'Any event'],
  ...Object.keys(auditEvents)
    .sort()
    .map((name) => [name, words(name)] as const),
];

/** Returns when a day starts or ends in the time zone of this device (ISO 8601). */
function timeOf(day: string, isEnd: boolean): string | undefined {
  const time = new Date(`${day}T${isEnd ? '23:59:59.999' : '00:00:00.000'}`);
  return day && !Number.isNaN(time.getTime()) ? time.toISOString() : undefined;
}

/** Lists the audit log, page by page. The URL holds the filter. */
export function AuditLog({ params }: { params: Params }) {
  const { event = '', email = '', from = '', to = '' } = params;
  const filter = {
    ...(event && { event }),
    ...(email && { email }),
    ...(from && { from: timeOf(from, false) }),
    ...(to && { to: timeOf(to, true) }),
  } as AuditLogFilter;
  const list = usePages(JSON.stringify(filter), (after) =>
    client.auditLogs({ first: 50, filter, ...(after && { after }) }),
  );
  const change = (changes: Params) => replaceRoute(linkTo('audit', { ...params, ...changes }));
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <>
      <Heading title="Audit log" lead="Security events of all accounts, the newest first.">
        <button type="button" onClick={list.reload} disabled={list.isLoading}>
          Refresh
        </button>
      </Heading>
      <search class="filters">
        <Address email={email} onChange={(text) => change({ email: text })} />
        <Select
          label="Event"
          value={event}
          options={names}
          onChange={(value) => change({ event: value })}
        />
        <Day label="From" value={from} onChange={(day) => change({ from: day })} />
        <Day label="To" value={to} onChange={(day) => change({ to: day })} />
        {isFiltered && (
          <button type="button" onClick={() => replaceRoute(linkTo('audit'))}>
            Clear
          </button>
        )}
      </search>
      {list.error && <Failure error={list.error} retry={list.reload} />}
      {!list.rows && list.isLoading && <Loading />}
      {list.rows?.length === 0 && (
        <Empty>{isFiltered ? 'No event matches.' : 'No event was recorded yet.'}</Empty>
      )}
      {list.rows && list.rows.length > 0 && <EventTable rows={list.rows} isBusy={list.isLoading} />}
      <More has={list.hasMore} busy={list.isLoading} more={list.more} />
    </>
  );
}

interface AddressProps {
  readonly email: string;
  onChange(email: string): void;
}

/** The filter by a whole address: the log has no search by prefix. Applies on Enter and on blur. */
function Address({ email, onChange }: AddressProps) {
  const [text, setText] = useState(email);
  useEffect(() => setText(email), [email]);
  return (
    <Field label="Address">
      <input
        type="search"
        autocomplete="off"
        spellcheck={false}
        placeholder="ada@example.com"
        value={text}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
        onChange={() => onChange(text.trim())}
      />
    </Field>
  );
}

interface DayProps {
  readonly label: string;
  readonly value: string;
  onChange(day: string): void;
}

const Day = ({ label, value, onChange }: DayProps) => (
  <Field label={label}>
    <input
      type="date"
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  </Field>
);
