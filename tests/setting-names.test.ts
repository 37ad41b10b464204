import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { isInjected } from '#src/config/environment.ts';
import { readConfig } from '#src/config/load-config.ts';
import { misspelledSettings, unknownVariables } from '#src/config/setting-names.ts';
import { type Setting, settings } from '#src/config/settings.ts';

const names = Object.values<Setting>(settings).map(({ variable }) => variable);
const given = {
  DATABASE_URL: 'postgres://a:b@db/gatehouse',
  REDIS_URL: 'redis://cache:6379/0',
  SECRET_KEY: 'k3J-9fLq_7Zt2mX8vB4nR6wY1cD5hG0s',
};
const read = (variables: Record<string, string>) =>
  readConfig({ ...given, ...variables }, 'development');

it.each([
  ['LIMIT_LOGINS', 'LIMIT_LOGIN'],
  ['SMTP_ULR', 'SMTP_URL'],
  ['SMTP_URI', 'SMTP_URL'],
  ['SMTPURL', 'SMTP_URL'],
  ['smtp_url', 'SMTP_URL'],
  ['DATABSE_URL', 'DATABASE_URL'],
  ['DATABASE-URL', 'DATABASE_URL'],
  ['REDIS_URI', 'REDIS_URL'],
  ['TRUSTED_PROXIES', 'TRUST_PROXY'],
  ['TRUST_PROXYS', 'TRUST_PROXY'],
  ['ALLOWED_HOST', 'ALLOWED_HOSTS'],
  ['ALLOW_HOSTS', 'ALLOWED_HOSTS'],
  ['CORS_ORIGIN', 'CORS_ORIGINS'],
  ['MAIL_FORM', 'MAIL_FROM'],
  ['OTP_SIGN_UP', 'OTP_SIGNUP'],
  ['LOGLEVEL', 'LOG_LEVEL'],
  ['SECRET_KEYS', 'SECRET_KEY'],
  ['SECRET_KEY_PREVIUS', 'SECRET_KEY_PREVIOUS'],
  ['CELERY_BROKER_URLS', 'CELERY_BROKER_URL'],
  ['NODE_ENVS', 'NODE_ENV'],
])('suggests for the variable %s the setting %s', (name, meant) => {
  expect(() => read({ [name]: 'x' })).toThrow(
    new RegExp(`^${name}: unknown setting\\. Did you mean ${meant}\\?$`),
  );
});

it('recognizes every setting with one letter left out, doubled, replaced or swapped', () => {
  const long = names.filter((name) => name.replaceAll('_', '').length > 5);
  const unseen = long.flatMap((name) =>
    Array.from({ length: name.length - 1 }, (_, i) => i).flatMap((i) => {
      const [before, letter, next, after] = [
        name.slice(0, i),
        name[i] ?? '',
        name[i + 1] ?? '',
        name.slice(i + 2),
      ];
      return [
        before + next + after,
        before + letter + letter + next + after,
        `${before}Q${next}${after}`,
        before + next + letter + after,
      ].filter(
        (typed) => !names.includes(typed) && misspelledSettings({ [typed]: 'x' }).length === 0,
      );
    }),
  );
  expect(unseen.filter((typed) => !/^(NODE|POSTGRES|DOCKER|COMPOSE)_/.test(typed))).toEqual([]);
});

