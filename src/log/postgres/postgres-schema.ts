import { postgresFunctions } from './postgres-functions'

/**
 * The SQL that makes the tables and functions of the logs, or brings older ones up to date; running it again changes
 * nothing. `migrate` runs it. It needs Postgres 12 or newer and no extension.
 *
 * @param schema - the Postgres schema they live in, of `a-z 0-9 _`; `frontbell` when left out.
 */
export function postgresSchema(schema = 'frontbell'): string {
  return `${tables}${postgresFunctions}`.replaceAll('frontbell.', `${schema}.`).replaceAll('@schema', schema)
}

const tables = `
create schema if not exists @schema;

-- Which generation of a desk is the live one. The row stays when the desk is erased, so that nothing brings it back.
create table if not exists frontbell.desk (
  desk text primary key,
  generation bigint not null default 1,
  listed boolean not null default true
);

-- The log: versions 1, 2, 3 … of each desk. The payload is text and not jsonb, because the hash is one over its bytes.
create table if not exists frontbell.entry (
  desk text not null,
  generation bigint not null,
  v bigint not null,
  h text not null,
  t bigint not null,
  payload text not null,
  primary key (desk, generation, v)
);

-- Until when each node of a desk is known to live, in milliseconds of this server's clock.
create table if not exists frontbell.sign (
  desk text not null,
  generation bigint not null,
  node text not null,
  until bigint not null,
  primary key (desk, generation, node)
);

-- Names this server's life. Unlogged: a crash empties it, and a standby that takes over never had it, so that writers
-- notice either before they write in the place of what may be lost.
create unlogged table if not exists frontbell.life (
  one boolean primary key default true check (one),
  id text not null default md5(random()::text || clock_timestamp()::text)
);

create table if not exists frontbell.snapshot (
  desk text not null,
  generation bigint not null,
  v bigint not null,
  h text not null,
  t bigint not null,
  schema integer not null,
  state text not null,
  primary key (desk, generation)
);
`
