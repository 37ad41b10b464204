import type { EventCountsQuery } from '../../client/generated/graphql.ts';
import { Chart } from './chart.tsx';
import { client } from './client.ts';
import { useLoad } from './load.ts';
import { Failure, Heading, Loading } from './parts.tsx';
import { linkTo } from './route.ts';

type Count = NonNullable<NonNullable<EventCountsQuery['eventCounts']>['hours']>[number];

const HOUR = 3_600_000;

/** What the page shows for a choice of time. */
const ranges = {
  hours: { name: '24 hours', length: HOUR, count: 24 },
  days: { name: '30 days', length: 24 * HOUR, count: 30 },
} as const;

type Range = keyof typeof ranges;

/** Number at which the service stops counting. */
const MOST = 10_000;

const charts = [
  {
    title: 'Sign-ins',
    about: 'Codes verified and addresses registered',
    events: { OTP_VERIFIED: 'Code verified', REGISTERED: 'Registered' },
  },
  {
    title: 'Failures',
    about: 'Wrong passwords, wrong codes and reused tokens',
    events: { LOGIN_FAILED: 'Password', OTP_FAILED: 'Code', TOKEN_REUSED: 'Token' },
  },
  {
    title: 'Limits',
    about: 'Requests limited and clients locked out',
    events: { RATE_LIMITED: 'Rate limit', LOGIN_LOCKED: 'Password lock', OTP_LOCKED: 'Code lock' },
  },
];

const hour = new Intl.DateTimeFormat(undefined, {
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** Charts of sign-ins, failures and limits. */
export function Overview({ params }: { params: Readonly<Record<string, string>> }) {
  const range: Range = params.range === 'days' ? 'days' : 'hours';
  const isHours = range === 'hours';
  const found = useLoad(range, () => client.eventCounts({ hours: isHours, days: !isHours }));
  const counts = found.data?.[range];
  return (
    <>
      <Heading title="Overview" lead="Sign-ins, failures and limits, out of the audit log.">
        <nav class="tabs" aria-label="Time">
          {Object.entries(ranges).map(([name, { name: title }]) => (
            <a
              key={name}
              href={linkTo('', { range: name })}
              aria-current={name === range ? 'true' : undefined}
            >
              {title}
            </a>
          ))}
        </nav>
        <button type="button" onClick={found.reload} disabled={found.isLoading}>
          Refresh
        </button>
      </Heading>
      {found.error && <Failure error={found.error} retry={found.reload} />}
      {!counts && !found.error && <Loading />}
      {counts && <Charts counts={counts} range={range} />}
    </>
  );
}

function Charts({ counts, range }: { counts: readonly Count[]; range: Range }) {
  const { length, count } = ranges[range];
  const end = Math.floor(Date.now() / length + 1) * length;
  const starts = Array.from({ length: count }, (_, index) => end - (count - index) * length);
  const format = range === 'hours' ? hour : day;
  const countOf = (event: string, start: number) =>
    counts.find((each) => each.event === event && Date.parse(each.since) === start)?.count ?? 0;
  return (
    <div class="charts">
      {charts.map(({ title, about, events }) => (
        <Chart
          key={title}
          title={title}
          about={about}
          most={MOST}
          labels={starts.map((start) => format.format(start))}
          series={Object.entries(events).map(([event, name]) => ({
            name,
            values: starts.map((start) => countOf(event, start)),
          }))}
        />
      ))}
    </div>
  );
}