/** Names of the variables that other programs set around a process. */
const environments: Record<string, string> = {
  desktop: `BROWSER COLORTERM DBUS_SESSION_BUS_ADDRESS DESKTOP_SESSION DISPLAY EDITOR GDMSESSION
    GNOME_TERMINAL_SCREEN GPG_AGENT_INFO GTK_MODULES HISTSIZE HOME HOSTNAME HOSTTYPE LANG LANGUAGE
    LC_ALL LC_TIME LESS LESSOPEN LOGNAME LS_COLORS MACHTYPE MAIL MANPATH MAILCHECK OLDPWD OSTYPE PAGER
    PATH PS1 PWD QT_ACCESSIBILITY SESSION_MANAGER SHELL SHLVL SSH_AUTH_SOCK SSH_CLIENT SSH_CONNECTION
    SSH_TTY TERM TERM_PROGRAM TMPDIR TZ USER USERNAME VISUAL WAYLAND_DISPLAY WINDOWID XAUTHORITY
    XDG_CONFIG_DIRS XDG_CURRENT_DESKTOP XDG_RUNTIME_DIR XDG_SESSION_ID XMODIFIERS HTTP_PROXY
    HTTPS_PROXY NO_PROXY ALL_PROXY http_proxy https_proxy no_proxy VSCODE_GIT_IPC_HANDLE
    TERM_PROGRAM_VERSION CONDA_DEFAULT_ENV VIRTUAL_ENV JAVA_HOME GOPATH CARGO_HOME host port _`,
  node: `INIT_CWD NODE NODE_OPTIONS NODE_PATH NODE_EXTRA_CA_CERTS NODE_VERSION NODE_COMPILE_CACHE
    npm_config_loglevel npm_config_cache npm_config_node_gyp npm_execpath npm_lifecycle_event
    npm_lifecycle_script npm_node_execpath npm_package_json npm_package_name npm_package_version
    npm_config_user_agent NVM_DIR NVM_BIN YARN_VERSION FORCE_COLOR NO_COLOR COREPACK_HOME VITEST
    VITEST_POOL_ID VITEST_WORKER_ID TEST PROD DEV MODE BASE_URL`,
  systemd: `INVOCATION_ID JOURNAL_STREAM LISTEN_FDS LISTEN_FDNAMES LISTEN_PID MAINPID MANAGERPID
    NOTIFY_SOCKET RUNTIME_DIRECTORY STATE_DIRECTORY CACHE_DIRECTORY LOGS_DIRECTORY
    CONFIGURATION_DIRECTORY CREDENTIALS_DIRECTORY SYSTEMD_EXEC_PID WATCHDOG_PID WATCHDOG_USEC
    SERVICE_RESULT EXIT_CODE EXIT_STATUS MEMORY_PRESSURE_WATCH`,
  github: `CI GITHUB_ACTION GITHUB_ACTIONS GITHUB_ACTOR GITHUB_API_URL GITHUB_BASE_REF GITHUB_ENV
    GITHUB_EVENT_NAME GITHUB_GRAPHQL_URL GITHUB_HEAD_REF GITHUB_JOB GITHUB_OUTPUT GITHUB_PATH
    GITHUB_REF GITHUB_REPOSITORY GITHUB_RUN_ID GITHUB_SERVER_URL GITHUB_SHA GITHUB_TOKEN
    GITHUB_WORKFLOW GITHUB_WORKSPACE RUNNER_ARCH RUNNER_DEBUG RUNNER_NAME RUNNER_OS RUNNER_TEMP
    RUNNER_TOOL_CACHE ACTIONS_CACHE_URL ACTIONS_RUNTIME_TOKEN ACTIONS_ID_TOKEN_REQUEST_URL
    ImageOS ImageVersion AGENT_TOOLSDIRECTORY ANDROID_HOME BOOTSTRAP_HASKELL_NONINTERACTIVE
    CHROMEWEBDRIVER DOTNET_NOLOGO EDGEWEBDRIVER GOROOT_1_21_X64 GRADLE_HOME HOMEBREW_NO_AUTO_UPDATE
    PIPX_HOME POWERSHELL_DISTRIBUTION_CHANNEL SELENIUM_JAR_PATH SWIFT_PATH VCPKG_INSTALLATION_ROOT`,
  gitlab: `CI_API_V4_URL CI_COMMIT_SHA CI_JOB_TOKEN CI_PROJECT_URL CI_REGISTRY CI_SERVER_HOST
    CI_SERVER_PORT CI_SERVER_URL CI_RUNNER_ID GITLAB_CI GITLAB_USER_EMAIL FF_USE_FASTZIP`,
  platforms: `DYNO HEROKU_APP_NAME HEROKU_POSTGRESQL_GOLD_URL DATABASE_PUBLIC_URL REDIS_PUBLIC_URL
    REDIS_TLS_URL REDIS_TEMPORARY_URL DATABASE_POOL_URL POSTGRES_URL POSTGRES_PRISMA_URL KV_URL
    RAILWAY_PUBLIC_DOMAIN RAILWAY_SERVICE_NAME RENDER_EXTERNAL_URL RENDER_SERVICE_ID FLY_APP_NAME
    FLY_REGION PRIMARY_REGION VERCEL_URL AWS_REGION AWS_SECRET_ACCESS_KEY AWS_ACCESS_KEY_ID
    AWS_EXECUTION_ENV ECS_CONTAINER_METADATA_URI K_SERVICE K_REVISION GOOGLE_CLOUD_PROJECT
    WEBSITE_SITE_NAME WEBSITES_PORT IDENTITY_ENDPOINT CONTAINER_APP_PORT NOMAD_ALLOC_ID
    NOMAD_PORT_http VAULT_ADDR VAULT_TOKEN CONSUL_HTTP_ADDR OTEL_EXPORTER_OTLP_HEADERS
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT OTEL_EXPORTER_OTLP_TRACES_ENDPOINT OTEL_METRICS_EXPORTER
    OTEL_LOGS_EXPORTER OTEL_RESOURCE_ATTRIBUTES OTEL_PROPAGATORS OTEL_BSP_MAX_QUEUE_SIZE
    OTEL_TRACES_EXPORTER OTEL_SERVICE_NAME SENTRY_DSN DD_AGENT_HOST NEW_RELIC_APP_NAME`,
  database: `PGDATA PGHOST PGPORT PGUSER PGPASSWORD PGDATABASE PGSSLMODE PG_MAJOR PG_VERSION
    POSTGRES_USER POSTGRES_DB POSTGRES_PASSWORD POSTGRES_HOST REDIS_VERSION REDIS_PASSWORD
    REDISCLI_AUTH SMTP_HOST SMTP_USER MAIL_HOST DB_HOST DATABASE_HOST DATABASE_USER DATABASE_NAME`,
  frameworks: `APP_ENV APP_KEY APP_DEBUG APP_URL SECRET_KEY_BASE RAILS_ENV RACK_ENV FLASK_ENV
    DJANGO_SETTINGS_MODULE DJANGO_SECRET_KEY PYTHONPATH PYTHONUNBUFFERED JWT_SECRET NEXTAUTH_URL
    NEXTAUTH_SECRET SESSION_SECRET API_KEY API_URL CORS_ENABLED CORS_ALLOWED_ORIGINS HOST_IP POD_IP POD_NAME
    POD_NAMESPACE NODE_NAME NODE_IP HTTP_PORT LOG_FORMAT LOG_FILE MAX_CONNECTIONS`,
  kubernetes: `KUBERNETES_PORT KUBERNETES_PORT_443_TCP KUBERNETES_PORT_443_TCP_ADDR
    KUBERNETES_PORT_443_TCP_PORT KUBERNETES_PORT_443_TCP_PROTO KUBERNETES_SERVICE_HOST
    KUBERNETES_SERVICE_PORT KUBERNETES_SERVICE_PORT_HTTPS`,
};

