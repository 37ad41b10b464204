import type { EventCountsQuery } from '../../client/generated/graphql.ts';
import { MOST_TALLIED, type TallyPeriod, tallyIntervals } from '../../src/audit/tally-intervals.ts';
import { Chart } from './chart.tsx';
import { client } from './client.ts';
import { useLoad } from './load.ts';
import { Failure, Heading, Loading } from './parts.tsx';
import { linkTo, type Params } from './route.ts';

type Count = NonNullable<NonNullable<EventCountsQuery['eventCounts']>['hours']>[number];

const ranges: Readonly<Record<TallyPeriod, string>> = { hours: '24 hours', days: '30 days' };

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
export function Overview({ params }: { params: Params }) {
  const range: TallyPeriod = params.range === 'days' ? 'days' : 'hours';
  const isHours = range === 'hours';
  const found = useLoad(range, () => client.eventCounts({ hours: isHours, days: !isHours }));
  const counts = found.data?.[range];
  return (
    <>
      <Heading title="Overview" lead="Sign-ins, failures and limits, from the audit log.">
        <nav class="tabs" aria-label="Time">
          {Object.entries(ranges).map(([name, title]) => (
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

function Charts({ counts, range }: { counts: readonly Count[]; range: TallyPeriod }) {
  const { starts } = tallyIntervals(range, Date.now());
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
          most={MOST_TALLIED}
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
