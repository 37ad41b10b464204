import { runDjango } from './django.ts';

/** A user as Django's models name the fields, with a plain password or a stored hash. */
export interface DjangoUser {
  readonly email: string;
  readonly password?: string;
  readonly hasher?: string;
  /** Stored as it is. */
  readonly hash?: string;
  readonly first_name?: string;
  readonly last_name?: string;
  readonly is_active?: boolean;
  readonly is_staff?: boolean;
  readonly date_joined: string;
  readonly last_login?: string;
}

/** An event as drf-otp-auth stores it. */
export type DjangoEvent = readonly [
  ...[event: string, email: string, ip: string, agent: string, metadata: string, at: string],
];

const create = `
from datetime import datetime
from django.core.management import call_command
from django.contrib.auth.models import User
from django.contrib.auth.hashers import make_password
from django.db import connection
call_command('migrate', verbosity=0)
for number, user in enumerate(given['users']):
    hashed = user.pop('hash', None) or make_password(user.pop('password', None), hasher=user.pop('hasher', 'default'))
    for name in ('date_joined', 'last_login'):
        if name in user:
            user[name] = datetime.fromisoformat(user[name])
    User.objects.create(username=str(number), password=hashed, **user)
with connection.cursor() as cursor:
    cursor.execute('''create table audit_auditlog (id integer primary key autoincrement, event varchar(50),
        email varchar(254), ip_address varchar(39), user_agent text, metadata text, created_at datetime)''')
    cursor.executemany('''insert into audit_auditlog (event, email, ip_address, user_agent, metadata, created_at)
        values (%s, %s, %s, %s, %s, %s)''', given['events'])
    cursor.execute('select * from auth_user order by id')
    names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, [str(v) if isinstance(v, datetime) else v for v in row])) for row in cursor]
print(json.dumps(rows))
`;

/** Creates an SQLite file by Django itself. @returns the rows of its table of users */
export const createDjangoDatabase = (
  file: string,
  users: readonly DjangoUser[],
  events: readonly DjangoEvent[] = [],
) => runDjango<Record<string, unknown>[]>(create, { users, events }, file);