it.each(Object.entries(environments))('starts among the variables of: %s', (_name, text) => {
  const variables = Object.fromEntries(text.split(/\s+/).map((name) => [name, 'x']));
  expect(() => read(variables)).not.toThrow();
});

it('ignores variables that Kubernetes injects for services named like the first word of a setting', () => {
  const words = new Set(names.flatMap((name) => [name.split('_')[0] ?? '', name]));
  for (const service of [...words, 'GATEHOUSE']) {
    const injected = {
      [`${service}_SERVICE_HOST`]: '10.0.0.1',
      [`${service}_SERVICE_PORT`]: '6379',
      [`${service}_SERVICE_PORT_MAIN`]: '6379',
      [`${service}_PORT`]: 'tcp://10.0.0.1:6379',
      [`${service}_PORT_6379_TCP`]: 'tcp://10.0.0.1:6379',
      [`${service}_PORT_6379_TCP_PROTO`]: 'tcp',
      [`${service}_PORT_6379_TCP_PORT`]: '6379',
      [`${service}_PORT_6379_TCP_ADDR`]: '10.0.0.1',
    };
    const { warnings, redisUrl } = read(injected);
    expect([warnings, redisUrl, unknownVariables(injected)]).toEqual([[], given.REDIS_URL, []]);
  }
});

it('does not mistake an address from Kubernetes for a setting of the replaced service', () => {
  const { REDIS_URL: _, ...others } = given;
  const start = () => readConfig({ ...others, REDIS_PORT: 'tcp://10.0.0.1:6379' }, 'production');
  expect(start).toThrow(/REDIS_URL: missing/);
});

it.each([
  ['LIMIT_EVERYTHING', /^LIMIT_EVERYTHING: unknown setting, ignored\. Remove or correct it\.$/],
  ['LIMIT_NOTICES', /^LIMIT_NOTICES: removed in this release and ignored\. Remove it\.$/],
  ['SMTP_PASSWORD', /^SMTP_PASSWORD: ignored\. Set SMTP_URL instead\.$/],
  ['EMAIL_HOST_USER', /^EMAIL_HOST_USER: ignored\. Set SMTP_URL instead\.$/],
  ['REDIS_PASSWORD', /^REDIS_PASSWORD: ignored\. Set REDIS_URL instead\.$/],
])('warns of %s, which resembles a setting and has no effect', (name, line) => {
  if (names.includes(name)) return;
  expect(read({ [name]: 'x' }).warnings).toEqual([expect.stringMatching(line)]);
});

it('names the unknown variables of a .env file in one line', () => {
  const variables = { FOO: '1', port: '1', TZ: 'UTC', POSTGRES_PASSWORD: 'x', PORT: '1' };
  expect(unknownVariables({ ...variables, COMPOSE_PROJECT_NAME: 'x' })).toEqual([
    '.env: unknown settings are ignored: FOO, port (did you mean PORT?). Remove or correct them.',
  ]);
});

it('knows every variable that docker-compose.yml asks its .env file for', () => {
  const text = readFileSync(new URL('../docker-compose.yml', import.meta.url), 'utf8');
  const asked = [...text.matchAll(/\$\{(\w+)/g)].map(([, name = '']) => [name, 'x']);
  expect(asked.length).toBeGreaterThan(4);
  const variables = Object.fromEntries(asked);
  expect([...misspelledSettings(variables), ...unknownVariables(variables)]).toEqual([]);
});

it('distinguishes an injected variable from a setting by its form', () => {
  expect(isInjected('REDIS_PORT', '6379')).toBe(false);
  expect(isInjected('PORT', 'tcp://10.0.0.1:80')).toBe(false);
});
