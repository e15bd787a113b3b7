import type { Statement } from './postgres-client'

/**
 * The statements of the store. `$1` is the desk, `$2` the generation; `status` is `erased` when it is not the live one.
 */

export const openDesk: Statement = {
  operation: 'open the store',
  text: 'select frontbell.open_desk($1) as generation, frontbell.server_incarnation() as incarnation',
}

export const append: Statement = {
  operation: 'append an entry',
  text: `select * from frontbell.append($1, $2::bigint, $3::bigint, $4, $5::bigint, $6, $7::integer, $8::boolean, $9,
    $10, $11::bigint)`,
}

/** Begins with the entry at the version, because the chain is checked from there. */
export const read: Statement = {
  operation: 'read entries',
  text: `select case when d.generation = $2::bigint then 'live' else 'erased' end as status, e.v, e.h, e.t, e.payload
    from frontbell.desk d left join lateral (
      select e.v, e.h, e.t, e.payload from frontbell.entry e
      where e.desk = d.desk and e.generation = $2::bigint and e.v >= $3::bigint order by e.v limit $4::integer
    ) e on true where d.desk = $1 order by e.v`,
}

export const head: Statement = {
  operation: 'read the head',
  text: `select case when not exists (
      select 1 from frontbell.desk d where d.desk = $1 and d.generation <> $2::bigint
    ) then 'live' else 'erased' end as status, p.v, p.h from frontbell.head_of($1, $2::bigint) p`,
}

export const restore: Statement = {
  operation: 'restore entries',
  text: 'select * from frontbell.restore($1, $2::bigint, $3::json, $4::boolean)',
}

export const saveSnapshot: Statement = {
  operation: 'save a snapshot',
  text: `select frontbell.save_snapshot(
    $1, $2::bigint, $3::bigint, $4, $5::bigint, $6::integer, $7, $8::bigint) as status`,
}

export const loadSnapshot: Statement = {
  operation: 'load the snapshot',
  text: `select case when d.generation = $2::bigint then 'live' else 'erased' end as status,
      s.v, s.h, s.t, s.schema, s.state
    from frontbell.desk d
    left join frontbell.snapshot s on s.desk = d.desk and s.generation = $2::bigint where d.desk = $1`,
}

/** Updates nothing, so that there is a commit to wait for. */
export const barrier: Statement = {
  operation: 'pass the barrier',
  text: `update frontbell.desk d set listed = d.listed where d.desk = $1
    returning case when d.generation = $2::bigint then 'live' else 'erased' end as status`,
}

export const heartbeat: Statement = {
  operation: 'send the heartbeat',
  text: 'select * from frontbell.record_heartbeat($1, $2::bigint, $3, $4::bigint, $5::json)',
}

export const eraseDeskStatement: Statement = {
  operation: 'erase the desk',
  text: 'select frontbell.erase_desk($1)',
}

export const listDesksStatement: Statement = {
  operation: 'list the desks',
  text: 'select d.desk from frontbell.desk d where d.listed order by d.desk collate "C"',
}
