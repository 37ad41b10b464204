import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parse, stringify } from 'yaml';
import { freePort } from '#dev/free-port.ts';
import { environmentVariables } from '#src/config/load-config.ts';
import { type Metric, metrics } from '#src/ports/metrics.ts';
import { newDatabase } from './support/database.ts';
import { startInProduction } from './support/production-process.ts';
import { request } from './support/request.ts';

const root = resolve(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly summary: string; readonly runbook: string };
}

const { groups }: { groups: { rules: Rule[] }[] } = parse(read('ops/prometheus/alerts.yml'));
const rules = groups.flatMap((group) => group.rules);
const dashboard: { panels: { title: string; targets?: { expr: string }[] }[] } = JSON.parse(
  read('ops/grafana/dashboards/gatehouse.json'),
);
const queries = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }) => [title, expr.replaceAll('$__rate_interval', '1m')] as const),
);

const known = new Set<string>();
for (const { name, type } of Object.values<Metric>(metrics)) {
  const suffixes = type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
  for (const suffix of suffixes) known.add(name + suffix);
}

it('alerts and dashboard use metrics that exist, and each of those', () => {
  const all = [...rules, ...queries.map(([, expr]) => ({ expr }))].map(({ expr }) => expr);
  const used = new Set(
    all.flatMap((expr) => expr.match(/\b(gatehouse|process|nodejs)_\w+/g) ?? []),
  );
  expect([...used].filter((name) => !known.has(name))).toEqual([]);
  const unused = [...known].filter((name) => !used.has(name) && !/_(sum|count)$/.test(name));
  expect(unused).toEqual([]);
});

it('names a heading of the guides for each alert', () => {
  for (const { alert, annotations } of rules) {
    const [file = '', anchor] = annotations.runbook.split('#');
    const headings = [...read(`docs/operate/${file}`).matchAll(/^#+ (.+)$/gm)].map(
      ([, heading = '']) =>
        heading
          .toLowerCase()
          .replaceAll(/[^\w -]/g, '')
          .replaceAll(' ', '-'),
    );
    expect(headings, alert).toContain(anchor ?? headings[0]);
  }
});

it('has a row of the runbook for each alert, which leads where the alert leads', () => {
  const rows = read('docs/operate/runbook.md').matchAll(
    /^\| `(Gatehouse\w+)` \|(?: \S[^|]+ \|){2} \[[^\]]+\]\(([^)]+)\) \|$/gm,
  );
  expect(Array.from(rows, ([, alert, target]) => [alert, target])).toEqual(
    rules.map(({ alert, annotations }) => [alert, annotations.runbook.replace('runbook.md', '')]),
  );
});

const isInstalled = spawnSync('prometheus', ['--version']).status === 0;
const isRequired = environmentVariables().REQUIRE_PROMETHEUS === 'true';

/** Debian's Prometheus with the files of `ops/`. */
describe.skipIf(!isInstalled && !isRequired)('with a real Prometheus', () => {
  const database = newDatabase();
  const directory = mkdtempSync(join(tmpdir(), 'gatehouse-prometheus-'));
  beforeAll(() => database.create());
  afterAll(async () => {
    await database.drop();
    rmSync(directory, { recursive: true, force: true });
  });

  it('passes promtool', () => {
    const check = (...args: string[]) =>
      execFileSync('promtool', ['check', ...args], { cwd: root, encoding: 'utf8' });
    expect(check('rules', 'ops/prometheus/alerts.yml')).toContain(`SUCCESS: ${rules.length} rules`);
    expect(check('config', 'ops/prometheus/prometheus.yml')).toContain('is valid');
  });

  /** Starts Prometheus with the given targets. @returns a function that asks its API */
  async function startPrometheus(targets: readonly string[]) {
    const config = parse(read('ops/prometheus/prometheus.yml'));
    const often = '500ms';
    config.global = { scrape_interval: often, scrape_timeout: often, evaluation_interval: often };
    config.rule_files = [join(root, 'ops/prometheus/alerts.yml')];
    for (const [index, target] of targets.entries()) {
      config.scrape_configs[index].static_configs = [{ targets: [target] }];
    }
    const file = join(directory, 'prometheus.yml');
    writeFileSync(file, stringify(config));
    const address = `127.0.0.1:${await freePort()}`;
    const data = join(directory, 'data');
    const options = [`--config.file=${file}`, `--storage.tsdb.path=${data}`];
    const child = spawn('prometheus', [...options, `--web.listen-address=${address}`], {
      stdio: 'ignore',
    });
    onTestFinished(
      () =>
        new Promise<void>((done) => {
          child.once('exit', () => done());
          child.kill('SIGKILL');
        }),
    );
    return async (path: string) => {
      const { status, text } = await request(`http://${address}/api/v1/${path}`);
      expect(status, text).toBe(200);
      return JSON.parse(text).data;
    };
  }

  it('shows data in every panel, evaluates every alert, and raises one', {
    timeout: 60_000,
  }, async () => {
    const [port, metricsPort] = [await freePort(), await freePort()];
    const variables = { DATABASE_URL: database.url, METRICS_PORT: String(metricsPort) };
    // No replica, so the alert about it has a value.
    const serving = { ...variables, PORT: String(port), DATABASE_READ_URL: database.url };
    const server = startInProduction('server', serving);
    const worker = startInProduction('worker', variables);
    await Promise.all([server.ready(), worker.ready()]);
    await request(`http://127.0.0.1:${port}/.well-known/jwks.json`);
    const ask = await startPrometheus([`127.0.0.1:${metricsPort}`, `127.0.0.1:${metricsPort + 1}`]);
    const query = async (expr: string) =>
      (await ask(`query?query=${encodeURIComponent(expr)}`)).result.length;
    const empty = async (all: readonly (readonly [string, string])[]) => {
      const lengths = await Promise.all(all.map(([, expr]) => query(expr)));
      return all.filter((_, index) => lengths[index] === 0).map(([name]) => name);
    };
    const wait = { timeout: 20_000, interval: 300 };
    await expect.poll(() => query('up == 1').catch(() => 0), wait).toBe(2);
    await expect.poll(() => empty(queries), wait).toEqual([]);
    // Without its threshold, each alert has a value. No request got 503.
    const values = rules.map(
      ({ alert, expr }) => [alert, expr.replace(/ (==|>) [\d.* ]+$/, '')] as const,
    );
    await expect.poll(() => empty(values), wait).toEqual(['GatehouseUnavailable']);

    const evaluated = async () => {
      const found = await ask('rules');
      return found.groups[0].rules.map(({ health }: { health: string }) => health);
    };
    await expect.poll(evaluated, wait).toEqual(rules.map(() => 'ok'));
    worker.kill('SIGKILL');
    const raised = async () => JSON.stringify(await ask('alerts'));
    await expect.poll(raised, wait).toContain('"alertname":"GatehouseWorkerDown"');
    expect(await raised()).not.toContain('GatehouseServerDown');
  });
});
